"""Functions of selections, sets and numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..errors import listing, require_known
from ..package.cell_checks import folded
from ..package.yaml_nodes import TRUTH
from ..stats.rounding import Interval, matches
from . import operations
from .frames import Path, Reads, RowRef, Rows, equal_rows, follow
from .functions import function
from .parse import PARAMETERS, ExpressionError
from .walk import Term, Walk

REPEATED = ("resource", "row", "column", "number")  # the role of rows that repeat a cell

ROWS, SETS, NUMBERS = "Rows and columns", "Sets and lists", "Numbers"
TRUTHS, TEXTS = "True, false, open", "Words and places"


@function(ROWS, method=True)
def count(walk: Walk, rows: Term) -> int | None:
    """How many rows a selection has; of a `for`, for how many it holds (open if that is open)."""
    if rows.is_loop:
        found = list(walk.each(rows, Walk.truth))
        return None if None in found else sum(map(bool, found))
    chosen = walk.value(rows)
    if not isinstance(chosen, Rows):
        raise ExpressionError("count wants rows, such as samples[number > 9]; a set has a len")
    walk.reads.read.update(row.origin(row.resource.key) for row in chosen)
    return len(chosen.keys)


def _require_one_unit(walk: Walk, rows: Any) -> None:
    """Raises ExpressionError where the units of the rows to be added differ."""
    if isinstance(rows, Rows) and "unit" in rows.resource.columns:
        found = {follow(walk.package, row, ("unit",), walk.reads.looked) for row in rows}
        if len(found) > 1:
            units = ", ".join(sorted(unit or "none" for unit in found))
            what = f"a sum over {rows.resource.name} would mix units: {units}"
            raise ExpressionError(what, hint='choose one: unit == "…"')


@function(ROWS, method=True)
def sum_(walk: Walk, column: Term) -> Any:
    """The sum of the filled cells of a column; 0 of none. Units are never mixed."""
    rows = None if column.is_loop else walk.value(column)
    _require_one_unit(walk, rows)
    items = walk.cells(rows) if isinstance(rows, Rows) else walk.items(column)
    return _added(item for item in items if item is not None)


def _added(items: Iterable[Any]) -> Any:
    result: Any = None
    for item in items:
        result = item if result is None else operations.calculated(ast.Add, result, item)
    return 0 if result is None else result


@function(ROWS, method=True)
def total(walk: Walk, column: Term) -> Any:
    """The sum of a column of one unit; no value without rows, or where a cell is empty."""
    items = _every_cell(walk, column)
    return None if None in items or not items else _added(items)


def _every_cell(walk: Walk, node: Term) -> list[Any]:
    if node.is_loop:
        return walk.items(node)
    rows = walk.value(node)
    if not isinstance(rows, Rows) or not rows.path:
        raise ExpressionError("a column is needed here, such as samples.number")
    _require_one_unit(walk, rows)
    return [walk.cell(row, rows.path) for row in rows]


@function(ROWS)
def rest(walk: Walk, whole: Term, parts: Term) -> Any:
    """A whole less a column; no value where one of the cells is empty."""
    value, items = walk.plain(whole), _every_cell(walk, parts)
    if None in (value, *items):
        return None
    return operations.calculated(ast.Sub, value, _added(items))


def _extreme(walk: Walk, pick: Callable[..., Any], nodes: tuple[Term, ...]) -> Any:
    if len(nodes) == 1:
        items = [item for item in walk.items(nodes[0]) if item is not None]
    else:
        items = [walk.plain(node) for node in nodes]
        if None in items:
            return None
    if any(isinstance(item, Interval) for item in items):
        ends = [operations.as_interval(item).ends for item in items]
        return Interval(pick(low for low, _ in ends), pick(high for _, high in ends))
    if len({operations.is_number(item) for item in items}) > 1:
        raise ExpressionError("numbers and words have no order among each other")
    return pick(items, key=lambda i: Fraction(i) if operations.is_number(i) else i, default=None)


@function(ROWS, method=True)
def min_(walk: Walk, *values: Term) -> Any:
    """The smallest filled cell of a column, or of several numbers; no value if there are none."""
    return _extreme(walk, min, values)


@function(ROWS, method=True)
def max_(walk: Walk, *values: Term) -> Any:
    """The largest filled cell of a column, or of several numbers; no value if there are none."""
    return _extreme(walk, max, values)


@function(ROWS, method=True)
def only(walk: Walk, column: Rows) -> Any:
    """The cell of the one row that a selection has; any other number of rows is an error."""
    if len(column.keys) != 1:
        number = f"{len(column.keys)} rows of {column.resource.name}" if column.keys else "no row"
        hint = f"they are {listing(column.keys, 5)}" if column.keys else None
        raise ExpressionError(f"{number} where one is meant", hint=hint)
    return walk.cell(RowRef(column.resource, column.keys[0]), column.path)


@function(ROWS, method=True)
def once_per(walk: Walk, rows: Rows, column: Path) -> Rows:
    """The first row for each value of a column; every row that has no value is kept."""
    seen: dict[str, str] = {}
    for row in rows:
        seen.setdefault(_texts(walk, row, (column,))[0] or f"\0{row.key}", row.key)
    return rows.keeping(seen.values())


@function(ROWS, method=True)
def sort(walk: Walk, rows: Rows, *columns: Path) -> Rows:
    """The rows in the order of some columns, numbers by size."""
    order = sorted(rows, key=lambda row: [*map(operations.natural, _texts(walk, row, columns))])
    return rows.keeping(row.key for row in order)


def _texts(walk: Walk, row: RowRef, columns: Iterable[Path]) -> list[str]:
    return [follow(walk.package, row, path, walk.reads.looked) for path in columns]


@function(SETS, method=True)
def list_(walk: Walk, column: Term) -> tuple[Any, ...]:
    """The filled cells of a column, in the order of its rows."""
    return tuple(item for item in walk.items(column) if item is not None)


@function(SETS, method=True)
def set_(walk: Walk, column: Term) -> tuple[Any, ...]:
    """The different filled cells of a column, in order. `|`, `&`, `-`, `<=` work on sets."""
    return operations.distinct(walk.items(column))


@function(SETS)
def len_(walk: Walk, members: Term) -> int:
    """How many members a set or a list has."""
    return len(walk.items(members))


@function(SETS)
def tally(walk: Walk, values: Term, *wanted: Term) -> int:
    """How often a list holds one of some values."""
    options = {operations.member_text(walk.plain(node)) for node in wanted}
    return sum(operations.member_text(item) in options for item in walk.items(values))


@function(SETS)
def citations(text: Any) -> tuple[str, ...]:
    """The reference numbers of a printed citation, such as "20–22, 25"."""
    found: set[int] = set()
    for part in str(text).strip("[] ").split(","):
        low, _, high = part.strip().replace("-", "–").partition("–")
        first, last = int(low), int(high or low)
        if not 0 < first <= last < first + 1000:
            raise ExpressionError(f"“{part.strip()}” is not a range of references")
        found.update(range(first, last + 1))
    return tuple(str(number) for number in sorted(found))


@function(NUMBERS)
def percent(walk: Walk, part: Term, whole: Term) -> Any:
    """A part as a percentage of a whole, exact."""
    quotient = walk.calculated(ast.Div, part, whole)
    return operations.calculated(ast.Mult, quotient, 100)


@function(NUMBERS)
def rounds_to(value: Any, printed: Any) -> bool:
    """Whether a number, rounded half up, is the printed one at its printed digits."""
    return matches(Fraction(value), printed) == "half-up"


@function(NUMBERS)
def adds_up(walk: Walk, parts: Term, *, whole: Term) -> bool | None:
    """Whether parts can sum to a whole, each printed decimal read as what rounds to it."""
    rough = replace(walk, intervals=True)
    rows = rough.value(parts)
    items = _every_cell(rough, parts) if isinstance(rows, Rows) else rough.items(parts)
    total = rough.plain(whole)
    if total is None or None in items or not items:
        return None
    low, high = operations.as_interval(_added(items)).ends
    least, most = operations.as_interval(total).ends
    return low <= most and least <= high


@function(NUMBERS)
def first_given(walk: Walk, *values: Term) -> Any:
    """The first of several expressions that has a value."""
    return next((found for node in values if (found := walk.plain(node)) is not None), None)


@function(TRUTHS)
def all_(walk: Walk, conditions: Term) -> bool | None:
    """Whether something holds for every row: `all(row.p < 1 for row in …)`. Of no row it fails."""
    found = list(walk.each(_loop(conditions), Walk.truth))
    return operations.every(found) if found else False


@function(TRUTHS)
def any_(walk: Walk, conditions: Term) -> bool | None:
    """Whether something holds for at least one row: `any(row.p < 1 for row in …)`."""
    return operations.some(list(walk.each(_loop(conditions), Walk.truth)))


def _loop(term: Term) -> Term:
    if not term.is_loop:
        hint = "such as all(row.number > 9 for row in samples)"
        raise ExpressionError("“for” is needed here", hint=hint)
    return term


@function(TRUTHS)
def under(walk: Walk, parameter: Term, value: Term, expression: Term) -> Any:
    """An expression with one parameter set to a value; unchanged where no parameter is named."""
    name, wanted = walk.plain(parameter), walk.plain(value)
    if not name:
        return walk.plain(expression)
    require_known(name, walk.parameters, *PARAMETERS)
    reads = Reads()
    changed = {**walk.parameters, str(name): TRUTH.get(wanted, wanted)}
    result = replace(walk, parameters=changed, reads=reads).plain(expression)
    reads.parameters = {entry for entry in reads.parameters if entry[0] != name}
    walk.reads.include(reads)
    return result


@function(TEXTS)
def says(text: Any, *parts: Any) -> bool:
    """Whether a text holds each of the others, whatever their case, dashes and white space."""
    whole = folded(str(text))
    return all(folded(str(part)) in whole for part in parts)


@function(TEXTS)
def same_words(*texts: Any) -> bool:
    """Whether texts are the same but for case, dashes and white space."""
    return len({folded(str(text)) for text in texts}) == 1


@function(TEXTS)
def mentioned(walk: Walk, cell: Term) -> Any:
    """The number with which other places repeat a cell; a set where they differ.

    The places are rows with the role `resource`, `row`, `column`, `number`. No value where there is
    none.
    """
    if cell.row is None or not cell.path:
        raise ExpressionError('mentioned wants one cell, such as samples["key"].number')
    row, path = cell.row(walk), cell.path
    again, role = walk.package.with_role(*REPEATED)
    named = zip(REPEATED, (row.resource.name, row.key, ".".join(path)), strict=False)
    where = {role[word]: [text] for word, text in named}
    rows = equal_rows(walk.package, again, where, walk.reads)
    numbers = operations.distinct(walk.cell(each, (role["number"],)) for each in rows)
    if not numbers:
        return None
    return numbers[0] if len(numbers) == 1 else operations.Differing(numbers)
