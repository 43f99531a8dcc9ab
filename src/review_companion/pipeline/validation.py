"""Validates the data before a render, once for each state of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ..cache import FOLDER, Cache
from ..errors import CheckFailed
from ..package.problems import Problem, errors, to_json
from .inputs import data_digest, read_inputs

KIND, CHECKED = "valid", "checked"


def checked_once(root: Path, shown: str, check: Callable[[Cache], list[Problem]]) -> list[Problem]:
    """What is found in a project; the same project is not looked at again.

    `shown` is how the project's folder is called in the list.
    """
    inputs = read_inputs(root)
    cache = Cache(root / FOLDER, inputs.code)
    made_from = {"inputs": inputs.everything, "shown": shown}
    known = cache.find(CHECKED, made_from)
    if known is not None:
        return [Problem(**each) for each in json.loads(known)]
    problems = check(cache)
    if read_inputs(root).everything == inputs.everything:  # nothing was saved meanwhile
        cache.keep(CHECKED, made_from, to_json(problems).encode())
    return problems


def passed(cache: Cache, state: str) -> bool:
    """Whether a render validated data of this digest before; it wrote what follows from them."""
    return cache.find(KIND, {"data": state}) is not None


def check_data(root: Path, cache: Cache | None = None, state: str = "") -> tuple[str, ...]:
    """What `data/` is warned of; raises CheckFailed with one line per problem unless it validates.

    `state` is a digest of the data: one that is known without an error is not looked at again.
    """
    known = cache.find(KIND, {"data": state}) if cache else None
    if known is not None:
        return tuple(known.decode().splitlines())
    from ..validate import validate

    problems = validate(root / "data")
    wrong = errors(problems)
    if wrong:
        lines = "\n".join(str(problem) for problem in wrong)
        raise CheckFailed(f"{lines}\n{len(wrong)} problem(s) in data/; nothing was rendered")
    warnings = tuple(str(problem).replace("warning: ", "", 1) for problem in problems)
    if cache and data_digest(root) == state:  # nothing was saved meanwhile
        cache.keep(KIND, {"data": state}, "\n".join(warnings).encode())
    return warnings
