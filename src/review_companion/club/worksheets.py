"""What participants fill in: worksheets for appraisal, and a form to extract a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import CompanionError, require_known
from ..package.files import csv_text
from ..review import Review
from ..text import as_text, section_in_words
from .question import Wording
from .session import read_definitions, record

APPRAISAL, EXTRACTION = "appraisal.yml", "extraction.yml"
COLUMNS = ("item", "tool", "subject", "domain", "asks", "shows", "judgement", "reason")
CHOICES = YES, NO, NOT_REPORTED = ("yes", "no", "not reported")


@dataclass(frozen=True)
class AppraisalItem:
    """An item of a tool; `shows` is a template of what the data say."""

    domain: str
    asks: str
    shows: str
    critical: bool = False


@dataclass(frozen=True)
class Appraisal:
    """A worksheet: a published tool (paraphrased), its judgements, its items.

    `each` chooses what is appraised, `label` is a template of its name; `subjects` maps its keys to
    these names, and `shown` to what the data say for each item.
    """

    id: str
    tool: str
    version: str
    link: str
    title: str
    about: str
    each: str
    label: str
    judgements: Sequence[str]
    items: Mapping[str, AppraisalItem]
    subjects: Mapping[str, str]
    shown: Mapping[str, Mapping[str, str]]

    def subject(self, key: str) -> str:
        """The key of the only subject, or this one; raises CompanionError for an unknown one."""
        chosen = next(iter(self.subjects)) if len(self.subjects) == 1 else key
        require_known(chosen, self.subjects, f"worksheet {self.id} has no")
        return chosen


def read_appraisal(review: Review) -> tuple[Appraisal, ...]:
    """The worksheets that `appraisal.yml` declares, filled with what the data show."""
    declared = read_definitions(review, APPRAISAL)
    return tuple(_appraisal(review, name, spec) for name, spec in declared.items())


def _appraisal(review: Review, name: str, spec: Mapping[str, Any]) -> Appraisal:
    wording = Wording(review, name, {}, APPRAISAL)
    items = {key: record(AppraisalItem, item) for key, item in spec["items"].items()}
    rows = wording.rows(spec["each"])
    subjects = {row.key: wording.plain(spec["label"], row) for row in rows}
    shown = {
        row.key: {key: wording.plain(item.shows, row) for key, item in items.items()}
        for row in rows
    }
    return record(Appraisal, spec, id=name, items=items, subjects=subjects, shown=shown)


def to_csv(appraisals: Iterable[Appraisal]) -> str:
    """Every item for every subject, judgement and reason blank; keyed tool/subject/item."""
    lines: list[Sequence[str]] = [COLUMNS]
    for sheet in appraisals:
        for key, subject in sheet.subjects.items():
            for name, item in sheet.items.items():
                row, shows = f"{sheet.id}/{key}/{name}", sheet.shown[key][name]
                lines.append((row, sheet.tool, subject, item.domain, item.asks, shows, "", ""))
    return csv_text(lines)


@dataclass(frozen=True)
class Field:
    """A field of the form: a number with its unit, or (without one) a choice.

    `value` is what the review extracted, `place` where that is printed.
    """

    id: str
    ask: str
    unit: str
    value: str
    place: str


@dataclass(frozen=True)
class ExtractionForm:
    """A form for one study; `source` says which paper to fetch."""

    study: str
    label: str
    source: str
    units: tuple[str, ...]
    fields: tuple[Field, ...]


def read_extraction(review: Review) -> ExtractionForm:
    """The form that `extraction.yml` declares. Raises CompanionError where there is none."""
    if not (review.package.folder / EXTRACTION).is_file():
        raise CompanionError("no form of extraction is declared", where=EXTRACTION)
    spec = read_definitions(review, EXTRACTION)
    wording = Wording(review, "form", {}, EXTRACTION)
    rows = wording.rows(str(spec["of"]))
    if len(rows) != 1:
        what = f"a form is of one row, not of {len(rows)}"
        raise CompanionError(what, where=EXTRACTION, hint="of: …")
    label, source = (wording.plain(spec[each], rows[0]) for each in ("label", "source"))
    fields = tuple(_field(review, wording, name, one) for name, one in spec["fields"].items())
    return ExtractionForm(rows[0].key, label, source, tuple(map(str, spec["units"])), fields)


def _field(review: Review, wording: Wording, name: str, spec: Mapping[str, Any]) -> Field:
    if "value" in spec:
        result = wording.result(spec["value"])
        value = as_text(result.value)
    else:
        result = wording.result(spec["holds"])
        is_stated = "stated" not in spec or wording.result(spec["stated"]).value is True
        holds = result.value if is_stated else None
        value = NOT_REPORTED if holds is None else YES if holds is True else NO
    places = {
        f"{section_in_words(locator.section)}: “{locator.fragment}”"
        for origin in result.read
        if (locator := review.package.locator(origin)) is not None
    }
    unit = str(spec.get("unit", ""))
    return Field(name, str(spec["ask"]), unit, value, "; ".join(sorted(places)))
