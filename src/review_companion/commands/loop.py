"""Commands of the authors' loop: diff, preview."""

from __future__ import annotations

import argparse
import sys

from .common import PARAMETERS, command, option, project_root, project_root_if_any

FORMATS = ("text", "markdown", "html")


@command(
    "diff",
    "what changed between two renders",
    option("old", help="a rendered folder, a companion.html, a project folder or a git revision"),
    option("new", help="likewise"),
    option("--format", choices=FORMATS, default="text", help="form of the list"),
)
def diff(arguments: argparse.Namespace) -> int:
    """Prints what changed; 0 whether or not anything did."""
    from ..diff.changes import compare
    from ..diff.show import FORMATS as SHOW
    from ..diff.sources import snapshot

    root = project_root_if_any(arguments)
    changes = compare(snapshot(arguments.old, root), snapshot(arguments.new, root))
    print(SHOW[arguments.format](changes), end="")
    return 0


@command(
    "preview",
    "serve the report and follow every save",
    option("--port", type=int, default=0, help="default: a free one"),
    option("--no-browser", action="store_true", help="do not open a browser"),
    PARAMETERS,
    option("--edition", default="", metavar="NAME", help="preview another edition"),
)
def preview(arguments: argparse.Namespace) -> int:
    """Serves the report and renders it again after every save, until interrupted."""
    from ..notebook.parameters import parse_assignments
    from ..preview.run import Options, run

    options = Options(
        root=project_root(arguments),
        port=arguments.port,
        open_browser=not arguments.no_browser,
        parameters=parse_assignments(arguments.parameters),
        edition=arguments.edition,
    )
    return run(options, sys.stdout)
