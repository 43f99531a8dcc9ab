"""Typing errors: cells that contradict their own row, its fragment or the neighbouring rows.

Each is a warning that names file, row and column. Nothing is declared for it but the schema: what a
column is, which words print a code, which columns belong together. A check goes through the rows of
one table, with corrections applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ..stats.effects import Direction, direction_of, significant
from ..stats.printed import Printed
from .cell_checks import NUMBER
from .code_words import code_slips, is_worded, vocabulary
from .descriptor import TableSpec
from .numerals import plainly_printed, positions, segment
from .printed_places import Cells, PrintedPlaces, Slip
from .problems import Problem, printable
from .tolerant_csv import Tables

SlipCheck = Callable[[TableSpec, PrintedPlaces], Iterator[Slip]]
Expectation = Iterator[tuple[str, str]]  # what is expected, and a note
NUMBERS = ("number", "integer")
NULL = {"log": Decimal(1), "identity": Decimal(0)}
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def slips(
    specs: Iterable[TableSpec], tables: Tables, printed: Mapping[str, str]
) -> Iterator[Problem]:
    """Every slip of the tables; `printed` holds the published cells by their section."""
    specs = list(specs)
    places = PrintedPlaces(tables, {s.name: s.foreign_keys for s in specs}, printed)
    for spec in specs:
        yield from slips_of(spec, places)


def slips_of(spec: TableSpec, places: PrintedPlaces) -> Iterator[Problem]:
    """Every slip of one table."""
    for rule, check in CHECKS.items():
        for (number, cells), column, expected, note in check(spec, places):
            what = {"severity": "warning", "expected": expected, "message": note}
            table = places.tables[spec.name]
            yield table.problem(number, cells, column, code=f"slip/{rule}", **what)


def _order(spec: TableSpec, places: PrintedPlaces) -> Iterator[Slip]:
    """Two figures of one fragment whose columns have them in the other order.

    A level (`95 % CI`) may be printed before or after its limits and is left out, and so is a cell
    with a place of its own: its fragment already says which figure it is.
    """
    levels = {role["level"] for role in spec.roles if "level" in role}
    columns = [
        f["name"]
        for f in spec.fields
        if f.get("type") in NUMBERS
        and f.get("printed", True) is True
        and f["name"] not in {*spec.foreign_keys, *levels}
    ]
    for row in places.rows(spec.name):
        cells = row[1]
        filled = [c for c in columns if NUMBER.fullmatch(cells.get(c, ""))]
        for place, found in places.by_place(spec.name, cells, filled).items():
            if wrong := _swapped(place.fragment, cells, found):
                earlier, column = wrong
                note = f"“{printable(place.fragment)}” prints it before: are the two swapped?"
                yield row, column, f"a figure printed after {earlier} ({cells[earlier]})", note


def _swapped(fragment: str, cells: Cells, columns: Sequence[str]) -> tuple[str, str] | None:
    """The first two columns out of order, unless one figure is merely printed elsewhere.

    That is so where the others are in order without it, and exchanging the two would not help.
    """
    plain = iter(plainly_printed(fragment))
    if all(cells[column] in plain for column in columns):  # one after the other, as most are
        return None
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
        starts = [start for start, _ in positions(fragment, cells[column])]
        if starts and starts[-1] <= reached:
            return last, column
        if starts:
            reached, last = next(start for start in starts if start > reached), column
    return None


def _named(spec: TableSpec, places: PrintedPlaces) -> Iterator[Slip]:
    """Figures next to which the words that name their column (`named`) are not printed."""
    for field in (f for f in spec.fields if "named" in f):
        column, words = field["name"], [str(w).casefold() for w in field["named"]]
        for row in places.rows(spec.name):
            fragment = places.place(spec.name, row[1], column).fragment
            for span in positions(fragment, row[1].get(column, ""))[:1]:
                around = " ".join(segment(fragment, span)).casefold()
                if not any(word in around for word in words):
                    expected = f"a figure with “{'” or “'.join(words)}” next to it"
                    yield row, column, expected, f"“{printable(fragment)}” has none"


def _effects(spec: TableSpec, places: PrintedPlaces) -> Iterator[Slip]:
    """Directions against the percentages or the estimate, significance against p."""
    for role in spec.roles:
        for row in (row for row in places.rows(spec.name) if _is_about(role, row[1])):
            for said in (*_direction(role, row[1]), *_significance(role, row[1])):
                yield row, *said


def _is_about(role: Mapping[str, Any], cells: Cells) -> bool:
    """Whether a role is about a row: `when: {measure: [odds-ratio]}` names values of a column."""
    wanted = role.get("when", {}).items()
    return all(cells.get(column, "") in ("", *map(str, values)) for column, values in wanted)


def _direction(role: Mapping[str, Any], cells: Cells) -> Iterator[tuple[str, str, str]]:
    given = cells.get(column := role.get("direction", ""), "")
    if not given:
        return
    codes = {
        role.get("higher", "higher"): Direction.HIGHER,
        role.get("lower", "lower"): Direction.LOWER,
        role.get("equal", "no-difference"): Direction.NO_DIFFERENCE,
    }
    for found, words in _shown_by(role, cells):
        if found is not None and found is not codes.get(given):
            yield column, next(code for code, each in codes.items() if each is found), words
            return


def _shown_by(role: Mapping[str, Any], cells: Cells) -> Iterator[tuple[Direction | None, str]]:
    """The directions that figures of the row show, with the figures."""
    arms = [cells.get(c, "") for c in role.get("arms", ())]
    if len(arms) == 2 and all(map(NUMBER.fullmatch, arms)):
        words = f"{role['arms'][0]} is {arms[0]}, {role['arms'][1]} {arms[1]}"
        yield _compared(*arms), words
    estimate = cells.get(role.get("estimate", ""), "")
    if NUMBER.fullmatch(estimate):
        value, null = Decimal(estimate), NULL[role.get("scale", "log")]
        found = Direction.HIGHER if value > null else Direction.LOWER
        yield (
            Direction.NO_DIFFERENCE if value == null else found,
            f"{role['estimate']} is {estimate}",
        )


@lru_cache(maxsize=4096)
def _compared(one: str, other: str) -> Direction | None:
    return direction_of(Decimal(one), Decimal(other))


def _significance(role: Mapping[str, Any], cells: Cells) -> Iterator[tuple[str, str, str]]:
    """Significance that was read from p, against p."""
    column, p = role.get("significant", ""), cells.get(role.get("p", ""), "")
    given, basis = cells.get(column, ""), cells.get(role.get("significance basis", ""), "")
    if basis == "none" and given in ("true", "false"):
        yield column, "not-tested or not-stated", f"{role['significance basis']} is “none”"
    if not given or not NUMBER.fullmatch(p) or basis not in ("", "p-value"):
        return
    sign = cells.get(role.get("p sign", ""), "")
    found = _is_significant(p, "" if sign == "=" else sign)
    if found is not None and given != str(found).lower():
        yield column, str(found).lower(), f"p {sign or '='} {p}"


@lru_cache(maxsize=4096)
def _is_significant(p: str, sign: str) -> bool | None:
    return significant(Printed(Decimal(p), operator=sign))


def _links(spec: TableSpec, places: PrintedPlaces) -> Iterator[Slip]:
    """`same as` and `among` of the schema; a code that the article's words confirm is accepted."""
    for field in (f for f in spec.fields if "same as" in f or "among" in f):
        column, words = field["name"], vocabulary(field, spec, places)
        for row in places.rows(spec.name):
            value = row[1].get(column, "")
            if not value or value in field.get("exempt", ()):
                continue
            found = [
                *_not_the_same(field, spec, row[1], places),
                *_not_among(field, row[1], places),
            ]
            if found and not is_worded(words, spec, row[1], column, places):
                yield row, column, *found[0]
    yield from _other_study(spec, places)


