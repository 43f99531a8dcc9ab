"""The ledger: every claim of `claims.yml` with its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from ..data.package import Package
from ..data.yaml_files import mappings
from ..errors import CompanionError
from ..model import BASES, Claim, Locator, Origin, Result, Verdict
from ..trace.evaluator import Evaluator
from ..trace.templates import fill
from ..trace.text import as_text
from . import consistency  # noqa: F401  (adds its operators to the vocabulary)
from .operators import CLAIM_OPERATORS
from .verdicts import Finding, compare, holds, of_readings

__all__ = ["CLAIM_OPERATORS", "Ledger", "explain"]

FORMS = ("compare", "holds", "readings", "judged", "not-computable")
KEYS = {
    "section", "fragment", "printed", "label", "basis", "about", "notes", "studies", "places",
    "matter",
    *FORMS,
}  # fmt: skip
NOTE_KEYS = {"severity", "explanation", "innocent", "settle"}
SEVERITIES = ("minor", "moderate", "major")
FITS = (Verdict.REPRODUCED, Verdict.BY_ROUNDING)
ONCE = "The article states it once, and nothing else in the data bears on it."


class Ledger:
    """Claims over a package. `values` are the named values that claims may use."""

    def __init__(
        self,
        package: Package,
        values: Mapping[str, Any],
        declared: Mapping[str, Any],
        parameters: Mapping[str, Any],
    ) -> None:
        self._package = package
        self._declared = declared
        self._evaluator = Evaluator(package, values, parameters, CLAIM_OPERATORS)
        self._values = values

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim, in the ledger's order."""
        return tuple(self._claim(name, spec) for name, spec in self._declared.items())

    def attempted(self) -> Iterator[tuple[str, Claim | CompanionError]]:
        """Each claim's name with the claim or, where it cannot be computed, the reason."""
        for name, spec in self._declared.items():
            try:
                yield name, self._claim(name, spec)
            except CompanionError as error:
                yield name, error

    def about(self, part: str) -> Iterator[Claim]:
        """The claims about places within a part of the article, those that can be computed."""
        if "claims" in self.__dict__:  # evaluated already
            yield from (c for c in self.claims if c.section.startswith(f"{part}/"))
            return
        for name, spec in self._declared.items():
            section = spec.get("section", "") if isinstance(spec, Mapping) else ""
            if str(section).startswith(f"{part}/"):
                with suppress(CompanionError):  # told where all claims are asked for
                    yield self._claim(name, spec)

    def select(self, **where: str) -> tuple[Claim, ...]:
        """Claims whose fields have these values (`verdict`, `section`, `severity`, `basis`)."""
        return tuple(
            claim
            for claim in self.claims
            if all(str(getattr(claim, field)) == value for field, value in where.items())
        )

    def _claim(self, name: str, spec: Any) -> Claim:
        where = f"{getattr(spec, 'where', 'claims.yml')} ({name})"
        try:
            form = _form(spec)
            finding, result, readings = self._found(form, spec)
            locator = Locator("review", spec["section"], str(spec.get("fragment", "")))
            if finding.verdict in FITS and self._only_itself(locator, result):
                finding = Finding(Verdict.NOT_COMPUTABLE, finding.recomputed, ONCE)
            return self._with_notes(name, spec, locator, finding, result, readings)
        except CompanionError as error:
            place = error.where if error.where and error.where != where else where
            raise CompanionError(
                f"claim {name}: {error.what}", where=place, hint=error.hint
            ) from None

    def _found(
        self, form: str, spec: Mapping[str, Any]
    ) -> tuple[Finding, Result, tuple[tuple[str, str, bool], ...]]:
        printed = str(spec.get("printed", ""))
        if form in ("compare", "holds"):
            finding, result = self._checked(form, spec[form], printed)
            return finding, result, ()
        if form == "readings":
            return self._read(mappings(spec, "readings"), printed)
        about, recomputed = self._about(spec.get("about"))
        if form == "judged":
            return Finding(Verdict(spec["judged"]), recomputed), about, ()
        return Finding(Verdict.NOT_COMPUTABLE, recomputed, str(spec[form])), about, ()

    def _about(self, about: Any) -> tuple[Result, str]:
        """What a claim is about: cells side by side, without a computation between them."""
        if about is None:
            return Result(None), ""
        items = about if isinstance(about, list) else [about]
        results = [self._evaluator.result(item) for item in items]
        return _merged(results), "; ".join(as_text(result.value) for result in results)

    def _checked(self, form: str, expression: Any, printed: str) -> tuple[Finding, Result]:
        result = self._evaluator.result(expression)
        if form == "holds":
            return holds(result.value), result
        bounds = None
        if not isinstance(result.value, tuple | str | bool):
            bounds = self._evaluator.bounds(expression)
        return compare(result.value, printed, bounds), result

    def _read(
        self, readings: Sequence[Mapping[str, Any]], printed: str
    ) -> tuple[Finding, Result, tuple[tuple[str, str, bool], ...]]:
        found = []
        results = []
        for reading in readings:
            form = "holds" if "holds" in reading else "compare"
            text = str(reading.get("printed", printed))
            finding, result = self._checked(form, reading[form], text)
            found.append((str(reading["reading"]), finding))
            results.append(result)
        shown = tuple((label, f.recomputed, f.verdict in FITS) for label, f in found)
        return of_readings(found), _merged(results), shown

    def _only_itself(self, locator: Locator, result: Result) -> bool:
        """Whether all that was read stands in the claim's own place: a thing beside itself."""
        places = [self._package.locator(origin) for origin in result.read]
        known = [place for place in places if place is not None]
        return bool(known) and all(_same_place(locator, place) for place in known)

    def _with_notes(
        self,
        name: str,
        spec: Mapping[str, Any],
        locator: Locator,
        finding: Finding,
        result: Result,
        readings: tuple[tuple[str, str, bool], ...],
    ) -> Claim:
        every = spec.get("notes") or {}
        check_keys(every, {str(verdict) for verdict in Verdict}, "a claim’s notes")
        notes = every.get(str(finding.verdict)) or {}
        check_keys(notes, NOTE_KEYS, "a note")
        names = {
            "printed": spec.get("printed", ""),
            "recomputed": finding.recomputed,
            "v": self._plain,
        }

        def text(key: str, otherwise: str = "") -> str:
            note = fill(str(notes[key]), names) if key in notes else otherwise
            return " ".join(note.split())

        fits = finding.verdict in FITS
        severe = "" if fits or finding.verdict is Verdict.NOT_COMPUTABLE else "moderate"
        return Claim(
            id=name,
            section=str(spec["section"]),
            locator=locator,
            printed=str(spec.get("printed", "")),
            recomputed=finding.recomputed,
            formula=result.formula or "no formula: held against the text",
            verdict=finding.verdict,
            basis=str(spec["basis"]),
            explanation=text("explanation", explain(finding, str(spec.get("printed", "")))),
            origins=result.origins,
            severity=text("severity", severe),
            innocent=text("innocent", "" if fits else INNOCENT.get(finding.verdict, "")),
            settle=text("settle", "" if fits else SETTLE.get(finding.verdict, "")),
            label=str(spec["label"]),
            matter=str(spec.get("matter", "")),
            studies=tuple(spec.get("studies", ())),
            readings=readings,
            membership=result.membership,
        )

    def _plain(self, name: str) -> str:
        definition = self._values.get(name, {})
        result = self._evaluator.named(name)
        return as_text(result.value, definition.get("places")) + str(definition.get("suffix", ""))


