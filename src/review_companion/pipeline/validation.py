"""Validates the data before a render, once for each state of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CheckFailed
from ..package.problems import Problem, errors, to_json
from .inputs import Inputs, data_digest, project_cache, read_inputs

KIND, CHECKED = "valid", "checked"


def checked_once(root: Path, shown: str, check: Callable[[Cache], list[Problem]]) -> list[Problem]:
    """What is found in a project; the same project is not looked at again.

    `shown` is how the project's folder is called in the list.
    """
    inputs = read_inputs(root)
    cache = project_cache(root, inputs)
    made_from = {"inputs": inputs.everything, "shown": shown}
    return found_once(root, inputs, cache, CHECKED, made_from, lambda: check(cache))


def found_once(
    root: Path,
    inputs: Inputs,
    cache: Cache,
    kind: str,
    made_from: Mapping[str, Any],
    find: Callable[[], list[Problem]],
) -> list[Problem]:
    """The problems of a kind that `find` gives; of the same `made_from` they are kept.

    `inputs` are those of the project before it was read.
    """
    known = cache.find(kind, made_from)
    if known is not None:
        return [Problem(**each) for each in json.loads(known)]
    problems = find()
    if read_inputs(root).everything == inputs.everything:  # nothing was saved meanwhile
        cache.keep(kind, made_from, to_json(problems).encode())
    return problems


def passed(cache: Cache, state: str) -> bool:
    """Whether a render validated data of this digest before; it wrote what follows from them."""
    return cache.find(KIND, {"data": state}) is not None


def check_data(root: Path, cache: Cache, state: str) -> tuple[str, ...]:
    """What `data/` is warned of; raises CheckFailed with one line per problem unless it validates.

    `state` is a digest of the data: one that is known without an error is not looked at again.
    """
    known = cache.find(KIND, {"data": state})
    if known is not None:
        return tuple(known.decode().splitlines())
    from ..validate import validate

    problems = validate(root / "data")
    wrong = errors(problems)
    if wrong:
        lines = "\n".join(str(problem) for problem in wrong)
        raise CheckFailed(f"{lines}\n{len(wrong)} problem(s) in data/; nothing was rendered")
    warnings = tuple(str(problem).replace("warning: ", "", 1) for problem in problems)
    if data_digest(root) == state:  # nothing was saved meanwhile
        cache.keep(KIND, {"data": state}, "\n".join(warnings).encode())
    return warnings
