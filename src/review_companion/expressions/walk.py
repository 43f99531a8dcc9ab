"""Evaluates the terms of an expression, and notes every cell that is read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..errors import CompanionError, nearest
from ..package.package import Package, Resource
from . import operations
from .frames import Reads, RowRef, Rows, end_of, follow, look_up, parse_cell
from .parse import ExpressionError, NotReported, at, chain, placed, shortened

NamedValue = Callable[[str, "Walk"], Any]


@dataclass(frozen=True, eq=False)
class Term:
    """A node of an expression, all names in it known, and how it is evaluated.

    `resource` is that of the rows, or of the one row, that it stands for; `path` leads from there
    to a column; a value by itself has neither. `row` finds the one row. `parts` are the terms that
    it is made of: members that are written out, sides of a comparison, the selection and the body
    of a “for”.
    """

    node: ast.AST
    run: Callable[[Walk], Any]
    resource: Resource | None = None
    path: tuple[str, ...] = ()
    row: Callable[[Walk], RowRef] | None = None
    parts: tuple[Term, ...] = ()

    @property
    def is_loop(self) -> bool:
        return isinstance(self.node, ast.GeneratorExp)

    @property
    def is_selection(self) -> bool:
        """Whether it stands for rows, or a column of them."""
        return self.resource is not None and self.row is None


@dataclass(frozen=True)
class Walk:
    """One evaluation of one text.

    `rows` are the rows in hand, by the brackets or the “for” that they are chosen by. `fixed` are
    the values of terms that are the same for all rows of a selection. With `intervals`, printed
    decimals are read as rounded.
    """

    package: Package
    parameters: Mapping[str, Any]
    named: NamedValue
    reads: Reads
    text: str
    intervals: bool = False
    rows: dict[object, RowRef] = field(default_factory=dict)
    fixed: Mapping[Term, Any] = field(default_factory=dict)

    def value(self, term: Term) -> Any:
        """Rows, a row, or a plain value. Errors know their place."""
        if term in self.fixed:
            return self.fixed[term]
        try:
            return term.run(self)
        except CompanionError as error:
            raise placed(error, term.node, self.text) from None

    def plain(self, term: Term) -> Any:
        """A plain value; a column is the tuple of its filled cells; None if a cell is missing."""
        try:
            return self.settled(self.value(term))
        except NotReported:
            return None

    def settled(self, value: Any) -> Any:
        """Rows as the tuple of their column's cells, or of their keys; a row by itself fails."""
        if isinstance(value, Rows):
            return tuple(self.cells(value if value.path else value.column(value.resource.key)))
        if isinstance(value, RowRef):
            columns = nearest("", value.resource.columns, "its columns")
            raise ExpressionError("a row is not a value: name one of its columns", hint=columns)
        return value

    def truth(self, term: Term) -> bool | None:
        """The truth of a term: open where a cell is missing."""
        value = self.plain(term)
        if value is None or isinstance(value, bool):
            return value
        what = f"true or false is needed here, not {operations.described(value)}"
        position = at(term.node, self.text)
        raise ExpressionError(what, hint="compare it with something", position=position)

    def cells(self, rows: Rows) -> list[Any]:
        """The filled cells of a column, in the order of its rows."""
        if not rows.path:
            hint = nearest("", rows.resource.columns, "its columns")
            raise ExpressionError(f"name a column of {rows.resource.name}", hint=hint)
        found = (self.cell(row, rows.path) for row in rows)
        return [value for value in found if value is not None]

    def cell(self, row: RowRef, path: tuple[str, ...]) -> Any:
        """The cell at a path, typed; noted as read."""
        end, name = end_of(self.package, row.resource, path)
        text = follow(self.package, row, path, self.reads.read)
        return parse_cell(text, end.field(name), intervals=self.intervals)

    def items(self, term: Term) -> list[Any]:
        """What a function aggregates: a column's cells, a set's members, or each of a “for”."""
        if term.is_loop:
            return list(self.each(term, Walk.plain))
        value = self.settled(self.value(term))
        if not isinstance(value, tuple):
            what = f"a column or a set is needed here, not {operations.described(value)}"
            raise ExpressionError(what, position=at(term.node, self.text))
        return list(value)

    def each(self, loop: Term, found: Callable[[Walk, Term], Any]) -> Iterator[Any]:
        """The body of a “for” for each row of its selection."""
        rows, body = loop.parts
        for row in self.value(rows):
            self.rows[loop.node] = row
            yield found(self, body)

    def calculated(self, sign: type[ast.operator], left: Term, right: Term) -> Any:
        """An arithmetic operation; the error names a zero divisor or an empty cell."""
        one, other = self._operand(left), self._operand(right)
        if sign is ast.Div and operations.is_number(other) and other == 0:
            what = f"division by zero: “{self._written(right)}” is 0"
            raise ExpressionError(what, position=at(right.node, self.text))
        return operations.calculated(sign, one, other)

    def _operand(self, term: Term) -> Any:
        """A value to calculate with. Raises NotReported, naming the cell, where it is empty."""
        value = self.settled(self.value(term))
        if value is None:
            what = f"“{self._written(term)}” is empty, so nothing can be calculated with it"
            raise NotReported(what, position=at(term.node, self.text))
        return value

    def _written(self, term: Term) -> str:
        """A term as it is written; a cell of a row in hand with the row's key."""
        if term.row and term.path:
            row = term.row(self)
            return f'{row.resource.name}["{row.key}"].{".".join(term.path)}'
        return shortened(ast.unparse(term.node), 80)


