"""The commands: `commands.toml` says what each takes, and the function of its name runs it.

Heavy imports stand inside the functions.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from . import audit, common, keeping, report


class Command(NamedTuple):
    """What a command does, its arguments as argparse takes them, and what runs it."""

    does: str
    takes: Mapping[str, Mapping[str, Any]]
    run: Callable[[argparse.Namespace], int]


def commands(words: Sequence[str] = ()) -> Mapping[str, Command]:
    """Every command; those of other parts are left out where the words ask for one of ours."""
    found = {name: c for module in (report, keeping, audit) for name, c in _of(module)}
    plain = [w for before, w in pairwise(["", *words]) if before != "--project" and w[:1] != "-"]
    if not plain or plain[0] not in found:
        found |= {name: c for part in common.parts() for name, c in _of(part)}
    return found


def _of(module: ModuleType) -> list[tuple[str, Command]]:
    """The commands that a module runs, as the table in its folder declares them."""
    table = Path(module.__file__ or "").with_name("commands.toml")
    text = table.read_text("utf-8") if table.is_file() else ""
    declared = tomllib.loads(text).get(module.__name__.rpartition(".")[2], {})
    return [
        (name, Command(takes.pop("does"), takes, getattr(module, name.replace("-", "_"))))
        for name, takes in declared.items()
    ]
