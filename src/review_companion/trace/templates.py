"""Templates over rows: Jinja2 in a sandbox, where every cell that is touched is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import CompanionError
from ..limits import bounded
from .scope import RowRef, Scope
from .selection import follow, select

_CARDINALS = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()


FILTERS = frozenset(
    "abs capitalize default d first float groupby indent int join last length count list lower map"
    " max min reject rejectattr replace reverse round select selectattr sort string sum title trim"
    " unique upper".split()
)  # none that is random, none that speaks of HTML
GLOBALS = frozenset(("range", "dict", "namespace"))


class _Environment(ImmutableSandboxedEnvironment):
    """Powers are refused: one of them can take for ever, and nothing can stop it."""

    intercepted_binops = frozenset(("**",))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise CompanionError(f"“{operator}” is not part of the templates")


class TrackedRow:
    """A row whose cells are read as `row.column` or, along foreign keys, `row["study.year"]`."""

    def __init__(self, scope: Scope, row: RowRef) -> None:
        self._scope, self._row = scope, row

    def __getitem__(self, path: str) -> str:
        return follow(self._scope, self._row, path, self._scope.reads.read)

    def __getattr__(self, column: str) -> str:
        if column.startswith("_"):
            raise AttributeError(column)
        return self[column]


def cardinal(number: Any, none: str = "no") -> str:
    """A whole number in words up to twenty, else its digits."""
    value = int(number)
    if value == 0:
        return none
    return _CARDINALS[value] if value < len(_CARDINALS) else str(value)


def upper_first(text: str) -> str:
    """The text with its first letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]


def _environment() -> _Environment:
    environment = _Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters = {n: f for n, f in environment.filters.items() if n in FILTERS}
    environment.filters.update(cardinal=cardinal, upper_first=upper_first)
    environment.globals = {n: f for n, f in environment.globals.items() if n in GLOBALS}
    return environment


_ENVIRONMENT = _environment()
_COMPILED: dict[str, Any] = {}


def fill(template: str, names: Mapping[str, Any], where: str | None = None) -> str:
    """The template filled with names. Raises CompanionError for what Jinja2 refuses."""
    try:
        with bounded("the template"):
            if template not in _COMPILED:
                _COMPILED[template] = _ENVIRONMENT.from_string(template)
            return str(_COMPILED[template].render(names))
    except CompanionError as error:
        error.where = error.where or where
        raise
    except RecursionError:
        raise CompanionError("the template is nested too deeply", where=where) from None
    except Exception as error:  # whatever Python says of what a template does with its values
        raise CompanionError(f"the template fails: {error}", where=where) from None


def rows_of(
    scope: Scope, evaluate: Callable[[Any, Scope], Any]
) -> Mapping[str, Callable[..., Any]]:
    """`all(resource, column=value…)` and `one(…)`: rows that belong to the row in hand.

    A resource that has a column named as the row in hand's key is narrowed to that row.
    """

    def every(resource: str, **where: Any) -> list[TrackedRow]:
        conditions: dict[str, Any] = {}
        here = scope.here
        if here is not None and here.resource.key in scope.package[resource].columns:
            conditions[here.resource.key] = here.key
        conditions.update(where)
        found = select({"in": resource, "where": conditions}, scope, evaluate)
        return [TrackedRow(scope, row) for row in found]

    def one(resource: str, **where: Any) -> TrackedRow:
        found = every(resource, **where)
        if len(found) != 1:
            number = f"{len(found)} rows" if found else "no row"
            chosen = [f"{column} is {value}" for column, value in where.items()]
            which = f" where {' and '.join(chosen)}" if chosen else ""
            of = f" for {scope.here.key}" if scope.here else ""
            raise CompanionError(f"{number} of {resource}{of}{which}; one is needed")
        return found[0]

    return {"all": every, "one": one}
