"""Executes the notebooks whose results may have changed, and takes the others from the cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CompanionError
from ..evidence.digests import notebook_digest
from ..notebooks.allowed_reads import guard_for
from ..notebooks.execute import Executed, Task
from ..notebooks.notebook_files import read_notebook
from ..notebooks.parameters import SETS, Parameter, Value, declared, resolve
from .inputs import Inputs

KIND = "run"


@dataclass(frozen=True)
class Work(Task):
    """A notebook to be had in executed form; `made_from` is all that decides it but the program."""

    made_from: Mapping[str, Any] = field(default_factory=dict)


def resolved_parameters(
    root: Path, notebooks: tuple[str, ...], wanted: Mapping[str, str]
) -> dict[str, dict[str, Value]]:
    """For each notebook the values of the wanted parameters that it declares.

    Raises CompanionError for a parameter that no notebook declares, listing those known.
    """
    known = {name: {p.name: p for p in _declared(root, name)} for name in notebooks}
    everywhere = {n: p for found in known.values() for n, p in found.items() if n != SETS}
    for name in wanted:
        if name not in everywhere:
            listing = "; ".join(str(p) for _, p in sorted(everywhere.items())) or "none"
            raise CompanionError(f"no notebook has a parameter “{name}”", hint=f"known: {listing}")
    return {
        notebook: {
            name: resolve(found[name], value, notebook)
            for name, value in wanted.items()
            if name in found
        }
        for notebook, found in known.items()
    }


def parameter_sets(
    root: Path, wanted: Mapping[str, Mapping[str, Value]], known: Mapping[str, Any]
) -> list[dict[str, Value]]:
    """The distinct sets of parameters under which the report is evaluated, the defaults left out.

    `wanted` is what each notebook is told; for the rest its own defaults hold. All that is wanted
    together is the last set: under it stand the tables and figures that no notebook shows.
    `known` are the review's parameters with their defaults.
    """
    each = [
        {p.name: p.default for p in _declared(root, name)} | dict(values)
        for name, values in wanted.items()
    ]
    sets: list[dict[str, Value]] = []
    for values in (*each, {key: v for told in wanted.values() for key, v in told.items()}):
        changed = {key: v for key, v in sorted(values.items()) if v != known.get(key, v)}
        if changed and changed not in sets:
            sets.append(changed)
    return sets


def with_sets(
    root: Path, wanted: Mapping[str, Mapping[str, Value]], sets: list[dict[str, Value]]
) -> dict[str, dict[str, Value]]:
    """The parameters of each notebook; one that asks for the sets of all others gets these too."""
    told = {SETS: json.dumps(sets)} if sets else {}
    return {
        name: {**values, **{k: v for k, v in told.items() if k in _names(root, name)}}
        for name, values in wanted.items()
    }


def _names(root: Path, name: str) -> set[str]:
    return {parameter.name for parameter in _declared(root, name)}


def _declared(root: Path, name: str) -> tuple[Parameter, ...]:
    return declared(read_notebook(root / name), name)


def plan(root: Path, parameters: Mapping[str, Mapping[str, Value]], inputs: Inputs) -> list[Work]:
    """The work on each notebook.

    It shows what its cells make of its parameters and of what it may read (`allowed_reads`).
    """
    return [
        Work(
            root / name,
            name,
            values,
            guard=guard_for(root),
            made_from={
                "name": name,
                "cells": notebook_digest(root / name),
                "parameters": {key: repr(value) for key, value in values.items()},
                "read": inputs.for_notebooks,
            },
        )
        for name, values in parameters.items()
    ]


def from_cache(cache: Cache, works: list[Work]) -> dict[str, str]:
    """The notebooks that were executed before as they would be now."""
    found = {work.name: cache.find(KIND, work.made_from) for work in works}
    return {name: text.decode() for name, text in found.items() if text is not None}


def as_text(executed: Executed) -> str:
    """The executed notebook as it is kept and typeset."""
    return json.dumps(executed.notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
