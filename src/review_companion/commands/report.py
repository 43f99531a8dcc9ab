"""Commands on the report as a whole: check, render."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import CompanionError
from .common import Commands, project_root, shortest


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, help="a data package (default: data/)")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def check(arguments: argparse.Namespace) -> int:
    """Prints one line per problem; 1 if one of them is an error."""
    from ..data.problems import errors, to_json
    from ..data.validate import validate

    folder = arguments.folder or project_root(arguments) / "data"
    if not folder.is_dir():
        raise CompanionError("there is no such folder", where=str(folder))
    problems = validate(shortest(folder))
    if arguments.format == "json":
        print(to_json(problems), end="")
    else:
        print(*problems, sep="\n", end="\n" if problems else "")
        print(f"{len(errors(problems))} error(s), {len(problems) - len(errors(problems))} warning(s)")
    return 1 if errors(problems) else 0


def _render_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-P", dest="parameters", action="append", default=[], metavar="name=value",
        help="set a notebook parameter (repeatable)",
    )  # fmt: skip
    parser.add_argument("--engine", choices=("embedded", "quarto"), default="embedded")
    parser.add_argument("--out", type=Path, help="folder to publish into")
    parser.add_argument("--edition", default="", metavar="NAME", help="render another edition")
    parser.add_argument("--jobs", type=int, help="notebooks executed at a time")
    parser.add_argument("--no-cache", action="store_true", help="execute every notebook")
    parser.add_argument("--quiet", action="store_true", help="print nothing but problems")


def render(arguments: argparse.Namespace) -> int:
    """Renders the report and says where it is."""
    from ..build.progress import Printer
    from ..build.render import Settings
    from ..build.render import render as render_report
    from ..notebook.parameters import parse_assignments

    settings = Settings(
        root=project_root(arguments),
        parameters=parse_assignments(arguments.parameters),
        engine=arguments.engine,
        edition=arguments.edition,
        out=arguments.out.resolve() if arguments.out else None,
        jobs=arguments.jobs,
        use_cache=not arguments.no_cache,
    )
    printer = Printer(sys.stderr, quiet=arguments.quiet)
    report = render_report(settings, printer)
    printer.summary(report.unchanged, report.executed, report.cached, report.seconds)
    if not arguments.quiet:
        print(shortest(report.folder) / "companion.html")
    return 0


COMMANDS: Commands = {
    "check": (_check_options, check, "validate the data, one line per problem"),
    "render": (_render_options, render, "validate, execute what changed, render and publish"),
}
