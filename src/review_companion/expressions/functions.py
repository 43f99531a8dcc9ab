"""The registry of functions: each with its signature and its docstring, which is its reference."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import CompanionError, nearest
from .expression_errors import ExpressionError, shortened
from .frames import Rows
from .operations import described


@dataclass(frozen=True)
class Function:
    """A function of the language; `method` if it can follow a selection with a dot."""

    name: str
    call: Callable[..., Any]
    group: str
    method: bool
    bound: Callable[[Any, inspect.BoundArguments], Any]
    signature: inspect.Signature

    @property
    def form(self) -> str:
        """How it is written: `percent(part, whole)`."""
        shown = []
        for parameter in self.signature.parameters.values():
            name = parameter.name
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                name = f"{name}, …"
            elif parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                name = f"{name}=…"
            optional = parameter.default is not inspect.Parameter.empty
            shown.append(f"[{name}]" if optional else name)
        if self.method:
            return f"{shown[0]}.{self.name}({', '.join(shown[1:])})"
        return f"{self.name}({', '.join(shown)})"

    @property
    def doc(self) -> str:
        """What it means, as its docstring says."""
        return inspect.getdoc(self.call) or ""

    def bind(
        self, positional: Sequence[ast.expr], keywords: Mapping[str, ast.expr]
    ) -> inspect.BoundArguments:
        """The arguments by name. Raises ExpressionError, with the form, where they do not fit."""
        for name in keywords:
            if name not in self.signature.parameters:
                near = nearest(name, self.signature.parameters, "its parameters")
                raise ExpressionError(f"{self.name} has no parameter “{name}”", hint=near)
        try:
            return self.signature.bind(*positional, **keywords)
        except TypeError:
            what = f"{self.name} is called with too few or too many arguments"
            raise ExpressionError(what, hint=f"it is written {self.form}") from None


FUNCTIONS: dict[str, Function] = {}
Call = Callable[..., Any]


def _register(group: str, method: bool, bound: Any, skip: int) -> Callable[[Call], Call]:
    def register(call: Call) -> Call:
        name = call.__name__.rstrip("_")
        signature = inspect.signature(call)
        parameters = list(signature.parameters.values())[skip:]
        own = signature.replace(parameters=parameters)
        FUNCTIONS[name] = Function(name, call, group, method, _guarded(name, call, bound), own)
        return call

    return register


def _guarded(name: str, call: Call, bound: Any) -> Callable[[Any, inspect.BoundArguments], Any]:
    """The function, with errors in plain words for values that it cannot work with."""

    def run(walk: Any, arguments: inspect.BoundArguments) -> Any:
        seen: dict[str, Any] = {}
        try:
            return bound(call, walk, arguments, seen)
        except CompanionError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, IndexError, ArithmeticError):
            given = "; ".join(f"{key}: {described(value)}" for key, value in seen.items())
            hint = (inspect.getdoc(call) or "").split("\n")[0]
            what = f"{name} cannot work with what it is given ({shortened(given, 120)})"
            raise ExpressionError(what, hint=hint) from None

    return run


def on_values(group: str) -> Callable[[Call], Call]:
    """Registers a function of plain values; it is open where one that it needs is missing."""

    def bound(call: Call, walk: Any, arguments: inspect.BoundArguments, seen: Any) -> Any:
        given, needed = arguments.arguments, list[Any]()
        for name, node in given.items():
            several = isinstance(node, tuple)
            seen[name] = tuple(map(walk.plain, node)) if several else walk.plain(node)
            if arguments.signature.parameters[name].default is inspect.Parameter.empty:
                needed += seen[name] if several else [seen[name]]
        if None in needed:
            return None
        given.update(seen)
        return call(*arguments.args, **arguments.kwargs)

    return _register(group, False, bound, 0)


def on_rows(group: str) -> Callable[[Call], Call]:
    """Registers a function whose first argument is a selection; the others are nodes."""

    def bound(call: Call, walk: Any, arguments: inspect.BoundArguments, seen: Any) -> Any:
        first, *others = arguments.args
        rows = walk.value(first)
        if not isinstance(rows, Rows):
            what = f"a selection of rows is needed here, not {described(rows)}"
            form = FUNCTIONS[call.__name__.rstrip("_")].form
            raise ExpressionError(what, hint=f"it is written {form}")
        return call(walk, rows, *others, **arguments.kwargs)

    return _register(group, True, bound, 1)


def on_nodes(group: str, method: bool = False) -> Callable[[Call], Call]:
    """Registers a function that evaluates its arguments itself."""

    def bound(call: Call, walk: Any, arguments: inspect.BoundArguments, seen: Any) -> Any:
        return call(walk, *arguments.args, **arguments.kwargs)

    return _register(group, method, bound, 1)
