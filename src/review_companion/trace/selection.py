"""Rows of a resource by `where` and `once-per`, with a record of the cells looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from ..errors import CompanionError
from ..model import EVERY, Origin
from .cells import parse_cell
from .scope import Reads, RowRef, Scope

Evaluate = Callable[[Any, Scope], Any]
MANY_ROWS = 256
SELECTION_KEYS = ("of", "in", "where", "once-per", "sort")


def follow(scope: Scope, row: RowRef, path: str, sink: set[Origin]) -> str:
    """The cell at a dotted path from a row: each step but the last follows a foreign key."""
    *links, column = path.split(".")
    for link in links:
        text = _cell(scope, row, link, sink)
        target = row.resource.foreign_keys.get(link)
        if target is None:
            raise CompanionError(f"{row.resource.name}.{link} is no foreign key, so “{path}” fails")
        if text not in scope.package[target].rows:
            return ""
        row = RowRef(scope.package[target], text)
    return _cell(scope, row, column, sink)


def _cell(scope: Scope, row: RowRef, column: str, sink: set[Origin]) -> str:
    cells = row.resource.rows[row.key]
    if column not in cells:
        near = get_close_matches(column, row.resource.columns, 1)
        raise CompanionError(
            f"{row.resource.name} has no column “{column}”",
            hint=f"did you mean “{near[0]}”?"
            if near
            else f"its columns: {', '.join(row.resource.columns)}",
        )
    sink.add(row.origin(column))
    return cells[column]


def typed(scope: Scope, row: RowRef, path: str) -> Any:
    """The cell at a path, read as its column's type; recorded as read."""
    text = follow(scope, row, path, scope.reads.read)
    return parse_cell(text, _field(scope, row, path), intervals=scope.intervals)


def _field(scope: Scope, row: RowRef, path: str) -> Mapping[str, Any]:
    *links, column = path.split(".")
    resource = row.resource
    for link in links:
        resource = scope.package[resource.foreign_keys[link]]
    return resource.field(column)


def column_of(spec: Mapping[str, Any]) -> tuple[str, str]:
    """`{of: samples.number}` -> ("samples", "number"); `{in: samples}` -> ("samples", "")."""
    if not isinstance(spec, Mapping):
        raise CompanionError(f"rows are chosen by a mapping with “in” or “of”, not by “{spec}”")
    if "of" in spec:
        resource, _, column = str(spec["of"]).partition(".")
        return resource, column
    return str(spec["in"]), ""


def select(spec: Mapping[str, Any], scope: Scope, evaluate: Evaluate) -> list[RowRef]:
    """The rows that a selection names, in the resource's order (or by `sort`).

    A condition is looked at only for rows that met those before it, so the cells looked at are
    exactly the ones that decided. In a resource of more than `MANY_ROWS`, a first condition that
    asks for equality looks its rows up, and its column is one origin with `EVERY` as the row: cell
    by cell, origins would grow with the square of the studies. `once-per` keeps the first row for
    each value of a column.
    """
    resource = scope.package[column_of(spec)[0]]
    scope.reads.membership.add(resource.name)
    tests = {
        path: condition(wanted, scope, evaluate)
        for path, wanted in (spec.get("where") or {}).items()
    }
    conditions = [(path, meets) for path, meets in tests.items() if meets is not anything]
    keys: Iterable[str] = resource.rows
    if len(resource.rows) > MANY_ROWS and conditions:
        path, meets = conditions[0]
        if isinstance(meets, OneOf) and path in resource.columns:
            keys, conditions = resource.keys_where(path, meets.options), conditions[1:]
            scope.reads.looked.add(Origin(resource.name, EVERY, path))
    rows = list(_matching(scope, [RowRef(resource, key) for key in keys], conditions))
    if "once-per" in spec:
        rows = _once(scope, rows, str(spec["once-per"]))
    return _sorted(scope, rows, spec["sort"]) if "sort" in spec else rows


def _matching(
    scope: Scope, rows: list[RowRef], conditions: list[tuple[str, Callable[[str], bool]]]
) -> Iterator[RowRef]:
    for row in rows:
        if all(meets(follow(scope, row, path, scope.reads.looked)) for path, meets in conditions):
            yield row


def _once(scope: Scope, rows: list[RowRef], path: str) -> list[RowRef]:
    seen: dict[str, RowRef] = {}
    for row in rows:
        text = follow(scope, row, path, scope.reads.looked)
        seen.setdefault(text or f"\0{row.key}", row)
    return list(seen.values())


