"""A mistake in the YAML files beside the data is told as one; none ends as a crash."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from review_companion.errors import CompanionError
from review_companion.evidence.records import every_trace
from review_companion.review import open_review

pytestmark = pytest.mark.integration

Place = tuple[Any, ...]
FEW = 20  # places in a file of which each is tried


def evaluate(root: Path) -> None:
    review = open_review(root)
    list(every_trace(review))
    for name in review.tables_declared:
        review.comparison(name)
    review.dossiers("studies")


def places(content: Any, above: Place = ()) -> Iterator[Place]:
    items = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in items:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from places(value, (*above, key))


def changed(content: Any, place: Place, change: Callable[[Any, Any], object]) -> str:
    whole = copy.deepcopy(content)
    held = whole
    for key in place[:-1]:
        held = held[key]
    change(held, place[-1])
    return yaml.safe_dump(whole, sort_keys=False)


MISTAKES: dict[str, Callable[[Any, Any], object]] = {
    "left out": lambda held, key: held.pop(key),
    "a list": lambda held, key: held.__setitem__(key, ["x"]),
    "a mapping": lambda held, key: held.__setitem__(key, {"x": 1}),
    "empty": lambda held, key: held.__setitem__(key, None),
}


@pytest.mark.generative
@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("name", ["values", "tables", "claims", "parameters", "dossiers"])
def test_no_mistake_is_a_crash(
    fixture_copy: Path, name: str, mistake: str, some: Callable[..., list[Place]]
) -> None:
    path = fixture_copy / "data" / f"{name}.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    told = 0
    every = list(places(content))
    for place in some(every, 4) if len(every) > FEW else every:
        path.write_text(changed(content, place, MISTAKES[mistake]), "utf-8")
        try:
            evaluate(fixture_copy)
        except CompanionError:
            told += 1
    assert told


def said(root: Path, name: str, old: str, new: str) -> CompanionError:
    path = root / "data" / f"{name}.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CompanionError) as caught:
        evaluate(root)
    return caught.value


def test_a_missing_key_is_named_with_its_line_and_what_is_there(fixture_copy: Path) -> None:
    error = said(fixture_copy, "tables", "rows: studies", "rowz: studies")
    assert str(error).startswith("tables.yml:2: “rows” is missing\n  it has caption")


def test_a_column_whose_id_is_no_word_is_named_with_its_line(fixture_copy: Path) -> None:
    error = said(fixture_copy, "tables", "- id: study", "- id: {study: 1}")
    assert "the id of a column is a word" in error.what
    assert str(error.where).startswith("tables.yml:")


def test_a_misspelt_column_is_named_with_its_line_and_column(fixture_copy: Path) -> None:
    error = said(fixture_copy, "tables", "studies.sort(position)", "studies.sort(positon)")
    assert error.where == "tables.yml:4, column 22"
    assert error.hint == "did you mean “position”?"


def test_a_value_that_a_column_does_not_allow_is_named_in_a_template(fixture_copy: Path) -> None:
    error = said(
        fixture_copy, "tables", "one('samples', group='total')", "one('samples', group='totl')"
    )
    assert "samples.group allows no “totl”" in error.what
    assert "did you mean “total”?" in str(error.hint)


def test_what_must_be_a_list_is_named_with_its_line(fixture_copy: Path) -> None:
    path = fixture_copy / "data" / "claims.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["discussion"]["amber-studies"]["readings"] = "both"
    path.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    with pytest.raises(CompanionError, match="“readings” are ways to read a statement") as caught:
        evaluate(fixture_copy)
    assert str(caught.value.where).startswith("claims.yml:")


def test_a_transcription_of_another_width_is_named_with_its_row(fixture_copy: Path) -> None:
    path = fixture_copy / "data" / "published" / "table-2.csv"
    path.write_text(path.read_text("utf-8").replace("4/20 (20%),", "", 1), "utf-8")
    with pytest.raises(CompanionError, match="has 3 cells where the header has 4") as caught:
        evaluate(fixture_copy)
    assert str(caught.value.where).endswith("table-2.csv:2")
