"""What the commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import CompanionError


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