def _not_the_same(
    field: Mapping[str, Any], spec: TableSpec, cells: Cells, places: PrintedPlaces
) -> Expectation:
    for path in field.get("same as", ()):
        other = places.follow(spec.name, cells, path)
        if other and other != cells[field["name"]] and other not in field.get("exempt", ()):
            yield other, f"as {path} has it"


def _not_among(field: Mapping[str, Any], cells: Cells, places: PrintedPlaces) -> Expectation:
    """The value, if a table does not list it for the row that both tables link to."""
    table, _, path = str(field.get("among", "")).partition(".")
    shared = field.get("by", "study")
    known = {
        places.follow(table, row, path)
        for _, row in places.rows(table)
        if row.get(shared) == cells.get(shared)
    } - {""}
    if known and cells[field["name"]] not in known:
        yield (
            " or ".join(sorted(known)),
            f"{table} has no other for {shared} {cells.get(shared, '')}",
        )


def _other_study(spec: TableSpec, places: PrintedPlaces) -> Iterator[Slip]:
    """Links to a row of another study, where both rows name their study (`begins the key`)."""
    own = next((f["name"] for f in spec.fields if "begins the key" in f), "")
    wanted = spec.foreign_keys.get(own)
    for column, target in spec.foreign_keys.items() if wanted else ():
        for row in (
            places.rows(spec.name) if places.links.get(target, {}).get(own) == wanted else ()
        ):
            other = places.follow(spec.name, row[1], f"{column}.{own}")
            if row[1].get(own) and other not in ("", row[1][own]):
                yield row, column, f"a row of {row[1][own]}", f"this one is of {other}"


