"""Claims of one line each: `claims.csv`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..data.damage import read_file
from ..data.problems import Problem
from ..data.yaml_files import Written
from ..errors import CompanionError
from .declared import Declared, complete, parted

FILE = "claims.csv"
NEEDED = ("claim", "section", "fragment", "label", "check")
OPTIONAL = ("printed", "because", "basis")
HEADER = f"its first line is {','.join(NEEDED)}"


def read_lines(folder: Path) -> Iterator[tuple[str, Declared | CompanionError]]:
    """Each line's claim by its name, or what is wrong with it; nothing where there is no file.

    Raises CompanionError for a file that is no such table.
    """
    path = folder / FILE
    if not path.exists():
        return
    table, problems = read_file(path, (*NEEDED, *OPTIONAL))
    wrong = [problem for problem in problems if _matters(problem)]
    if wrong or table is None:
        raise _refusal((wrong or problems)[0])
    for number, cells in table.rows:
        try:
            yield cells["claim"], _claim(cells, number)
        except CompanionError as error:
            yield cells["claim"] or f"{FILE}:{number}", error


def _matters(problem: Problem) -> bool:
    optional = {f'the column "{name}" is missing' for name in OPTIONAL}
    return problem.severity == "error" and problem.message not in optional


def _refusal(problem: Problem) -> CompanionError:
    place = f"{FILE}:{problem.row}" if problem.row else FILE
    expected = f"expected {problem.expected}" if problem.expected else ""
    column = f"“{problem.value}”" if problem.value else ""
    what = ": ".join(filter(None, (column, "; ".join(filter(None, (expected, problem.message))))))
    return CompanionError(what, where=place, hint=HEADER)


def _claim(cells: dict[str, str], number: int) -> Declared:
    where = f"{FILE}:{number}"
    given: dict[str, Any] = {k: Written(text.strip(), FILE, number) for k, text in cells.items()}
    if not given["claim"]:
        raise CompanionError("the claim has no name", where=where)
    if not given.get("printed"):
        given["fragment"], given["printed"] = (
            Written(text, FILE, number) for text in parted(given["fragment"], where)
        )
    return complete(Declared(given.pop("claim"), where, **given))
