"""The order of the figures in a fragment against the order of the columns that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..cell_checks import NUMBER
from ..descriptor import TableSpec
from ..problems import Problem, shown
from .slip_places import Cells, Place, Places, positions, segment

NUMBERS = ("number", "integer")


def named_slips(spec: TableSpec, places: Places) -> Iterator[Problem]:
    """Figures beside which the words that name their column (`named`) do not stand."""
    for field in (f for f in spec.fields if "named" in f):
        column, words = field["name"], [str(w).casefold() for w in field["named"]]
        for number, cells in places.rows(spec.name):
            place = places.place(spec.name, cells, column)
            for span in positions(place.fragment, cells.get(column, ""))[:1]:
                around = " ".join(segment(place.fragment, span)).casefold()
                if not any(word in around for word in words):
                    expected = f"a figure with “{'” or “'.join(words)}” beside it"
                    note = f"“{shown(place.fragment)}” has none"
                    yield places.warn(
                        spec.name, number, cells, column, "named", expected=expected, message=note
                    )


def order_slips(spec: TableSpec, places: Places) -> Iterator[Problem]:
    """Two figures of one fragment that stand the other way round than their columns.

    A level (`95 % CI`) stands before or after its limits and is left out, and so is a cell with a
    place of its own: who gives a figure's own words says which it is.
    """
    levels = {role["level"] for role in spec.roles if "level" in role}
    columns = [
        f["name"]
        for f in spec.fields
        if f.get("type") in NUMBERS
        and f.get("printed", True) is True
        and f["name"] not in {*spec.foreign_keys, *levels}
    ]
    for number, cells in places.rows(spec.name):
        held: dict[Place, list[str]] = {}
        for column in columns:
            if NUMBER.fullmatch(cells.get(column, "")):
                held.setdefault(places.place(spec.name, cells, column), []).append(column)
        for place, found in held.items():
            wrong = _swapped(place.fragment, cells, found)
            if wrong:
                earlier, column = wrong
                expected = f"a figure that stands after {earlier} ({cells[earlier]})"
                note = f"“{shown(place.fragment)}” prints it before: are the two swapped?"
                yield places.warn(
                    spec.name, number, cells, column, "order", expected=expected, message=note
                )


def _swapped(fragment: str, cells: Cells, columns: Sequence[str]) -> tuple[str, str] | None:
    """The first two columns out of order, unless one figure is merely printed elsewhere.

    That is so where the others are in order without it, and exchanging the two mends nothing.
    """
    found = _out_of_order(fragment, cells, columns)
    if found is None:
        return None
    one, other = found
    exchanged = {**cells, one: cells[other], other: cells[one]}
    if _out_of_order(fragment, exchanged, columns) is None:
        return found
    without = ([c for c in columns if c != left] for left in found)
    return found if all(_out_of_order(fragment, cells, rest) for rest in without) else None


def _out_of_order(fragment: str, cells: Cells, columns: Sequence[str]) -> tuple[str, str] | None:
    """The first two columns whose figures the fragment prints in the other order."""
    reached, last = -1, ""
    for column in columns:
        spots = [start for start, _ in positions(fragment, cells[column])]
        if not spots:
            continue
        later = [start for start in spots if start > reached]
        if not later:
            return last, column
        reached, last = later[0], column
    return None
