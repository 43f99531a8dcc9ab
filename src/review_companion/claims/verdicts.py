"""What follows from a claim: its verdict at printed precision, its studies and its basis."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..errors import CompanionError
from ..expressions.aggregates import citations
from ..expressions.functions import FUNCTIONS
from ..expressions.parse import called, parse
from ..model import Origin, Verdict
from ..package.numerals import numerals
from ..package.package import Package
from ..stats.printed import parse_printed
from ..stats.rounding import Interval, hold_against, interval
from ..text import as_text

FITS = (Verdict.REPRODUCED, Verdict.BY_ROUNDING)
OPEN = (Verdict.INCONSISTENT, Verdict.AMBIGUOUS)
MISSING = "What would be needed is missing."
ONCE = "The article states it once, and nothing else in the data bears on it."
INNOCENT = {
    Verdict.INCONSISTENT: "The data or the article changed after the statement was written.",
    Verdict.AMBIGUOUS: "The statement means the reading that fits.",
}
SETTLE = {
    Verdict.INCONSISTENT: "A look at the extraction sheet of the review.",
    Verdict.AMBIGUOUS: "A word from the authors on which reading was meant.",
}
STUDIES = "studies"
FEW = 2
CALCULATING = ("Numbers", "Tables of two by two", "Printed statistics")
ADDING = ("sum", "total", "rest")
_SETS = ("set", "list", "citations")


@dataclass(frozen=True)
class Finding:
    """A verdict with the recomputed value as text and a note on what it rests on."""

    verdict: Verdict
    recomputed: str
    note: str = ""


def compare_with_printed(value: Any, printed: str, bounds: Any = None) -> Finding:
    """A recomputed value against what is printed.

    Numbers by rounding (see `stats.rounding.hold_against`), sets by their members, anything else
    as text, white space folded. `bounds` is the value with the inputs' rounding carried through.
    """
    if value is None:
        return Finding(Verdict.NOT_COMPUTABLE, "", MISSING)
    _require_figure(value, printed)
    if isinstance(value, tuple | list):
        same = {str(item) for item in value} in (_members(printed), _references(printed))
        return Finding(_verdict(same), as_text(tuple(value)))
    if isinstance(value, int | Fraction | Decimal) and not isinstance(value, bool):
        return _number(Fraction(value), printed, bounds)
    same = " ".join(str(value).split()) == " ".join(printed.split())
    return Finding(_verdict(same), str(value))


def _members(printed: str) -> set[str]:
    return {part.strip() for part in printed.strip("[] ").split(",") if part.strip()}


def _references(printed: str) -> set[str]:
    """The references that a printed citation has, those within its ranges too: of “[2–4]” three."""
    with suppress(CompanionError, ValueError):
        return set(citations(printed))
    return set()


def _require_figure(value: Any, printed: str) -> None:
    """Raises CompanionError where a figure is printed and the check gives words, a range or a
    date: an expression that is not the meant one, of which the article cannot be accused."""
    words = value if isinstance(value, tuple | list) else [value]
    if not words or not all(isinstance(word, str) and not _is_number(word) for word in words):
        return
    if _is_number(printed):
        hint = "compute a number, or say with == what is to hold"
        what = f"the figure “{printed}” is printed, and the check gives no figure: “{words[0]}”"
        raise CompanionError(what, hint=hint)


def _is_number(text: str) -> bool:
    with suppress(CompanionError):
        parse_printed(text)
        return True
    return False


def holds(value: Any) -> Finding:
    """The finding on a statement that should be true."""
    if value is None:
        return Finding(
            Verdict.NOT_COMPUTABLE, "", "An empty cell, rounding or a bound leaves it open."
        )
    if not isinstance(value, bool):
        raise CompanionError(f"“holds” needs a statement that is true or false, not “{value}”")
    return Finding(_verdict(value), "holds" if value else "does not hold")


def of_readings(findings: list[tuple[str, Finding]]) -> Finding:
    """The verdict over several defensible readings: all agree, none does, or it depends.

    Where none fits, and one cannot be computed, that one might.
    """
    verdicts = [finding.verdict for _, finding in findings]
    fits = [verdict in FITS for verdict in verdicts]
    shown = "; ".join(f"{label}: {finding.recomputed}" for label, finding in findings)
    if all(fits):
        by_rounding = Verdict.BY_ROUNDING in verdicts
        return Finding(Verdict.BY_ROUNDING if by_rounding else Verdict.REPRODUCED, shown)
    if any(fits):
        return Finding(Verdict.AMBIGUOUS, shown)
    if Verdict.NOT_COMPUTABLE in verdicts:
        return Finding(Verdict.NOT_COMPUTABLE, shown, MISSING)
    return Finding(Verdict.INCONSISTENT, shown)


def explanation_of(finding: Finding, printed: str) -> str:
    """The explanation of a verdict for which the claim has no words of its own."""
    if finding.verdict is Verdict.REPRODUCED:
        return "The article agrees with itself here."
    if finding.verdict is Verdict.BY_ROUNDING:
        return f"It fits once rounding is allowed for ({finding.note or 'of the inputs'})."
    if finding.verdict is Verdict.AMBIGUOUS:
        return f"Some defensible readings fit and others do not: {finding.recomputed}."
    if finding.verdict is Verdict.INCONSISTENT:
        return f"Printed is “{printed}”; recomputed: {finding.recomputed}."
    return finding.note or ONCE


def _verdict(same: bool) -> Verdict:
    return Verdict.REPRODUCED if same else Verdict.INCONSISTENT


def _number(value: Fraction, printed: str, bounds: Any) -> Finding:
    figure = parse_printed(printed)
    if figure.operator:
        return Finding(_verdict(value in interval(figure)), full_precision(value))
    why = hold_against(value, figure, bounds if isinstance(bounds, Interval) else None)
    verdict = Verdict.BY_ROUNDING if why else _verdict(why is not None)
    return Finding(verdict, full_precision(value), why or "")


def full_precision(value: Fraction) -> str:
    """The value exactly where it has few decimals, else to six significant digits, and to all
    of its whole number."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if exact == exact.to_integral_value():
        return str(int(exact))
    if Fraction(exact) == value and len(exact.as_tuple().digits) <= 8:
        return f"{exact.normalize():f}"
    return f"{exact:.{max(6, exact.adjusted() + 1)}g}"


