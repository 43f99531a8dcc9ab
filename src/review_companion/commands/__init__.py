"""The commands: `commands.toml` lists their arguments; the function of the same name runs each.

Heavy imports are inside the functions.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from . import common


class Command(NamedTuple):
    """What a command does, its arguments as argparse takes them, and what runs it."""

    does: str
    takes: Mapping[str, Mapping[str, Any]]
    run: Callable[[argparse.Namespace], int]


def commands(words: Sequence[str] = ()) -> Mapping[str, Command]:
    """Every command; parts other than the report only if the words name none of ours."""
    found = dict(_commands_of(common))
    plain = [w for before, w in pairwise(["", *words]) if before != "--project" and w[:1] != "-"]
    if not plain or plain[0] not in found:
        found |= {name: command for part in common.parts() for name, command in _commands_of(part)}
    return found


def _commands_of(module: ModuleType) -> Iterator[tuple[str, Command]]:
    """The commands in the `commands.toml` of a module's folder, with the modules that run them."""
    table = Path(module.__file__ or "").with_name("commands.toml")
    text = table.read_text("utf-8") if table.is_file() else ""
    for name, declared in tomllib.loads(text).items():
        runs = import_module(f"{module.__package__}.{name}")
        for command, takes in declared.items():
            run = getattr(runs, command.replace("-", "_"))
            yield command, Command(takes.pop("does"), takes, run)
