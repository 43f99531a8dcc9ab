"""Typing errors: cells that contradict their own row, its fragment or the neighbouring rows.

Each is a warning that names file, row and column. Nothing is declared for it but the schema: what a
column is, which words print a code, which columns belong together. A check goes through the rows of
one table, with corrections applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..model import Row
from ..stats.effects import Direction, direction_of, significant
from ..stats.printed import Printed, in_days
from .cell_checks import NUMBER
from .code_words import code_slips, is_worded, vocabulary
from .descriptor import TableSpec
from .numerals import plainly_printed, positions, segment
from .printed_places import PrintedRow, PrintedTables, Slip
from .problems import Problem, printable
from .tolerant_csv import Tables
from .verified import status_slips

Said = Iterator[tuple[str, str]]  # what is expected, and a note
LEAST, MOST = Fraction("0.9"), Fraction("1.12")  # of a duration, in another unit
NULL = {"log": Decimal(1), "identity": Decimal(0)}
_direction_of = lru_cache(maxsize=4096)(direction_of)
_significant = lru_cache(maxsize=4096)(significant)


def slips(
    specs: Iterable[TableSpec], tables: Tables, printed: Mapping[str, str]
) -> Iterator[Problem]:
    """Every slip of the tables; `printed` holds the published cells by their section."""
    specs = list(specs)
    places = PrintedTables(specs, tables, printed)
    for spec in specs:
        yield from slips_of(spec, places)


def slips_of(spec: TableSpec, tables: PrintedTables) -> Iterator[Problem]:
    """Every slip of one table."""
    for rule, check in CHECKS.items():
        for row, column, expected, note in check(spec, tables):
            what = {"severity": "warning", "expected": expected, "message": note}
            table = tables.tables[spec.name]
            yield table.problem(row.number, row.cells, column, code=f"slip/{rule}", **what)


def _order(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """Two figures of one fragment whose columns have them in the other order.

    A level (`95 % CI`) may be printed before or after its limits and is left out, and so is a cell
    with a place of its own: its fragment already says which figure it is.
    """
    levels = {role["level"] for role in spec.roles if "level" in role}
    columns = [
        column
        for column in spec.numbers
        if spec.field(column).get("printed", True) is True
        and column not in {*spec.foreign_keys, *levels}
    ]
    for row in tables.rows(spec.name):
        filled = [c for c in columns if NUMBER.fullmatch(row.get(c))]
        for place, found in row.by_place(filled).items():
            if wrong := _swapped(place.fragment, row.cells, found):
                earlier, column = wrong
                note = f"“{printable(place.fragment)}” prints it before: are the two swapped?"
                yield row, column, f"a figure printed after {earlier} ({row.get(earlier)})", note


def _swapped(fragment: str, cells: Row, columns: Sequence[str]) -> tuple[str, str] | None:
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


def _out_of_order(fragment: str, cells: Row, columns: Sequence[str]) -> tuple[str, str] | None:
    """The first two columns whose figures the fragment prints in the other order."""
    reached, last = -1, ""
    for column in columns:
        starts = [start for start, _ in positions(fragment, cells[column])]
        if starts and starts[-1] <= reached:
            return last, column
        if starts:
            reached, last = next(start for start in starts if start > reached), column
    return None


def _named(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """Figures next to which the words that name their column (`named`) are not printed."""
    for field in (f for f in spec.fields if "named" in f):
        column, words = field["name"], [str(w).casefold() for w in field["named"]]
        for row in tables.rows(spec.name):
            fragment = row.place(column).fragment
            for span in positions(fragment, row.get(column))[:1]:
                around = " ".join(segment(fragment, span)).casefold()
                if not any(word in around for word in words):
                    expected = f"a figure with “{'” or “'.join(words)}” next to it"
                    yield row, column, expected, f"“{printable(fragment)}” has none"


def _effects(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """Directions against the percentages or the estimate, significance against p.

    `when: {measure: [odds-ratio]}` of a role names the values of a column in the rows it is about.
    """
    for role in spec.roles:
        about = [(column, {"", *map(str, v)}) for column, v in role.get("when", {}).items()]
        for row in tables.rows(spec.name):
            if all(row.get(column) in values for column, values in about):
                for said in (*_direction(role, row), *_significance(role, row)):
                    yield row, *said


def _direction(role: Mapping[str, Any], row: PrintedRow) -> Iterator[tuple[str, str, str]]:
    column = role.get("direction", "")
    if not (given := row.get(column)):
        return
    codes = {
        Direction.HIGHER: role.get("higher", "higher"),
        Direction.LOWER: role.get("lower", "lower"),
        Direction.NO_DIFFERENCE: role.get("equal", "no-difference"),
    }
    for found, words in _shown_by(role, row):
        if found is not None and given != codes[found]:
            yield column, codes[found], words
            return


def _shown_by(role: Mapping[str, Any], row: PrintedRow) -> Iterator[tuple[Direction | None, str]]:
    """The directions that figures of the row show, with the figures."""
    arms = [row.get(column) for column in role.get("arms", ())]
    if len(arms) == 2 and all(map(NUMBER.fullmatch, arms)):
        words = f"{role['arms'][0]} is {arms[0]}, {role['arms'][1]} {arms[1]}"
        yield _direction_of(*map(Decimal, arms)), words
    estimate = row.get(role.get("estimate", ""))
    if NUMBER.fullmatch(estimate):
        value, null = Decimal(estimate), NULL[role.get("scale", "log")]
        found = Direction.HIGHER if value > null else Direction.LOWER
        found = Direction.NO_DIFFERENCE if value == null else found
        yield found, f"{role['estimate']} is {estimate}"


def _significance(role: Mapping[str, Any], row: PrintedRow) -> Iterator[tuple[str, str, str]]:
    """Significance that was read from p, against p."""
    column, p = role.get("significant", ""), row.get(role.get("p", ""))
    given, basis = row.get(column), row.get(role.get("significance basis", ""))
    if basis == "none" and given in ("true", "false"):
        yield column, "not-tested or not-stated", f"{role['significance basis']} is “none”"
    if given and NUMBER.fullmatch(p) and basis in ("", "p-value"):
        sign = row.get(role.get("p sign", ""))
        found = _significant(Printed(Decimal(p), operator="" if sign == "=" else sign))
        if found is not None and given != str(found).lower():
            yield column, str(found).lower(), f"p {sign or '='} {p}"


def _links(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """`same as` and `among` of the schema; a code that the article's words confirm is accepted.

    Then links to a row of another study, where both rows name theirs (`begins the key`).
    """
    for field in (f for f in spec.fields if "same as" in f or "among" in f):
        column, words = field["name"], vocabulary(field, spec, tables)
        for row in tables.rows(spec.name):
            if row.get(column) not in ("", *field.get("exempt", ())):
                found = [*_not_the_same(field, row), *_not_among(field, row)]
                if found and not is_worded(words, row, column):
                    yield row, column, *found[0]
    owner = next(iter(spec.owners), "")
    for column in spec.foreign_keys if owner else ():
        for row in tables.rows(spec.name):
            other = tables.row(spec.foreign_keys[column], row.get(column))
            if other and other.spec.foreign_keys.get(owner) == spec.foreign_keys[owner]:
                own, theirs = row.get(owner), other.get(owner)
                if own and theirs not in ("", own):
                    yield row, column, f"a row of {own}", f"this one is of {theirs}"


def _not_the_same(field: Mapping[str, Any], row: PrintedRow) -> Said:
    for path in field.get("same as", ()):
        if row.follow(path) not in ("", row.get(field["name"]), *field.get("exempt", ())):
            yield row.follow(path), f"as {path} has it"


def _not_among(field: Mapping[str, Any], row: PrintedRow) -> Said:
    """The value, if a table does not list it for the row that both tables link to."""
    table, _, path = str(field.get("among", "")).partition(".")
    shared = field.get("by", "study")
    alike = (r for r in row.tables.rows(table) if r.get(shared) == row.get(shared))
    known = {other.follow(path) for other in alike} - {""}
    if known and row.get(field["name"]) not in known:
        yield " or ".join(sorted(known)), f"{table} has no other for {shared} {row.get(shared)}"


def _cells_of_others(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """Rows of one study that are printed in another's row of a table: `table-1/beta-2003/age`.

    A study is what rows name as their owner (`begins the key`), and so do places of single cells.
    """
    names_cell = {"resource", "row", "section"} <= {f["name"] for f in spec.fields}
    for row in tables.rows(spec.name):
        about = tables.row(row.get("resource"), row.get("row")) if names_cell else row
        owners, owner = about.owner if about else ("", "")
        _, named, column = [*row.get("section").split("/", 2), "", ""][:3]
        if owner and column and named != owner and tables.row(owners, named):
            yield row, "section", f"a cell of {owner}", f"this one is of {named}"


def _durations(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """Rows about one thing whose durations differ by more than their unit, without a note."""
    for role in (r for r in spec.roles if "duration" in r):
        column, unit = role["duration"], role["unit"]
        seen: dict[str, tuple[PrintedRow, Fraction]] = {}
        for row in tables.rows(spec.name):
            if not NUMBER.fullmatch(row.get(column)) or row.get("note"):
                continue
            days = in_days(Decimal(row.get(column)), row.get(unit))
            if days is None:
                continue
            other, known = seen.setdefault(row.get(role["of"]), (row, days))
            if not known * LEAST <= days <= known * MOST:
                expected = f"{other.get(column)} {other.get(unit)}, as row {other.key} has"
                yield row, column, expected, "or a note that says why the two places differ"


def _together(spec: TableSpec, tables: PrintedTables) -> Iterator[Slip]:
    """`with`, `without` and `rows in` of the schema, each a mapping of codes.

    `with: {p-value: [p]}`: for the code the columns are filled, or hold the value after a blank
    (`[direction none-reported]`). `without: {none: [estimate]}`: they are empty. `rows in: {table:
    comparisons, by: [study], codes: {true: some, false: none}}`: the other table has rows that
    agree in these columns, or none.
    """
    for field in (f for f in spec.fields if {"with", "without", "rows in"} & set(f)):
        for row in tables.rows(spec.name):
            for said in (*_filled_or_empty(field, row), *_rows(field, row)):
                yield row, field["name"], *said


def _filled_or_empty(field: Mapping[str, Any], row: PrintedRow) -> Said:
    code = row.get(field["name"])
    for entry in field.get("with", {}).get(code, ()):
        column, _, wanted = entry.partition(" ")
        found = row.get(column)
        if not found or (wanted and found != wanted):
            held = f"{column} is {found or 'empty'}"
            yield f"another code, or {wanted or 'a figure'} in {column}", held
    for column in field.get("without", {}).get(code, ()):
        if found := row.get(column):
            yield f"another code, or nothing in {column}", f"{column} is {found}"


def _rows(field: Mapping[str, Any], row: PrintedRow) -> Said:
    rule = field.get("rows in", {})
    wanted = rule.get("codes", {}).get(row.get(field["name"]))
    if wanted is None:
        return
    own, others = list(map(row.get, rule["by"])), row.tables.rows(rule["table"])
    found = "some" if any(list(map(other.get, rule["by"])) == own for other in others) else "none"
    if found != wanted:
        same = " and ".join(f"{column} {row.get(column)}" for column in rule["by"])
        yield "another code", f"{rule['table']} has {found} with {same}"


CHECKS: Mapping[str, Callable[[TableSpec, PrintedTables], Iterator[Slip]]] = {
    "order": _order,
    "named": _named,
    "words": code_slips,
    "effect": _effects,
    "link": _links,
    "place": _cells_of_others,
    "status": status_slips,
    "twice": _durations,
    "together": _together,
}