def _durations(spec: TableSpec, places: PrintedPlaces) -> Iterator[Slip]:
    """Rows about one thing whose durations differ by more than their unit, without a note."""
    for role in (r for r in spec.roles if "duration" in r):
        column, seen = role["duration"], dict[str, tuple[Cells, Decimal]]()
        for row in places.rows(spec.name):
            days = _days(row[1], column, role["unit"])
            if not days or row[1].get("note"):
                continue
            other, known = seen.setdefault(row[1].get(role["of"], ""), (row[1], days))
            if not Decimal("0.9") <= days / known <= Decimal("1.12"):
                key = next(iter(other.values()))
                expected = f"{other[column]} {other[role['unit']]}, as row {key} has"
                yield row, column, expected, "or a note that says why the two places differ"


def _days(cells: Cells, column: str, unit: str) -> Decimal:
    value, days = cells.get(column, ""), DAYS.get(cells.get(unit, ""), 0)
    return Decimal(value) * days if NUMBER.fullmatch(value) else Decimal(0)


def _together(spec: TableSpec, places: PrintedPlaces) -> Iterator[Slip]:
    """`with`, `without` and `rows in` of the schema, each a mapping of codes.

    `with: {p-value: [p]}`: for the code the columns are filled, or hold the value after a blank
    (`[direction none-reported]`). `without: {none: [estimate]}`: they are empty. `rows in: {table:
    comparisons, by: [study], codes: {true: some, false: none}}`: the other table has rows that
    agree in these columns, or none.
    """
    for field in (f for f in spec.fields if {"with", "without", "rows in"} & set(f)):
        for row in places.rows(spec.name):
            for said in (*_filled_or_empty(field, row[1]), *_rows(field, row[1], places)):
                yield row, field["name"], *said


def _filled_or_empty(field: Mapping[str, Any], cells: Cells) -> Expectation:
    code = cells.get(field["name"], "")
    for entry in field.get("with", {}).get(code, ()):
        column, _, wanted = entry.partition(" ")
        found = cells.get(column, "")
        if not found or (wanted and found != wanted):
            held = f"{column} is {found or 'empty'}"
            yield f"another code, or {wanted or 'a figure'} in {column}", held
    for column in field.get("without", {}).get(code, ()):
        if cells.get(column, ""):
            yield f"another code, or nothing in {column}", f"{column} is {cells[column]}"


def _rows(field: Mapping[str, Any], cells: Cells, places: PrintedPlaces) -> Expectation:
    rule = field.get("rows in", {})
    wanted = rule.get("codes", {}).get(cells.get(field["name"], ""))
    if wanted is None:
        return
    rows = [row for _, row in places.rows(rule["table"])]
    found = "some" if any(all(r[c] == cells[c] for c in rule["by"]) for r in rows) else "none"
    if found != wanted:
        same = " and ".join(f"{column} {cells[column]}" for column in rule["by"])
        yield "another code", f"{rule['table']} has {found} with {same}"


CHECKS: Mapping[str, SlipCheck] = {
    "order": _order,
    "named": _named,
    "words": code_slips,
    "effect": _effects,
    "link": _links,
    "twice": _durations,
    "together": _together,
}
