"""Templates over rows: Jinja2 in a sandbox, where every cell that is touched is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import CompanionError, nearest
from ..limits import bounded
from ..package.package import Package
from ..stats.printed import in_words
from ..text import MarkdownText, as_plain
from . import Evaluator, Reads, RowRef
from .checking import require_allowed
from .evaluator import identifier
from .frames import Where, equal_rows, follow, narrowed
from .operations import member_text

LARGEST_SPELT = 20

FILTERS = frozenset(
    "abs capitalize default d first float groupby indent int join last length count list lower map"
    " max min reject rejectattr replace reverse round select selectattr sort string sum title trim"
    " unique upper".split()
)  # none that is random, none that speaks of HTML
GLOBALS = frozenset(("range", "dict", "namespace"))


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox that also refuses powers: one of them can run for ever, and nothing stops it."""

    intercepted_binops = frozenset(("**",))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise CompanionError(f"“{operator}” is not part of the templates")


class TrackedRow:
    """A row whose cells are read as `row.column` or, along foreign keys, `row["study.year"]`."""

    def __init__(self, package: Package, reads: Reads, row: RowRef, kind: type[str] = str) -> None:
        self._package, self._reads, self._row, self._kind = package, reads, row, kind

    def __getitem__(self, path: str) -> str:
        return self._kind(follow(self._package, self._row, path.split("."), self._reads.read))

    def __getattr__(self, column: str) -> str:
        if column.startswith("_"):
            raise AttributeError(column)
        return self[column]

    def __str__(self) -> str:
        hint = nearest("", self._row.resource.columns, "its columns")
        raise CompanionError("a row is not a value: name one of its columns", hint=hint)

    __repr__ = __str__  # as a list of rows would write it

    def escaped(self) -> TrackedRow:
        """The same row, with cells escaped for Markdown."""
        return TrackedRow(self._package, self._reads, self._row, MarkdownText)


def escaped_names(names: Mapping[str, Any]) -> dict[str, Any]:
    """The same names for a template of Markdown: cells of rows are escaped."""

    def of(value: Any) -> Any:
        if isinstance(value, TrackedRow):
            return value.escaped()
        if isinstance(value, list):
            return [of(each) for each in value]
        return partial(called, value) if callable(value) else value

    def called(function: Callable[..., Any], *names: Any, **where: Any) -> Any:
        plain_where = {column: as_plain(wanted) for column, wanted in where.items()}
        return of(function(*map(as_plain, names), **plain_where))

    return {name: of(value) for name, value in names.items()}


def cardinal(number: Any, none: str = "no") -> str:
    """A whole number in words up to twenty, else its digits."""
    value = int(number)
    if value == 0:
        return none
    return in_words(value) if 0 < value <= LARGEST_SPELT else str(value)


