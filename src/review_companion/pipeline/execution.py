"""Executes the notebooks whose results may have changed, and takes the others from the cache."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..evidence.digests import is_for_notebooks, notebook_digest
from ..notebooks.execute import Executed, Task
from ..notebooks.parameters import Value
from .inputs import Inputs

KIND, ASKED = "run", "asked"


Answers = Mapping[str, str]  # digests of inputs and of evaluated parts, by what is asked for


@dataclass(frozen=True)
class Work(Task):
    """A notebook to be had in executed form.

    `made_from` and the answers to what it asks for are all that decides it but the program.
    """

    made_from: Mapping[str, Any] = field(default_factory=dict)


def plan(root: Path, parameters: Mapping[str, Mapping[str, Value]], inputs: Inputs) -> list[Work]:
    """The work on each notebook.

    It shows what its cells make of its parameters and of what it asks for; it may also look
    whether an input is there.
    """
    names = sorted(filter(is_for_notebooks, inputs.digests))
    return [
        Work(
            root,
            name,
            values,
            made_from={
                "name": name,
                "cells": notebook_digest(root / name),
                "parameters": {key: repr(value) for key, value in values.items()},
                "inputs": names,
            },
        )
        for name, values in parameters.items()
    ]


def from_cache(cache: Cache, works: list[Work], answers: Answers) -> dict[str, str]:
    """The notebooks that, asking for what they did last time, were once answered the same."""
    found = {}
    for work in works:
        asked = cache.find(ASKED, work.made_from)
        known = cache.find(KIND, _answered(work, json.loads(asked), answers)) if asked else None
        if known is not None:
            found[work.name] = known.decode()
    return found


def keep(cache: Cache, work: Work, done: Executed, answers: Answers) -> str:
    """Keeps an executed notebook, as text, with what it asked for; gives the text."""
    text = json.dumps(done.notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    cache.keep(ASKED, work.made_from, json.dumps(done.asked).encode())
    cache.keep(KIND, _answered(work, done.asked, answers), text.encode())
    return text


def _answered(work: Work, asked: Iterable[str], answers: Answers) -> dict[str, Any]:
    return {**work.made_from, "answers": {name: answers.get(name) for name in asked}}
