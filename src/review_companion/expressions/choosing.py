"""The rows of a selection that meet a condition, and the cells that were looked at for it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..package.package import Resource
from . import operations
from .frames import Reads, RowRef, Rows, look_up
from .walk import Term, Walk


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
        inner = walk.having(reads=Reads())
        inner = inner.having(fixed={side: inner.plain(side) for side in self._fixed})
        keys, parts = rows.keys, self.parts
        # an index knows all rows of the resource: of a part of them it would say too much
        if keys == tuple(self.resource.rows) and (texts := self._wanted(inner)) is not None:
            name = parts[0].parts[0].path[0]
            keys = tuple(look_up(self.resource, name, texts, inner.reads.read))
            parts = parts[1:]

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
        """Whether a term names a column of the resource, so that it differs from row to row."""
        names = (node.id for node in ast.walk(term.node) if isinstance(node, ast.Name))
        return any(name in self.resource.columns for name in names)

    def _wanted(self, walk: Walk) -> list[str] | None:
        """The texts of which the first part wants one in a column, where an index has them."""
        match (first := self.parts[0]).node:
            case ast.Compare(ast.Name(name), [ast.Eq() | ast.In() as sign]):
                kind = name in self.resource.columns and self.resource.field(name).get("type")
                other = first.parts[1]
                if kind not in (None, "string", "boolean") or self._is_own(other):
                    return None
                value: Any = walk.plain(other)
                several = isinstance(value, tuple)
                options = value if several else (value,)
                is_text = all(isinstance(option, str | bool) for option in options)
                if is_text and several == isinstance(sign, ast.In):
                    return [operations.member_text(option) for option in options]
        return None
