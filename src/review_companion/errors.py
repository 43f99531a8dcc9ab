"""What can go wrong, said so that a reader can mend it."""

from __future__ import annotations


class CompanionError(Exception):
    """Bad use or bad input: what is wrong, where, and what to do about it.

    `where` names a file with row and column, or a notebook with cell and line.
    The command exits with `status`.
    """

    status = 2

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"


class CheckFailed(CompanionError):
    """A check or a verification ran and found something; `what` holds the findings."""

    status = 1
