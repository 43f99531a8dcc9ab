"""Data that do not validate are not rendered; a state of the data is validated once."""

from __future__ import annotations

from pathlib import Path

from ..cache import Cache
from ..errors import CheckFailed

KIND = "valid"


def check_data(root: Path, cache: Cache | None = None, state: str = "") -> tuple[str, ...]:
    """What `data/` is warned of; raises CheckFailed with one line per problem unless it validates.

    `state` is a digest of the data: one that is known without an error is not looked at again.
    """
    known = cache.find(KIND, {"data": state}) if cache else None
    if known is not None:
        return tuple(known.decode().splitlines())
    from ..package.problems import errors
    from ..validate import validate

    problems = validate(root / "data")
    wrong = errors(problems)
    if wrong:
        lines = "\n".join(str(problem) for problem in wrong)
        raise CheckFailed(f"{lines}\n{len(wrong)} problem(s) in data/; nothing was rendered")
    warnings = tuple(str(problem).replace("warning: ", "", 1) for problem in problems)
    if cache:
        cache.keep(KIND, {"data": state}, "\n".join(warnings).encode())
    return warnings
