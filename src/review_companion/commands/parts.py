"""Parts of the program that the report works without, such as the journal club.

A part is an entry point of the group `review_companion.parts` that names a module. It may have
commands, which a `commands.toml` beside it declares, and a function `problems(root)`: what
`companion check` says besides, of data without an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

GROUP = "review_companion.parts"


@cache
def parts() -> tuple[ModuleType, ...]:
    """The modules of the parts that are installed, in the order of their names."""
    from importlib.metadata import entry_points

    return tuple(point.load() for point in sorted(entry_points(group=GROUP)))


def each(function: str, *arguments: Any) -> Iterator[Any]:
    """What the function of this name gives, of each part that has it."""
    for part in parts():
        if hasattr(part, function):
            yield getattr(part, function)(*arguments)
