"""Data that do not validate are not rendered; a state of the data is validated once."""

from __future__ import annotations

from pathlib import Path

from ..errors import CheckFailed
from .cache import keep


def check_data(root: Path, state: str | None) -> None:
    """Raises CheckFailed with one line per problem unless `data/` validates.

    `state` is a digest of the data and of the code that checks them: a state that was found
    without an error is not looked at again, unless it is None.
    """
    passed = root / "build" / "cache" / f"{state[:32]}.valid" if state else None
    if passed is not None and passed.exists():
        return
    from ..data.validate import validate

    problems = [p for p in validate(root / "data") if p.severity == "error"]
    if problems:
        lines = "\n".join(str(problem) for problem in problems)
        raise CheckFailed(f"{lines}\n{len(problems)} problem(s) in data/; nothing was rendered")
    if passed is not None:
        keep(passed, "")
