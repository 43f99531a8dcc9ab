"""A problem in the data: where it is, what the cell holds, what is expected."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from ..errors import CompanionError, escaped, most_similar

SHOWN_CHARACTERS = 60
MESSAGE_CHARACTERS = 1000
_LINE = re.compile(r":(\d+)$")

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One finding about the data package.

    `row` counts as a spreadsheet does: the header is row 1, 0 means the whole file. `key` is the
    row's key. `expected` completes "expected …"; `message` adds what helps to correct it. An error
    keeps the package from being used; a warning may be a faithful copy of an odd source.
    """

    file: str
    row: int = 0
    key: str = ""
    column: str = ""
    value: str = ""
    expected: str = ""
    severity: Severity = "error"
    code: str = ""
    message: str = ""

    def __str__(self) -> str:
        place = f"{escaped(self.file)}:{self.row}" if self.row else escaped(self.file)
        names = [printable(self.key), printable(self.column)]
        subject = [*names, f'"{printable(self.value)}"' if self.column else ""]
        head = " ".join([place, *filter(None, subject)])
        mark = "warning: " if self.severity == "warning" else ""
        wanted = f"expected {self.expected}" if self.expected else ""
        said = "; ".join(filter(None, [wanted, self.message]))
        said = said if len(said) <= MESSAGE_CHARACTERS else f"{said[:MESSAGE_CHARACTERS]}…"
        return f"{head}: {mark}{escaped(said)}"


def printable(value: str) -> str:
    """The value in one line of readable characters, shortened."""
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in value)
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[:SHOWN_CHARACTERS]}…"


def of_error(error: CompanionError, file: str, code: str) -> Problem:
    """An error that names its line, as a problem with a file."""
    row = _LINE.search(error.where or "")
    message = "; ".join(filter(None, [error.what, error.hint]))
    return Problem(file, int(row[1]) if row else 0, code=code, message=message)


def to_json(problems: Iterable[Problem]) -> str:
    """The problems as a JSON list of objects, for `--format json`."""
    return json.dumps([asdict(p) for p in problems], ensure_ascii=False, indent=2) + "\n"


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that keep the package from being used."""
    return [p for p in problems if p.severity == "error"]


def did_you_mean(value: str, candidates: Collection[str]) -> str:
    """A question that suggests the candidate most like the value, whatever their case, or ""."""
    near = most_similar(value, candidates)
    return f'did you mean "{near}"?' if near else ""


def root_causes(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without those that follow from another.

    Where cells are split or missing, the row's other cells say nothing; where a file is in another
    encoding, its warnings. A cell has one error, and no warning if it has an error.
    """
    found = list(problems)
    coded = {p.file for p in found if p.code == "encoding"}
    split = {(p.file, p.row) for p in found if p.code == "row-length"}
    wrong = {(p.file, p.row, p.column): p for p in reversed(found) if p.severity == "error"}
    return [
        p
        for p in found
        if not (p.file in coded and p.severity == "warning")
        and (p.code == "row-length" or (p.file, p.row) not in split)
        and (not (p.row and p.column) or wrong.get((p.file, p.row, p.column), p) is p)
    ]