def upper_first(text: str) -> str:
    """The text with its first letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]


def listed(texts: Iterable[str], before: str = "") -> str:
    """The texts as a sentence lists them, `before` each: “A”, “A and B”, “A, B and C”."""
    *others, last = [f"{before}{text}" for text in texts] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _environment() -> _Environment:
    environment = _Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, optimized=False
    )
    environment.filters = {n: f for n, f in environment.filters.items() if n in FILTERS}
    environment.filters.update(cardinal=cardinal, listed=listed, upper_first=upper_first)
    environment.globals = {n: f for n, f in environment.globals.items() if n in GLOBALS}
    return environment


_ENVIRONMENT = _environment()
_REFUSALS = {  # of Jinja2 -> what to say of them
    r"Unexpected end .* closed is '(\w+)'": r"{% \1 %} is opened, and there is no {% end\1 %}",
    r"Encountered unknown tag '(end\w+)'": r"{% \1 %} closes nothing that is open",
    r"Encountered unknown tag '(\w+)'": r"there is no tag {% \1 %}",
    r"No filter named '(\w+)'": rf"there is no filter “\1”; known: {', '.join(sorted(FILTERS))}",
    r"No test named '(\w+)'": r"there is no test “\1”",
    r"unexpected '(.*)'": r"“\1” is not expected: are both braces of {{ }} and {% %} there?",
}


def fill(
    template: str, names: Mapping[str, Any], where: str | None = None, macros: str = ""
) -> str:
    """The template filled with names, among them those of `macros`, a template of such.

    Raises CompanionError for what Jinja2 refuses.
    """
    if not isinstance(template, str):
        raise CompanionError("a template is a text", where=where)
    if "{" not in template and "\r" not in template:
        return template.removesuffix("\n")  # as Jinja2 gives it
    try:
        with bounded("the template"):
            own = _compiled(macros).make_module(dict(names)) if macros else None
            return str(_compiled(template).render({**names, **vars(own)} if own else names))
    except CompanionError as error:
        error.where = error.where or where
        raise
    except RecursionError:
        raise CompanionError("the template is nested too deeply", where=where) from None
    except Exception as error:  # whatever Python says of what a template does with its values
        what = f"the template fails: {_in_words(str(error))}"
        raise CompanionError(what, where=where) from None


def _in_words(refusal: str) -> str:
    """What Jinja2 says of how a template is written, in its author's words."""
    for pattern, words in _REFUSALS.items():
        if found := re.match(pattern, refusal):
            return found.expand(words)
    return refusal


compiled_before: dict[str, CodeType] = {}
"""Templates with their code, of this version of the program; they are not compiled again."""

compiled: dict[str, CodeType] = {}
"""The templates that this process filled, with their code."""


@cache
def _compiled(template: str) -> Template:
    code = compiled_before.get(template) or _ENVIRONMENT.compile(template)
    compiled[str(template)] = code
    return Template.from_code(_ENVIRONMENT, code, _ENVIRONMENT.make_globals(None))


def row_names(evaluator: Evaluator, reads: Reads, here: RowRef | None = None) -> Mapping[str, Any]:
    """`row`, the row in hand, and `all(rows, column=value…)` and `one(…)`: rows that belong to it.

    `rows` is the name of a resource, whose rows are narrowed to the row in hand where they have a
    column named as its key, other than those of its own resource; or an expression, which says all
    by itself. A value may be a list, for any of its members.
    """
    package = evaluator.package

    def every(rows: str, **where: Any) -> list[TrackedRow]:
        chosen = _chosen(evaluator, reads, here, rows, _texts(where))
        return [TrackedRow(package, reads, row) for row in chosen]

    def one(rows: str, **where: Any) -> TrackedRow:
        found = every(rows, **where)
        if len(found) != 1:
            number = f"{len(found)} rows" if found else "no row"
            conditions = [f"{column} is {value}" for column, value in where.items()]
            which = f" where {' and '.join(conditions)}" if conditions else ""
            of = f" for {here.key}" if here else ""
            raise CompanionError(f"{number} of {rows}{of}{which}; one is needed")
        return found[0]

    own = {"row": TrackedRow(package, reads, here)} if here else {}
    return {**own, "all": every, "one": one}


def _chosen(
    evaluator: Evaluator, reads: Reads, here: RowRef | None, rows: str, where: Where
) -> list[RowRef]:
    """The rows of a resource that belong to the row in hand, or those that an expression chooses,
    with one of some texts in each of their columns."""
    package, resource = evaluator.package, evaluator.resources.get(identifier(rows))
    if resource is None:
        selection = evaluator.rows(rows, here)
        reads.include(selection.reads)
        return narrowed(package, selection.rows, where, reads)
    for path, texts in where.items():
        require_allowed(package, resource, path.split("."), texts)
    if here and here.resource.name != resource.name and here.resource.key in resource.columns:
        where = {here.resource.key: [here.key], **where}
    return equal_rows(package, resource, where, reads)


def _texts(where: Mapping[str, Any]) -> Where:
    """Column -> the texts that its cell may have, of one value or a list of them."""
    listed = {path: each if isinstance(each, list) else [each] for path, each in where.items()}
    return {path: [member_text(item) for item in items] for path, items in listed.items()}
