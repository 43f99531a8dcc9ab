"""From a claim's check to its verdict, at printed precision."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..errors import CompanionError
from ..model import Verdict
from ..stats.printed import parse_printed
from ..stats.rounding import Interval, Outcome, hold_against, interval
from ..text import as_text

OUTCOMES = {
    Outcome.EXACT: Verdict.REPRODUCED,
    Outcome.BY_ROUNDING: Verdict.BY_ROUNDING,
    Outcome.IMPOSSIBLE: Verdict.INCONSISTENT,
    Outcome.INAPPLICABLE: Verdict.NOT_COMPUTABLE,
}
FITS = (Verdict.REPRODUCED, Verdict.BY_ROUNDING)
ONCE = "The article states it once, and nothing else in the data bears on it."
INNOCENT = {
    Verdict.INCONSISTENT: "The data or the article changed after the statement was written.",
    Verdict.AMBIGUOUS: "The statement means the reading that fits.",
}
SETTLE = {
    Verdict.INCONSISTENT: "A look at the extraction sheet of the review.",
    Verdict.AMBIGUOUS: "A word from the authors on which reading was meant.",
}


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
        return Finding(Verdict.NOT_COMPUTABLE, "", "what would be needed is missing")
    if isinstance(value, tuple | list):
        members = {part.strip() for part in printed.strip("[] ").split(",") if part.strip()}
        return Finding(_verdict({str(item) for item in value} == members), as_text(tuple(value)))
    if isinstance(value, int | Fraction | Decimal) and not isinstance(value, bool):
        return _number(Fraction(value), printed, bounds)
    same = " ".join(str(value).split()) == " ".join(printed.split())
    return Finding(_verdict(same), str(value))


def holds(value: Any) -> Finding:
    """The finding on a statement that should be true."""
    if value is None:
        return Finding(Verdict.NOT_COMPUTABLE, "", "rounding or a bound leaves it open")
    if not isinstance(value, bool):
        raise CompanionError(f"“holds” needs a statement that is true or false, not “{value}”")
    return Finding(_verdict(value), "holds" if value else "does not hold")


def of_readings(findings: list[tuple[str, Finding]]) -> Finding:
    """The verdict over several defensible readings: all agree, none does, or it depends."""
    fits = [finding.verdict in FITS for _, finding in findings]
    shown = "; ".join(f"{label}: {finding.recomputed}" for label, finding in findings)
    if all(fits):
        by_rounding = any(f.verdict is Verdict.BY_ROUNDING for _, f in findings)
        return Finding(Verdict.BY_ROUNDING if by_rounding else Verdict.REPRODUCED, shown)
    return Finding(Verdict.AMBIGUOUS if any(fits) else Verdict.INCONSISTENT, shown)


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
    check = hold_against(value, figure, bounds if isinstance(bounds, Interval) else None)
    return Finding(OUTCOMES[check.outcome], full_precision(value), check.note)


def full_precision(value: Fraction) -> str:
    """The value exactly where it has few decimals, else to six significant digits."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if exact == exact.to_integral_value():
        return str(int(exact))
    if Fraction(exact) == value and len(exact.as_tuple().digits) <= 8:
        return f"{exact.normalize():f}"
    return f"{exact:.6g}"
