"""Data that do not validate are not rendered; a state of the data is validated once."""

from __future__ import annotations

from pathlib import Path

from ..errors import CheckFailed
from .cache import keep


def check_data(root: Path, state: str | None) -> tuple[str, ...]:
    """What `data/` is warned of; raises CheckFailed with one line per problem unless it validates.

    `state` is a digest of the data and of the code that checks them: a state that was found
    without an error is not looked at again, unless it is None.
    """
    passed = root / "build" / "cache" / f"{state[:32]}.valid" if state else None
    if passed is not None and passed.exists():
        return tuple(passed.read_text("utf-8").splitlines())
    from ..package.problems import errors
    from ..validate import validate

    problems = validate(root / "data")
    wrong = errors(problems)
    if wrong:
        lines = "\n".join(str(problem) for problem in wrong)
        raise CheckFailed(f"{lines}\n{len(wrong)} problem(s) in data/; nothing was rendered")
    warnings = tuple(str(problem).replace("warning: ", "", 1) for problem in problems)
    if passed is not None:
        keep(passed, "\n".join(warnings))
    return warnings
