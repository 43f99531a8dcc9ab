"""The ledger: every claim of `claims.csv` and `claims.yml` with its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

from ..errors import CompanionError
from ..expressions import Evaluator, RowRef
from ..expressions.evaluator import identifier
from ..expressions.templates import fill
from ..model import Claim, Locator, Result, Verdict, merged
from ..package.locators import occurrences
from ..package.package import Remembered
from ..package.yaml_nodes import place_of
from ..text import as_text
from .declared import DeclaredClaim, NamedClaim, is_standing
from .for_each import LedgerEntry, MadeClaim, ledger_entries
from .verdicts import (
    FITS,
    INNOCENT,
    ONCE,
    OPEN,
    SETTLE,
    Finding,
    basis_of,
    compare_with_printed,
    explanation_of,
    holds,
    is_one_cell,
    is_statement,
    of_readings,
    studies_of,
)


class NoClaim(Enum):
    """Why a standing check makes no claim."""

    HOLDS = "it holds, which proves nothing"
    IDLE = "it does not apply to the row"


Judged = Claim | CompanionError | NoClaim
ReadingResults = tuple[tuple[str, str, bool], ...]


class Judgement(NamedTuple):
    """The finding on a claim, what it rests on, and what each of its readings comes to."""

    finding: Finding
    result: Result
    readings: ReadingResults = ()


class Ledger:
    """The claims that are declared, over the package and the named values of an evaluator."""

    def __init__(self, evaluator: Evaluator, declared: Sequence[NamedClaim]) -> None:
        self._evaluator, self._package = evaluator, evaluator.package
        self._declared = [(name, claim) for name, claim in declared if not is_standing(name)]
        self._comments = {name: claim for name, claim in declared if is_standing(name)}
        self._expressions = {
            identifier(name): str(value.get("expression", ""))
            for name, value in evaluator.definitions.items()
        }
        self._known = Remembered[str, Judged]()

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim, in the ledger's order. Raises CompanionError for the first that fails."""
        found = [claim for _, claim in self.attempted()]
        for error in (claim for claim in found if isinstance(claim, CompanionError)):
            raise error
        return tuple(claim for claim in found if isinstance(claim, Claim))

    @property
    def silent(self) -> int:
        """How many standing checks hold and make no claim, since holding proves nothing."""
        return sum(self._judged(name, made) is NoClaim.HOLDS for name, made in self._each)

    @property
    def declared(self) -> Iterator[DeclaredClaim]:
        """Every claim as it is declared, those of `for-each` row by row, and every comment."""
        for name, made in self._each:
            if isinstance(made, MadeClaim) and not is_standing(name):
                yield made.claim
        for comment in self._comments.values():
            if isinstance(comment, DeclaredClaim):
                yield comment

    def attempted(self) -> Iterator[tuple[str, Claim | CompanionError]]:
        """Each claim's name with the claim or, where it cannot be computed, the error."""
        for name, made in self._each:
            found = self._judged(name, made)
            if not isinstance(found, NoClaim):
                yield name, found

    def about(self, part: str) -> Iterator[Claim]:
        """The claims about places within a part of the article, those that can be computed."""
        for name, made in self._each:
            if isinstance(made, MadeClaim) and made.claim.section.startswith(f"{part}/"):
                found = self._judged(name, made)
                if isinstance(found, Claim):
                    yield found

    def _judged(self, name: str, made: MadeClaim | CompanionError) -> Judged:
        """The claim with its verdict, computed once."""
        return self._known.get(name, lambda: self._attempt(made))

    def _attempt(self, made: MadeClaim | CompanionError) -> Judged:
        try:
            return self._judge(made)
        except CompanionError as error:
            return error

    def continue_from(self, other: Ledger, changed: set[str]) -> None:
        """Takes over the verdicts that rest on none of the changed resources."""
        before, now = dict(other._each), dict(self._each)

        def is_same(name: str, found: Judged) -> bool:
            old, new = before[name], now.get(name)
            if isinstance(old, CompanionError) or not isinstance(new, MadeClaim):
                return False
            return old.rests_on == new.rests_on and not isinstance(found, CompanionError)

        self._known.take(other._known, changed, is_same)

    @cached_property
    def _each(self) -> list[LedgerEntry]:
        return ledger_entries(self._evaluator, self._declared, self._comments)

    def _judge(self, made: MadeClaim | CompanionError) -> Judged:
        if isinstance(made, CompanionError):
            raise made
        claim = made.claim
        if not is_standing(claim.id):
            return self._build(made)
        outcome = NoClaim.IDLE
        with suppress(CompanionError):  # a figure that the rule does not apply to
            found = self._build(made)
            if claim.bound and found.verdict in FITS:
                outcome = NoClaim.HOLDS
            elif found.verdict is not Verdict.NOT_COMPUTABLE or claim.because:
                return found
        if claim.id in self._comments:
            what, hint = f"the standing check {claim.id} finds nothing", "remove the comment"
            raise CompanionError(what, where=claim.where, hint=hint)
        return outcome

    def _build(self, made: MadeClaim) -> Claim:
        claim = made.claim
        try:
            self._require_studies(claim)
            judgement = self._judgement(claim, made.row)
            finding, result = judgement.finding, judgement.result
            locator = Locator("review", claim.section, claim.fragment)
            one_cell = is_one_cell(claim.check) and not claim.judged and len(result.read) == 1
            # one that differs from what its own place prints was mistyped: no fault of the article
            slip = one_cell and finding.verdict is Verdict.INCONSISTENT
            if (slip or finding.verdict in FITS) and self._only_itself(locator, result):
                finding = Finding(Verdict.NOT_COMPUTABLE, finding.recomputed, ONCE)
            looked = result.looked | (made.cells - result.read)
            result = replace(result, looked=looked, formula=made.in_words(result.formula))
            return self._record(claim, locator, Judgement(finding, result, judgement.readings))
        except CompanionError as error:
            raise CompanionError(
                f"claim {claim.id}: {error.what}", where=error.where or claim.where, hint=error.hint
            ) from None

    def _require_studies(self, claim: DeclaredClaim) -> None:
        known = self._package["studies"].rows if claim.studies else {}
        for study in claim.studies or ():
            if study not in known:
                hint = f"known: {', '.join(known)}"
                where = place_of(study, claim.where)
                raise CompanionError(f"no study is named “{study}”", where=where, hint=hint)

    def _judgement(self, claim: DeclaredClaim, row: RowRef | None) -> Judgement:
        if claim.judged or claim.because or not claim.checks:
            return self._not_compared(claim, row)
        if claim.readings:
            return self._of_readings(claim, row)
        finding, result = self._compared(claim.check, claim.printed, row)
        if claim.doubt and finding.verdict is Verdict.INCONSISTENT:
            doubt = self._evaluator.result(claim.doubt, row)
            if doubt.value is not False:
                finding = replace(finding, verdict=Verdict.AMBIGUOUS)
            result = merged([result, doubt], formula=result.formula)
        return Judgement(finding, result)

    def _not_compared(self, claim: DeclaredClaim, row: RowRef | None) -> Judgement:
        """The verdict that the claim itself gives, or that it cannot be computed."""
        verdict = Verdict(claim.judged or Verdict.NOT_COMPUTABLE)
        if not claim.check:
            return Judgement(Finding(verdict, "", claim.because), Result(None))
        result = self._evaluator.result(claim.check, row)
        shown = _side_by_side(result.value, claim.check)
        return Judgement(Finding(verdict, shown, claim.because), result)

    def _of_readings(self, claim: DeclaredClaim, row: RowRef | None) -> Judgement:
        findings: list[tuple[str, Finding]] = []
        results: list[Result] = []
        for reading in claim.readings:
            printed = reading.printed or claim.printed
            finding, result = self._compared(reading.check, printed, row)
            findings.append((reading.label, finding))
            results.append(result)
        formula = "; or ".join(dict.fromkeys(result.formula for result in results))
        shown = tuple((label, each.recomputed, each.verdict in FITS) for label, each in findings)
        return Judgement(of_readings(findings), merged(results, formula=formula), shown)

    def _compared(self, check: str, printed: str, row: RowRef | None) -> tuple[Finding, Result]:
        result = self._evaluator.result(check, row, computed=True)
        try:
            if isinstance(result.value, bool) or (result.value is None and is_statement(check)):
                return holds(result.value), result
            bounds = None
            if not isinstance(result.value, tuple | str):
                bounds = self._evaluator.bounds(check, row)
            return compare_with_printed(result.value, printed, bounds), result
        except CompanionError as error:
            error.where = error.where or place_of(printed, "") or None
            raise

    def _only_itself(self, locator: Locator, result: Result) -> bool:
        """Whether every cell that was read is printed where the claim is: no second source."""
        places = [self._package.locator(origin) for origin in result.read]
        known = [place for place in places if place is not None]
        return bool(known) and all(_same_place(locator, place) for place in known)

    def _record(self, claim: DeclaredClaim, locator: Locator, judgement: Judgement) -> Claim:
        finding, result, readings = judgement
        is_open = finding.verdict in OPEN
        ours = _said_of(claim, finding.verdict)
        names = {
            "printed": claim.printed,
            "recomputed": finding.recomputed,
            "v": self._evaluator.shown,
        }

        def text(own: str, otherwise: str = "") -> str:
            note = fill(own, names, claim.where) if own else otherwise
            return " ".join(note.split())

        explanation = claim.notes.get(str(finding.verdict), claim.because)
        return Claim(
            id=claim.id,
            section=claim.section,
            locator=locator,
            printed=claim.printed,
            recomputed=finding.recomputed,
            formula=result.formula or "no formula: held against the text",
            verdict=finding.verdict,
            basis=self._basis(claim),
            explanation=text(explanation, explanation_of(finding, claim.printed)),
            origins=result.origins,
            severity=ours.severity or ("moderate" if is_open else ""),
            innocent=text(ours.innocent, INNOCENT.get(finding.verdict, "")),
            settle=text(ours.settle, SETTLE.get(finding.verdict, "")),
            changes=text(ours.changes),
            label=claim.label,
            matter=claim.matter,
            found=text(ours.found),
            concerns=claim.concerns if is_open else "",
            studies=self._studies(claim, result),
            readings=readings,
            membership=result.membership,
        )

    def _basis(self, claim: DeclaredClaim) -> str:
        if claim.basis or claim.judged:
            return claim.basis or "judged"
        return basis_of(claim.checks, claim.printed, self._expressions)

    def _studies(self, claim: DeclaredClaim, result: Result) -> tuple[str, ...]:
        if claim.studies is not None:
            return tuple(map(str, claim.studies))
        return studies_of(claim.id, claim.section, claim.checks, result.origins, self._package)