@dataclass(frozen=True)
class Condition:
    """The parts of a condition that “and” joins, about the rows that some brackets choose.

    A part is looked at only for rows that met those before it, so the cells looked at are exactly
    the ones that decided.
    """

    resource: Resource
    brackets: ast.Subscript
    parts: tuple[Term, ...]

    def choose(self, walk: Walk, rows: Rows) -> Rows:
        """The rows that meet the condition; what is read for it is looked at."""
        walk.reads.membership.add(self.resource.name)
        inner = replace(walk, reads=Reads())
        inner = replace(inner, fixed={side: inner.plain(side) for side in self._fixed})
        keys, parts = rows.keys, self.parts
        # an index knows all rows of the resource: of a part of them it would say too much
        if keys == tuple(self.resource.rows) and (found := self._by_index(inner)) is not None:
            keys, parts = tuple(found), parts[1:]

        def is_met(key: str) -> bool:
            inner.rows[self.brackets] = RowRef(self.resource, key)
            return all(inner.truth(part) is True for part in parts)

        kept = [key for key in keys if is_met(key)]
        walk.reads.include(inner.reads, as_looked=True)
        return rows.keeping(kept)

    @cached_property
    def _fixed(self) -> list[Term]:
        """The sides of comparisons that are the same for all rows, to be evaluated once."""
        comparisons = [part for part in self.parts if isinstance(part.node, ast.Compare)]
        sides = [side for comparison in comparisons for side in comparison.parts]
        return [s for s in sides if not (isinstance(s.node, ast.Constant) or self._is_own(s))]

    def _is_own(self, term: Term) -> bool:
        """Whether a term differs from row to row.

        It names a column of the resource, or within further brackets the `row` looked at here; as
        a key, a `row` is the one in hand.
        """
        brackets = (n.slice for n in ast.walk(term.node) if isinstance(n, ast.Subscript))
        conditions = [each for each in brackets if not isinstance(chain(each)[0], ast.Name)]
        if any("row" in _names(condition) for condition in conditions):
            return True
        return not _names(term.node).isdisjoint(self.resource.columns)

    def _by_index(self, walk: Walk) -> Sequence[str] | None:
        """The keys of the rows that meet the first part, where an index of a column tells them."""
        first, columns = self.parts[0], self.resource.by_name
        match first.node:
            case ast.Compare(ast.Name(name), [ast.Eq() | ast.In() as sign]) if name in columns:
                other = first.parts[1]
            case _:
                return None
        if columns[name].get("type", "string") not in ("string", "boolean") or self._is_own(other):
            return None
        value: Any = walk.plain(other)
        if isinstance(value, tuple) != isinstance(sign, ast.In):
            return None
        options = value if isinstance(value, tuple) else (value,)
        if not all(isinstance(option, str | bool) for option in options):
            return None
        texts = [operations.member_text(each) for each in options if each != ""]  # "" equals none
        return look_up(self.resource, name, texts, walk.reads.read)


def _names(node: ast.AST) -> set[str]:
    """The names in a part of an expression."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
