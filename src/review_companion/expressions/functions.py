"""The registry of functions: each with its signature and its docstring, which is its reference."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import CompanionError, nearest
from .operations import described, whole
from .parse import ExpressionError, shortened
from .walk import Walk

WALK = "walk"


@dataclass(frozen=True)
class Function:
    """A function of the language; `method` if it can follow a selection with a dot."""

    name: str
    call: Callable[..., Any]
    group: str
    method: bool
    signature: inspect.Signature
    takes_walk: bool

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

    @property
    def gives(self) -> str:
        """The type of its values, as it is annotated."""
        return str(self.signature.return_annotation)

    def takes(self, parameter: str) -> str:
        """How an argument is handed to it: as a `Term`, as `Rows`, as a `Path`, else by value."""
        return str(self.signature.parameters[parameter].annotation)

    def bind(
        self, positional: Sequence[ast.expr], keywords: Mapping[str, ast.expr]
    ) -> Mapping[str, Any]:
        """The arguments by name. Raises ExpressionError, with the form, where they do not fit."""
        for name in keywords:
            if name not in self.signature.parameters:
                near = nearest(name, self.signature.parameters, "its parameters")
                raise ExpressionError(f"{self.name} has no parameter “{name}”", hint=near)
        try:
            return self.signature.bind(*positional, **keywords).arguments
        except TypeError:
            what = f"{self.name} is called with too few or too many arguments"
            raise ExpressionError(what, hint=f"it is written {self.form}") from None

    def run(self, walk: Walk, terms: Mapping[str, Any]) -> Any:
        """Its value; open where an argument that it takes by value, and needs, is missing.

        A float becomes the exact number that it stands for, as all numbers of the language are.
        Raises ExpressionError, in plain words, for values that it cannot work with.
        """
        given = inspect.BoundArguments(self.signature, dict(terms))  # type: ignore[arg-type]
        values: dict[str, Any] = {}
        needed: list[Any] = []
        try:
            for name, term in terms.items():
                if self.takes(name) == "Rows":
                    given.arguments[name] = walk.value(term)
                elif self.takes(name) not in ("Term", "Path"):
                    several = isinstance(term, tuple)
                    values[name] = tuple(map(walk.plain, term)) if several else walk.plain(term)
                    if self.signature.parameters[name].default is inspect.Parameter.empty:
                        needed += values[name] if several else [values[name]]
            if None in needed:
                return None
            for name, value in values.items():
                is_count = self.takes(name).startswith("int") and value is not None
                given.arguments[name] = whole(value, name) if is_count else value
            before = (walk,) if self.takes_walk else ()
            found = self.call(*before, *given.args, **given.kwargs)
            return Fraction(found) if isinstance(found, float) else found
        except CompanionError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, IndexError, ArithmeticError):
            shown = "; ".join(f"{key}: {described(value)}" for key, value in values.items())
            given_values = f" ({shortened(shown, 120)})" if shown else ""
            what = f"{self.name} cannot work with what it is given{given_values}"
            raise ExpressionError(what, hint=self.doc.split("\n")[0]) from None


FUNCTIONS: dict[str, Function] = {}
Call = Callable[..., Any]


def function(group: str, *, method: bool = False) -> Callable[[Call], Call]:
    """Registers a function under a heading of the reference.

    Its annotations say how it takes an argument: `Any` by value, `int` as a whole number, `Term`
    unevaluated, `Rows` as a selection, `Path` as the way to a column of that selection. Where it
    begins with `walk`, it is given the evaluation under way.
    """

    def register(call: Call) -> Call:
        name, signature = call.__name__.rstrip("_"), inspect.signature(call)
        own = [p for p in signature.parameters.values() if p.name != WALK]
        takes_walk = len(own) < len(signature.parameters)
        signature = signature.replace(parameters=own)
        FUNCTIONS[name] = Function(name, call, group, method, signature, takes_walk)
        return call

    return register
