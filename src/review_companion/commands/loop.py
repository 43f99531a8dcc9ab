"""Commands of the authors' loop: diff, preview."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import CompanionError
from .common import Commands, project_root

FORMATS = ("text", "markdown", "html")


def _diff_options(parser: argparse.ArgumentParser) -> None:
    what = "a rendered folder, a companion.html, a project folder or a git revision"
    parser.add_argument("old", help=what)
    parser.add_argument("new", help="likewise")
    parser.add_argument("--format", choices=FORMATS, default="text", help="form of the list")


def diff(arguments: argparse.Namespace) -> int:
    """Prints what changed; 0 whether or not anything did."""
    from ..diff.changes import compare
    from ..diff.show import FORMATS as SHOW
    from ..diff.sources import snapshot

    try:
        root: Path | None = project_root(arguments)
    except CompanionError:
        root = None
    changes = compare(snapshot(arguments.old, root), snapshot(arguments.new, root))
    print(SHOW[arguments.format](changes), end="")
    return 0


def _preview_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument(
        "-P", dest="parameters", action="append", default=[], metavar="name=value",
        help="set a notebook parameter (repeatable)",
    )  # fmt: skip
    parser.add_argument("--edition", default="", metavar="NAME", help="preview another edition")


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


COMMANDS: Commands = {
    "diff": (_diff_options, diff, "what changed between two renders"),
    "preview": (_preview_options, preview, "serve the report and follow every save"),
}
