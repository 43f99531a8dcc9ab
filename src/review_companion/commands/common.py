"""What the commands share: the project's folder, and the parts of the program.

A part, such as the journal club, is an entry point of the group `review_companion.parts` that names
a module. It may have commands, declared in the `commands.toml` of its folder, and a function
`problems(root)`: further problems for `companion check` if the data have no error.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

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


GROUP = "review_companion.parts"


@cache
def parts() -> tuple[ModuleType, ...]:
    """The modules of the parts that are installed, in the order of their names."""
    from importlib.metadata import entry_points

    return tuple(point.load() for point in sorted(entry_points(group=GROUP)))


def each(function: str, *arguments: Any) -> Iterator[Any]:
    """The function of this name, from each part that has it."""
    for part in parts():
        if hasattr(part, function):
            yield getattr(part, function)(*arguments)