def _said_of(claim: DeclaredClaim, verdict: Verdict) -> DeclaredClaim:
    """The claim, if its severity, innocent reading and so on are about such a verdict, or none.

    They are about the verdicts that it has notes on; without notes, and in a standing check, about
    every finding.
    """
    if claim.notes and not is_standing(claim.id):
        applies = str(verdict) in claim.notes
    else:
        applies = verdict in OPEN
    return claim if applies else DeclaredClaim(claim.id, claim.where)


def _side_by_side(value: Any, check: str) -> str:
    """The figures that a claim is about, listed, where no computation connects them."""
    if isinstance(value, tuple) and check.lstrip().startswith("["):
        return "; ".join(map(as_text, value))
    return as_text(value)


def _same_place(claim: Locator, place: Locator) -> bool:
    """Whether one section is the other or lies within it, and one fragment holds the other."""
    ours, theirs = f"{claim.section}/", f"{place.section}/"
    if not (ours.startswith(theirs) or theirs.startswith(ours)):
        return False
    one, other = claim.fragment, place.fragment
    return not one or not other or _is_in(one, other) or _is_in(other, one)


def _is_in(words: str, text: str) -> bool:
    """Whether a text holds words, and not merely their letters: “5 women” is not in “15 women”."""
    return words in text and occurrences(words, [text]) > 0
