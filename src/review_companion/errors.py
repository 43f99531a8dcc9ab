"""The errors that users see, in words that say what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable

UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # categories of what a terminal obeys or hides

MOST_NAMES = 2000


class CompanionError(Exception):
    """Bad use or bad input: what is wrong, where, and what to do about it.

    `where` names a file with row and column, or a notebook with cell and line. The command exits
    with `status`. `missing` is the kind of thing ("value", "table" …) that was asked for by a name
    that does not exist.
    """

    status = 2

    def __init__(
        self, what: str, *, where: str | None = None, hint: str | None = None, missing: str = ""
    ) -> None:
        super().__init__(what)
        self.missing = missing
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{escaped(self.where)}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return place + escaped(f"{self.what}{advice}", but="\n\t")


class CheckFailed(CompanionError):
    """A check or a verification ran and found something; `what` holds the findings."""

    status = 1


def escaped(text: str, but: str = "") -> str:
    """The text with what a terminal would obey or hide (line feeds, ESC, bidi marks) as codes."""
    if text.isprintable():
        return text
    unseen = {c for c in text if c not in but and unicodedata.category(c) in UNSEEN}
    return "".join(repr(c)[1:-1] if c in unseen else c for c in text)


def similar_names(name: str, known: Iterable[str], most: int) -> list[str]:
    """The known names that are similar, whatever their case, the nearest first."""
    from difflib import get_close_matches

    folded = {one.casefold(): one for one in known}
    return [folded[one] for one in get_close_matches(name.strip().casefold(), folded, most)]


def most_similar(name: str, known: Iterable[str]) -> str:
    """The known name that is most similar; "" where none is.

    None of very many names either, which would take too long to search.
    """
    names = list(known)
    return "" if len(names) > MOST_NAMES else next(iter(similar_names(name, names, 1)), "")


def missing_in(error: BaseException | None) -> str:
    """What is `missing` in the error with which a chain of errors began."""
    while error is not None:
        if isinstance(error, CompanionError) and error.missing:
            return error.missing
        error = error.__context__
    return ""


def nearest(name: str, known: Iterable[str], listed: str = "known") -> str | None:
    """A hint: the most similar known name, else all of them if they are few."""
    names = list(dict.fromkeys(known))
    if near := most_similar(name, names):
        return f"did you mean “{near}”?"
    return f"{listed}: {listing(names)}" if names else None


def listing(names: Collection[str], most: int = 20) -> str:
    """The names, or the first of them and how many more there are."""
    shown = ", ".join(list(names)[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def require_known(
    name: str, known: Collection[str], what: str, listed: str = "known", missing: str = ""
) -> None:
    """Raises CompanionError for a name that is not among the known ones, with the nearest.

    `what` is the message up to the name, as in "no table is named".
    """
    if name not in known:
        hint = nearest(str(name), known, listed) or f"{listed}: none"
        raise CompanionError(f"{what} “{name}”", hint=hint, missing=missing)
