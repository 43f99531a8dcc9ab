"""What the commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from ..errors import CompanionError

Add = Callable[[argparse.ArgumentParser], None]
Run = Callable[[argparse.Namespace], int]
Commands = dict[str, tuple[Add, Run, str]]


def project_root(arguments: argparse.Namespace) -> Path:
    """The project's folder: `--project`, or at or above the working folder."""
    from ..data.root import find_root

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


def shortest(path: Path) -> Path:
    """The path as a user would write it from here."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path


def no_options(parser: argparse.ArgumentParser) -> None:
    """For a command without options."""
