"""An expression as a formula in words, for the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..sections import code_words

_PAIRS = {
    "difference": "{0} − {1}",
    "product": "{0} × {1}",
    "ratio": "{0} ÷ {1}",
    "percent": "{0} as a percentage of {1}",
    "direction": "the direction from {1} to {0}",
}
_SELECTIONS = {
    "count": "number of rows of {0}",
    "sum": "sum of {0}",
    "min": "smallest {0}",
    "max": "largest {0}",
    "list": "{0}",
    "set": "the different values of {0}",
    "directions": "the directions of {0}",
    "tally": "number of {0}",
    "total": "sum of {0}",
    "rest": "what is left without {0}",
    "references": "the {0}",
    "cell": "{0}",
    "every": "every row of {0}",
    "some": "some row of {0}",
}
_JOINS = {
    "sum": " + ",
    "min": ", ",
    "max": ", ",
    "union": " and ",
    "intersection": " ∩ ",
    "without": " without ",
    "set": ", ",
    "all": " and ",
    "any": " or ",
    "equal": " = ",
    "less": " < ",
    "at-most": " ≤ ",
    "contains": " contains ",
    "text-contains": " contains ",
    "rounds-to": ", rounded, is ",
    "majority": " is most of ",
    "first-given": ", else ",
}
_NAMES = {
    "size": "number",
    "agreed": "what most agree on",
    "implied": "from the one 2×2 table that fits",
    "fitting-tables": "the 2×2 tables that fit",
    "feasible-counts": "the counts that fit",
    "feasible-totals": "the totals that fit",
    "recognised": "the measures that give the printed figure",
    "stands": "whether the conclusion stands",
    "under": "with one parameter changed",
}


def in_words(expression: Any, definitions: Mapping[str, Any] | None = None) -> str:
    """A formula in words, such as "sum of samples.number where group is total"."""
    if isinstance(expression, list):
        return ", ".join(in_words(item, definitions) for item in expression)
    if not isinstance(expression, Mapping) or len(expression) != 1:
        return code_words(str(expression))
    name, argument = next(iter(expression.items()))
    if name == "value":
        label = (definitions or {}).get(argument, {}).get("label", argument)
        return f"({label})"
    if name == "param":
        return f"the parameter {_column(argument)}"
    if name == "here":
        return f"its {_column(argument)}"
    if name == "citations":
        return f"references [{str(argument).strip('[]')}]"
    if isinstance(argument, Mapping) and ("of" in argument or "in" in argument):
        return _selection(name, argument, definitions)
    if isinstance(argument, list):
        return _listed(name, argument, definitions)
    called = _NAMES.get(name, code_words(name))
    if isinstance(argument, Mapping) and _is_expression(argument):
        return f"{called} of {in_words(argument, definitions)}"
    if isinstance(argument, Mapping):
        return f"{called} ({_named(argument, definitions)})"
    return f"{called} {in_words(argument, definitions)}"


def _listed(name: str, argument: list[Any], definitions: Mapping[str, Any] | None) -> str:
    parts = [in_words(item, definitions) for item in argument]
    if name in _PAIRS and len(parts) == 2:
        return _PAIRS[name].format(*parts)
    if name in _JOINS:
        joined = _JOINS[name].join(parts)
        return f"{name} of {joined}" if name in ("min", "max") else joined
    return f"{_NAMES.get(name, code_words(name))} ({'; '.join(parts)})"


def _is_expression(argument: Mapping[str, Any]) -> bool:
    """One operator with an argument of its own, and not one setting of the operator around it."""
    name, inner = next(iter(argument.items()))
    return len(argument) == 1 and (name == "value" or isinstance(inner, Mapping | list))


def _named(argument: Mapping[str, Any], definitions: Mapping[str, Any] | None) -> str:
    return "; ".join(
        f"{code_words(key)}: {in_words(item, definitions)}" for key, item in argument.items()
    )


def _selection(
    name: str, argument: Mapping[str, Any], definitions: Mapping[str, Any] | None
) -> str:
    of = argument.get("of", argument.get("in"))
    target = column_words(of) if isinstance(of, str) else in_words(of, definitions)
    if "row" in argument:
        cell = f"{target} ({code_words(str(argument['row']))})"
        return f"what is said elsewhere of {cell}" if name == "mentioned" else cell
    text = _SELECTIONS.get(name, name + " of {0}").format(target)
    if argument.get("where"):
        conditions = (
            f"{_column(column)} {_condition(wanted, definitions)}"
            for column, wanted in argument["where"].items()
        )
        text += " where " + " and ".join(conditions)
    if "that" in argument:
        text += " that have " + " and ".join(
            f"{_column(column)} {_condition(wanted, definitions)}"
            for column, wanted in argument["that"].items()
        )
    if "is" in argument:
        text += f": {in_words(argument['is'], definitions)}"
    return text + (f", once per {_column(argument['once-per'])}" if "once-per" in argument else "")


def column_words(path: str) -> str:
    """ "samples.number" -> "number in samples"."""
    resource, _, column = path.partition(".")
    return f"{_column(column)} in {code_words(resource)}" if column else code_words(resource)


def _column(path: str) -> str:
    return " ".join(map(code_words, str(path).split(".")))


def _condition(wanted: Any, definitions: Mapping[str, Any] | None) -> str:
    if isinstance(wanted, list):
        return "is one of " + ", ".join(code_words(str(item)) for item in wanted)
    if not isinstance(wanted, Mapping):
        return f"is {code_words(str(wanted))}"
    if set(wanted) == {"if", "is"}:
        return f"{_condition(wanted['is'], definitions)} (if {_column(wanted['if'])} is on)"
    name, argument = next(iter(wanted.items()))
    if name == "not":
        return f"is not {_condition(argument, definitions).removeprefix('is ')}"
    if name == "present":
        return "is given" if argument else "is not given"
    if name == "param":
        return f"is as the parameter {_column(argument)} says"
    if name == "here":
        return f"is its {_column(argument)}"
    symbols = {"at-least": "≥", "at-most": "≤", "among": "is among"}
    return f"{symbols.get(name, name)} {in_words(argument, definitions)}"