def studies_of(
    name: str, section: str, checks: Iterable[str], read: Iterable[Origin], package: Package
) -> tuple[str, ...]:
    """The studies that a claim is about: those in its name or place, else those that its checks
    name, else those of the cells that were read if they are one or two, and not all."""
    if STUDIES not in package.resources:
        return ()
    known = package[STUDIES].rows
    studies = (names_within(name) | {*section.split("/")}) & known.keys()
    if not studies:
        studies = set().union(*map(_words, checks)) & known.keys()
    if not studies:
        studies = {_study(origin, package) for origin in read} & known.keys()
        if len(studies) > FEW or studies == known.keys():
            return ()
    if len(studies) < 2:  # without a search through all studies, of which there may be thousands
        return tuple(studies)
    return tuple(key for key in known if key in studies)


def names_within(name: str) -> set[str]:
    """The parts of a name between its hyphens and slashes: "a-b" has "a-b", "a" and "b".

    They are looked up among the studies: searching for every study in every claim would take
    studies times claims.
    """
    cuts = [cut.start() for cut in re.finditer("[-/]", name)]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(name)]
    return {name[start:end] for start in starts for end in ends if start < end}


@lru_cache(maxsize=20_000)
def _words(expression: str) -> frozenset[str]:
    """The parts of the texts that an expression names."""
    constants = (n.value for n in ast.walk(_tree(expression)) if isinstance(n, ast.Constant))
    texts = (value for value in constants if isinstance(value, str))
    return frozenset(part for text in texts for part in text.split("/"))


def _tree(expression: str) -> ast.AST:
    try:
        return parse(expression)
    except CompanionError:
        return ast.Module([], [])  # evaluation says what is wrong


def _study(origin: Origin, package: Package) -> str:
    resource = package[origin.resource]
    if resource.name == STUDIES:
        return origin.row
    link = next((c for c, target in resource.foreign_keys.items() if target == STUDIES), None)
    return resource.rows[origin.row][link] if link and origin.row in resource.rows else ""


def basis_of(checks: Iterable[str], printed: str, expressions: Mapping[str, str]) -> str:
    """What is compared: "arithmetic" where a check calculates, directly or in a named value, or
    where a figure has no check; else "other-place": the same fact printed twice."""
    waiting, seen = list(checks), set[str]()
    if not waiting:
        return "arithmetic" if numerals(printed) else "other-place"
    while waiting:
        calculates, names = _analysed(waiting.pop())
        if calculates:
            return "arithmetic"
        named = names & expressions.keys()
        waiting += [expressions[name] for name in named - seen]
        seen |= named
    return "other-place"


@lru_cache(maxsize=20_000)
def _analysed(expression: str) -> tuple[bool, frozenset[str]]:
    """Whether an expression calculates, and the names in it: once for all rows that have it."""
    tree = _tree(expression)
    names = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return _calculates(tree), frozenset(names)


def _calculates(node: ast.AST) -> bool:
    """Whether figures are calculated with; counting, comparing and joining sets is none of it."""
    match node:
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd()):
            found = False
        case ast.BinOp():
            found = not _is_set(node)
        case ast.Compare():
            found = _orders_figures(node)
        case ast.Call():
            name, _ = called(node)
            found = name in ADDING or (name in FUNCTIONS and FUNCTIONS[name].group in CALCULATING)
        case _:
            found = False
    return found or any(_calculates(child) for child in ast.iter_child_nodes(node))


def _orders_figures(node: ast.Compare) -> bool:
    """Whether it asks which figure is larger, other than zero."""
    orders = any(isinstance(sign, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for sign in node.ops)
    return orders and all(map(_is_figure, (node.left, *node.comparators)))


def _is_figure(node: ast.AST) -> bool:
    is_zero = isinstance(node, ast.Constant) and node.value == 0
    return not is_zero and not _is_set(node)


def _is_set(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_set(node.left) or _is_set(node.right)
    named = node.func if isinstance(node, ast.Call) else None
    return isinstance(node, ast.Set) or (isinstance(named, ast.Name) and named.id in _SETS)


def is_one_cell(check: str) -> bool:
    """Whether a check is no more than a cell."""
    return bool(check) and isinstance(parse(check), ast.Attribute)


def is_statement(check: str) -> bool:
    """Whether a check says something that holds or not, rather than computing a figure."""
    tree = parse(check)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        function = FUNCTIONS.get(tree.func.id)
        return function is not None and "bool" in function.gives
    return isinstance(tree, ast.Compare | ast.BoolOp) or (
        isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    )
