"""Traced frames: rows of a resource by key, their cells by column, foreign keys by a dot.

`Reads` is the record of the cells that one evaluation touched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ..errors import CompanionError, nearest, require_known
from ..model import EVERY, Origin, Result, origin_of
from ..package.cell_checks import FORMS, NUMBERS, TYPES
from ..package.package import Package, Resource
from ..package.yaml_nodes import TRUTH
from ..stats.rounding import interval
from .parse import ExpressionError

Path = tuple[str, ...]  # to a column: names of foreign keys, then the column's

MANY_ROWS = 256


@dataclass
class Reads:
    """Collects what one evaluation reads; see `Result` for the meaning of each set."""

    read: set[Origin] = field(default_factory=set)
    looked: set[Origin] = field(default_factory=set)
    membership: set[str] = field(default_factory=set)
    parameters: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)  # values that are included already

    def include(self, other: Reads, *, as_looked: bool = False) -> None:
        """Includes what was read; what a filter read is no part of the value, but looked at."""
        (self.looked if as_looked else self.read).update(other.read)
        self.looked |= other.looked
        self.membership |= other.membership
        self.parameters |= other.parameters
        self.names |= set() if as_looked else other.names

    def result(self, value: Any, formula: str) -> Result:
        """A value with all that was read for it."""
        return Result(
            value=value,
            read=frozenset(self.read),
            looked=frozenset(self.looked - self.read),
            membership=frozenset(self.membership),
            parameters=frozenset(self.parameters),
            formula=" ".join(formula.split()),
        )


@dataclass(frozen=True)
class RowRef:
    """A row of a resource, by its key."""

    resource: Resource
    key: str

    def origin(self, column: str) -> Origin:
        return origin_of(self.resource.name, self.key, column)


@dataclass(frozen=True)
class Rows:
    """Rows of a resource, in order; with a `path`, that column of them."""

    resource: Resource
    keys: tuple[str, ...]
    path: tuple[str, ...] = ()

    def __iter__(self) -> Any:
        return (RowRef(self.resource, key) for key in self.keys)

    def keeping(self, keys: Iterable[str]) -> Rows:
        """The same column of other rows."""
        return replace(self, keys=tuple(keys))

    def column(self, name: str) -> Rows:
        """A column of the same rows, or one step further."""
        return replace(self, path=(*self.path, name))


def end_of(package: Package, resource: Resource, path: Sequence[str]) -> tuple[Resource, str]:
    """The resource and the column to which a path leads."""
    *links, last = path
    for link in links:
        _known(resource, link)
        if link not in resource.foreign_keys:
            raise ExpressionError(
                f"{resource.name}.{link} names no row of another resource, so nothing follows it",
                hint=nearest(link, resource.foreign_keys, "columns that do"),
            )
        resource = package[resource.foreign_keys[link]]
    _known(resource, last)
    return resource, last


def _known(resource: Resource, name: str) -> None:
    require_known(name, resource.columns, f"{resource.name} has no column", "its columns")


def follow(package: Package, row: RowRef, path: Sequence[str], sink: set[Origin]) -> str:
    """The cell at a path from a row; each step but the last follows a foreign key, "" if empty."""
    *links, last = path
    for link in links:
        target = row.resource.foreign_keys.get(link)
        if target is None:
            end_of(package, row.resource, (link, last))
        assert target is not None
        sink.add(row.origin(link))
        text = row.resource.rows[row.key][link]
        if not text or text not in package[target].rows:  # nor a row whose key is blank
            return ""
        row = RowRef(package[target], text)
    cells = row.resource.rows[row.key]
    if last not in cells:
        _known(row.resource, last)
    sink.add(row.origin(last))
    return cells[last]


def parse_cell(text: str, field: Mapping[str, Any], *, intervals: bool = False) -> Any:
    """int, Decimal (printed digits kept), bool or str; None for an empty cell.

    With `intervals`, a cell of type "number" becomes the interval that rounds half up to it;
    whole counts (type "integer") are exact.
    """
    kind = field.get("type", "string")
    if text == "":
        return None
    if kind == "boolean" and text in TRUTH:
        return TRUTH[text]
    if kind in NUMBERS and FORMS[kind].fullmatch(text):
        if kind == "integer":
            return int(text)
        return interval(Decimal(text)) if intervals else Decimal(text)
    if kind not in FORMS:
        return text
    hint = "`companion check` names the cell"
    raise CompanionError(f"“{text}” is not {TYPES[kind]}", hint=hint)


Where = Mapping[str, Collection[str]]


def equal_rows(package: Package, resource: Resource, where: Where, reads: Reads) -> list[RowRef]:
    """The rows whose columns have one of some texts; a column is looked at where others fit."""
    reads.membership.add(resource.name)
    keys: Iterable[str] = resource.rows
    conditions = dict(where)
    if (first := next(iter(conditions), "")) in resource.columns:
        keys = look_up(resource, first, conditions.pop(first), reads.looked)
    return narrowed(package, [RowRef(resource, key) for key in keys], conditions, reads)


def narrowed(package: Package, rows: Iterable[RowRef], where: Where, reads: Reads) -> list[RowRef]:
    """The given rows whose columns have one of some texts."""
    found = list(rows)
    for path, wanted in where.items():
        steps = path.split(".")
        found = [r for r in found if follow(package, r, steps, reads.looked) in wanted]
    return found


def look_up(
    resource: Resource, name: str, options: Iterable[str], sink: set[Origin]
) -> Sequence[str]:
    """The keys of the rows whose column is one of these texts, by an index.

    In a resource of more than `MANY_ROWS` the column is one origin with `EVERY` as the row: cell
    by cell, origins would grow with the square of the studies.
    """
    if len(resource.rows) > MANY_ROWS:
        sink.add(origin_of(resource.name, EVERY, name))
    else:
        sink.update(origin_of(resource.name, key, name) for key in resource.rows)
    return resource.keys_where(name, options)
