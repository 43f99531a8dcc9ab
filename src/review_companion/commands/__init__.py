"""The commands: what each takes, and what it calls. Heavy imports stand inside the functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from . import report, exchange, keeping, audit  # isort: skip # noqa: F401 (the order of --help)
from . import parts
from .common import COMMANDS, Command


def commands(words: Sequence[str] = ()) -> Mapping[str, Command]:
    """Every command; those of other parts are left out where the words ask for one of ours."""
    plain = [w for before, w in pairwise(["", *words]) if before != "--project" and w[:1] != "-"]
    if not plain or plain[0] not in COMMANDS:
        parts.parts()
    return COMMANDS
