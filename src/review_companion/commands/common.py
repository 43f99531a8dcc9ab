"""What the commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import CompanionError

Run = Callable[[argparse.Namespace], int]
Option = tuple[tuple[str, ...], dict[str, Any]]
Command = tuple[str, tuple[Option, ...], Run]
COMMANDS: dict[str, Command] = {}


def option(*names: str, **settings: Any) -> Option:
    """An argument of a command, as `ArgumentParser.add_argument` takes it."""
    return names, settings


PARAMETERS = option(
    "-P", dest="parameters", action="append", default=[], metavar="name=value",
    help="set a notebook parameter (repeatable)",
)  # fmt: skip


OVERWRITE = option(
    "--overwrite", action="store_true", help="replace a file that stands there with other content"
)


def command(name: str, summary: str, *options: Option) -> Callable[[Run], Run]:
    """Makes a function, which returns an exit status, a command."""

    def register(run: Run) -> Run:
        COMMANDS[name] = (summary, options, run)
        return run

    return register


def project_root(arguments: argparse.Namespace) -> Path:
    """The project's folder: `--project`, or at or above the working folder."""
    from ..package.files import find_root

    if arguments.project is not None and not arguments.project.is_dir():
        raise CompanionError("there is no such folder", where=str(arguments.project))
    root = find_root(arguments.project)
    if arguments.project is not None and root != arguments.project.resolve():
        raise CompanionError(
            "there is no _quarto.yml with a data folder here",
            where=str(arguments.project),
            hint=f"the next project above is {root}",
        )
    return root


def project_root_if_any(arguments: argparse.Namespace) -> Path | None:
    """The same; None where no folder is asked for and none is found."""
    try:
        return project_root(arguments)
    except CompanionError:
        if arguments.project is not None:
            raise
        return None


def shortest(path: Path) -> Path:
    """The path as a user would write it from here."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path