INNOCENT = {
    Verdict.INCONSISTENT: "The data or the article changed after the statement was written.",
    Verdict.AMBIGUOUS: "The statement means the reading that fits.",
}
SETTLE = {
    Verdict.INCONSISTENT: "A look at the extraction sheet of the review.",
    Verdict.AMBIGUOUS: "A word from the authors on which reading was meant.",
}


def explain(finding: Finding, printed: str) -> str:
    """What a verdict says where the ledger has no words of its own."""
    if finding.verdict is Verdict.REPRODUCED:
        return "The article agrees with itself here."
    if finding.verdict is Verdict.BY_ROUNDING:
        return f"It fits once rounding is allowed for ({finding.note or 'of the inputs'})."
    if finding.verdict is Verdict.AMBIGUOUS:
        return f"Some defensible readings fit and others do not: {finding.recomputed}."
    if finding.verdict is Verdict.INCONSISTENT:
        return f"Printed is “{printed}”; recomputed: {finding.recomputed}."
    return finding.note or ONCE


def _form(spec: Any) -> str:
    if not isinstance(spec, Mapping):
        raise CompanionError("a claim is a mapping")
    check_keys(spec, KEYS, "a claim")
    forms = [form for form in FORMS if form in spec]
    if len(forms) != 1:
        raise CompanionError(f"a claim has exactly one of: {', '.join(FORMS)}")
    missing = [key for key in ("section", "label", "basis") if key not in spec]
    if missing:
        raise CompanionError(f"a claim needs “{missing[0]}”")
    if str(spec["basis"]) not in BASES:
        raise CompanionError(f"“{spec['basis']}” is no basis", hint=f"known: {', '.join(BASES)}")
    return forms[0]


def check_keys(spec: Mapping[str, Any], keys: set[str], what: str, where: str = "") -> None:
    """Raises CompanionError for a key that is not known, with the one most like it."""
    if not isinstance(spec, Mapping):
        raise CompanionError(f"{what} must be a mapping", where=where or None)
    for key in spec:
        if key not in keys:
            near = get_close_matches(key, keys, 1)
            raise CompanionError(
                f"{what} has no “{key}”",
                where=where or getattr(spec, "where", None),
                hint=f"did you mean “{near[0]}”?" if near else f"known: {', '.join(sorted(keys))}",
            )


def _merged(results: list[Result]) -> Result:
    read: frozenset[Origin] = frozenset().union(*(r.read for r in results))
    looked: frozenset[Origin] = frozenset().union(*(r.looked for r in results))
    return Result(
        value=None,
        read=read,
        looked=looked - read,
        membership=frozenset().union(*(r.membership for r in results)),
        formula="; or ".join(dict.fromkeys(r.formula for r in results)),
    )


def _same_place(claim: Locator, place: Locator) -> bool:
    if claim.section != place.section:
        return False
    one, other = claim.fragment, place.fragment
    return not one or not other or one in other or other in one