def _sorted(scope: Scope, rows: list[RowRef], paths: Any) -> list[RowRef]:
    columns = [paths] if isinstance(paths, str) else paths
    if not isinstance(columns, list) or not all(isinstance(path, str) for path in columns):
        raise CompanionError("“sort” is the name of a column, or a list of names")

    def order(row: RowRef) -> tuple[Any, ...]:
        texts = [follow(scope, row, path, scope.reads.looked) for path in columns]
        return tuple(_natural(text) for text in texts)

    return sorted(rows, key=order)


def _natural(text: str) -> tuple[int, float, str]:
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, text)


@dataclass(frozen=True)
class OneOf:
    """The condition of equality with one of the options."""

    options: frozenset[str]

    def __call__(self, text: str) -> bool:
        return text in self.options


def anything(_: str) -> bool:
    """The condition that a switch has turned off: its cells are not looked at."""
    return True


def condition(wanted: Any, scope: Scope, evaluate: Evaluate) -> Callable[[str], bool]:
    """A test of a cell's text.

    A scalar is equality, a list is any of, otherwise one of: not, at-least, at-most, present,
    param (the value "all" lets everything through), here (a column of the row in hand),
    among (a set-valued expression), if/is (a condition that a switch turns on).
    """
    if not isinstance(wanted, Mapping):
        return OneOf(frozenset(map(_plain, wanted if isinstance(wanted, list) else [wanted])))
    if set(wanted) == {"if", "is"}:
        return (
            condition(wanted["is"], scope, evaluate) if scope.parameter(wanted["if"]) else anything
        )
    name, argument = next(iter(wanted.items()))
    if len(wanted) != 1 or name not in _CONDITIONS:
        near = get_close_matches(str(name), _CONDITIONS, 1)
        raise CompanionError(
            f"unknown condition “{', '.join(wanted)}”",
            where=getattr(wanted, "where", None),
            hint=f"did you mean “{near[0]}”?" if near else f"known: {', '.join(_CONDITIONS)}",
        )
    return _CONDITIONS[name](argument, scope, evaluate)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _not(argument: Any, scope: Scope, evaluate: Evaluate) -> Callable[[str], bool]:
    inner = condition(argument, scope, evaluate)
    return lambda text: not inner(text)


def _bound(lower: bool) -> Callable[[Any, Scope, Evaluate], Callable[[str], bool]]:
    def build(argument: Any, scope: Scope, evaluate: Evaluate) -> Callable[[str], bool]:
        limit = _aside(argument, scope, evaluate)

        def meets(text: str) -> bool:
            number = parse_cell(text, {"type": "number"})
            if number is None:
                return False
            return bool(number >= limit) if lower else bool(number <= limit)

        return meets

    return build


def _present(argument: Any, scope: Scope, evaluate: Evaluate) -> Callable[[str], bool]:
    return lambda text: bool(text) is bool(argument)


def _param(argument: Any, scope: Scope, evaluate: Evaluate) -> Callable[[str], bool]:
    value = _plain(scope.parameter(argument))
    return anything if value == "all" else OneOf(frozenset({value}))


def _here(argument: Any, scope: Scope, evaluate: Evaluate) -> Callable[[str], bool]:
    if scope.here is None:
        raise CompanionError("“here” is used where there is no row in hand")
    return OneOf(frozenset({follow(scope, scope.here, str(argument), scope.reads.looked)}))


def _among(argument: Any, scope: Scope, evaluate: Evaluate) -> Callable[[str], bool]:
    return OneOf(frozenset(map(_plain, _aside(argument, scope, evaluate))))


def _aside(argument: Any, scope: Scope, evaluate: Evaluate) -> Any:
    """The value of a condition's argument: what it reads is what the filter looks at."""
    aside = Reads()
    value = evaluate(argument, replace(scope, reads=aside))
    aside.looked |= aside.read
    aside.read.clear()
    scope.reads.include(aside)
    return value


_CONDITIONS: dict[str, Callable[[Any, Scope, Evaluate], Callable[[str], bool]]] = {
    "not": _not,
    "at-least": _bound(lower=True),
    "at-most": _bound(lower=False),
    "present": _present,
    "param": _param,
    "here": _here,
    "among": _among,
}
