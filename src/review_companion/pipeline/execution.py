"""Executes the notebooks whose results may have changed, and takes the others from the cache."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CompanionError
from ..evidence.digests import is_for_notebooks, notebook_digest
from ..notebooks.execute import Executed, Task
from ..notebooks.notebook_files import read_notebook
from ..notebooks.parameters import SETS, Value, declared, resolve
from ..package.package import as_type_of, read_defaults
from .inputs import Inputs

KIND, ASKED = "run", "asked"


Answers = Mapping[str, str]  # digests of inputs and of evaluated parts, by what is asked for


@dataclass(frozen=True)
class Work(Task):
    """A notebook to be had in executed form.

    `made_from` and the answers to what it asks for are all that decides it but the program.
    """

    made_from: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parameters:
    """The parameters that a render sets, by notebook, and all of them merged.

    `sets` are the distinct sets of parameters under which the report is evaluated, without the
    defaults: one for each notebook, in which parameters that the render does not set have the
    notebook's own defaults; and `merged`, for tables and figures that no notebook shows. `audited`
    is what a notebook is given that asks for all sets; None where none does.
    """

    by_notebook: dict[str, dict[str, Value]]
    merged: dict[str, Value]
    sets: list[dict[str, Value]]
    audited: str | None


def read_parameters(
    root: Path, notebooks: tuple[str, ...], wanted: Mapping[str, str]
) -> Parameters:
    """Each of those wanted goes to the notebooks that declare it; one may ask for all sets.

    Raises CompanionError for a parameter that no notebook declares, listing those known.
    """
    known = {
        name: {p.name: p for p in declared(read_notebook(root / name), name)} for name in notebooks
    }
    declared_anywhere = {n: p for found in known.values() for n, p in found.items() if n != SETS}
    for name in wanted:
        if name not in declared_anywhere:
            listing = "; ".join(str(p) for _, p in sorted(declared_anywhere.items())) or "none"
            raise CompanionError(f"no notebook has a parameter “{name}”", hint=f"known: {listing}")
    by_notebook = {
        notebook: {n: resolve(found[n], text, notebook) for n, text in wanted.items() if n in found}
        for notebook, found in known.items()
    }
    merged = {key: value for values in by_notebook.values() for key, value in values.items()}
    defaults = read_defaults(root / "data")
    each = [
        {n: p.default for n, p in known[name].items()} | by_notebook[name] for name in notebooks
    ]
    sets: list[dict[str, Value]] = []
    for values in (*each, merged):
        changed = {
            key: v
            for key, v in sorted(values.items())
            if (default := defaults.get(key, v)) != as_type_of(default, v)
        }
        if changed and changed not in sets:
            sets.append(changed)
    asking = [name for name in notebooks if SETS in known[name]]
    for name in asking if sets else ():
        by_notebook[name][SETS] = json.dumps(sets)
    audited = (json.dumps(sets) if sets else "") if asking else None
    return Parameters(by_notebook, merged, sets, audited)


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
