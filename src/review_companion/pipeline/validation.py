"""Validates the data before a render, once for each state of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CheckFailed
from ..package.problems import Problem, errors
from .inputs import DATA, Inputs, read_inputs

KIND, CHECKED = "valid", "checked"


def checked_once(
    root: Path, shown: str, check: Callable[[Inputs, Cache], list[Problem]]
) -> list[Problem]:
    """What is found in a project; the same project is not looked at again.

    `shown` is how the project's folder is called in the list.
    """
    inputs = read_inputs(root)
    cache = inputs.cache()
    made_from = {"inputs": inputs.everything, "shown": shown}
    return found_once(inputs, cache, CHECKED, made_from, lambda: check(inputs, cache))


def found_once(
    inputs: Inputs,
    cache: Cache,
    kind: str,
    made_from: Mapping[str, Any],
    find: Callable[[], list[Problem]],
) -> list[Problem]:
    """The problems of a kind that `find` gives; of the same `made_from` they are kept.

    `inputs` are those of the project before it was read.
    """
    found = cache.once(kind, made_from, lambda: list(map(asdict, find())), inputs.hold)
    return [Problem(**each) for each in found]


def passed(inputs: Inputs, cache: Cache) -> bool:
    """Whether a render validated these data before; it wrote what follows from them."""
    return cache.find(KIND, {"data": inputs.data}) is not None


def check_data(inputs: Inputs, cache: Cache) -> tuple[str, ...]:
    """What `data/` is warned of; raises CheckFailed with one line per problem unless it validates.

    Data that are known without an error are not looked at again.
    """
    hold = partial(inputs.hold, DATA)
    return tuple(
        cache.once(KIND, {"data": inputs.data}, lambda: _warnings(inputs.root / DATA), hold)
    )


def _warnings(folder: Path) -> list[str]:
    from ..validate import validate

    problems = validate(folder)
    wrong = errors(problems)
    if wrong:
        lines = "\n".join(str(problem) for problem in wrong)
        raise CheckFailed(f"{lines}\n{len(wrong)} problem(s) in data/; nothing was rendered")
    return [str(problem).replace("warning: ", "", 1) for problem in problems]
