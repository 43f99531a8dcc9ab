"""The extraction exercise: one study's fields to fill in, and what the review has for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import CompanionError
from ..model import Result
from ..package.yaml_files import read_yaml
from ..package.yaml_nodes import check_keys
from ..review import Review
from ..text import as_text, in_words
from .wording import Wording

FILE = "extraction.yml"
KEYS = {"of", "label", "source", "units", "fields"}
FIELD_KEYS = {"ask", "unit", "value", "holds", "stated"}
CHOICES = ("yes", "no", "not reported")


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
class Extraction:
    """A form for one study; `source` says which paper to fetch."""

    study: str
    label: str
    source: str
    units: tuple[str, ...]
    fields: tuple[Field, ...]


def read_extraction(review: Review) -> Extraction:
    """The form that `extraction.yml` declares. Raises CompanionError where there is none."""
    spec = read_yaml(review.package.folder / FILE)
    if not spec:
        raise CompanionError("no form of extraction is declared", where=FILE)
    check_keys(spec, KEYS, "a form of extraction", FILE)
    wording = Wording(review, "form", {}, FILE)
    rows = wording.rows(str(spec["of"]))
    if len(rows) != 1:
        raise CompanionError(f"a form is of one row, not of {len(rows)}", where=FILE, hint="of: …")
    row = rows[0]
    return Extraction(
        study=row.key,
        label=wording.plain(spec["label"], row),
        source=wording.plain(spec["source"], row),
        units=tuple(map(str, spec["units"])),
        fields=tuple(_field(review, wording, name, one) for name, one in spec["fields"].items()),
    )


def _field(review: Review, wording: Wording, name: str, spec: Mapping[str, Any]) -> Field:
    check_keys(spec, FIELD_KEYS, f"field {name}", getattr(spec, "where", FILE))
    result = wording.result(spec["value" if "value" in spec else "holds"])
    value = as_text(result.value) if "value" in spec else _choice(wording, spec, result)
    return Field(name, str(spec["ask"]), str(spec.get("unit", "")), value, _place(review, result))


def _choice(wording: Wording, spec: Mapping[str, Any], result: Result) -> str:
    unstated = "stated" in spec and wording.result(spec["stated"]).value is not True
    if unstated or result.value is None:
        return "not reported"
    return "yes" if result.value is True else "no"


def _place(review: Review, result: Result) -> str:
    """Where the cells that the value read are printed."""
    places = {
        f"{in_words(locator.section)}: “{locator.fragment}”"
        for origin in sorted(result.read)
        if (locator := review.package.locator(origin)) is not None
    }
    return "; ".join(sorted(places))
