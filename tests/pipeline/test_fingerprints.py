"""What a digest of names covers: values, origins, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.pipeline.small_project import replace_in

from review_companion.errors import CompanionError
from review_companion.pipeline.fingerprints import KINDS, Fingerprints
from review_companion.review import open_review


def digest(project: Path, *asked: str, everything: str = "e") -> str:
    return Fingerprints(lambda: open_review(project), everything)(asked)


@pytest.mark.parametrize(
    "asked", ["value:sleepers-total", "table:table-1", "comparison:table-1", "claims:", "traces:"]
)
def test_a_cell_that_was_read_changes_the_digest(fixture_copy: Path, asked: str) -> None:
    before = digest(fixture_copy, asked)
    replace_in(fixture_copy / "data/samples.csv", ",40,", ",41,")
    assert digest(fixture_copy, asked) != before


@pytest.mark.parametrize("asked", ["value:sleepers-total", "value:studies-total", "table:table-1"])
def test_a_note_that_nobody_reads_does_not(fixture_copy: Path, asked: str) -> None:
    before = digest(fixture_copy, asked)
    replace_in(fixture_copy / "data/samples.csv", "review-only,", "review-only,a note")
    assert digest(fixture_copy, asked) == before


def test_the_same_value_from_another_cell_is_another_digest(fixture_copy: Path) -> None:
    before = digest(fixture_copy, "value:sleepers-total")
    replace_in(fixture_copy / "data/samples.csv", "alpha-2001/total", "alpha-2001/all")
    replace_in(fixture_copy / "data/samples.csv", "alpha-2001/total", "alpha-2001/all")
    assert digest(fixture_copy, "value:sleepers-total") != before


def test_a_whole_resource_covers_every_cell(fixture_copy: Path) -> None:
    before = digest(fixture_copy, "resource:samples")
    replace_in(fixture_copy / "data/samples.csv", "review-only,", "review-only,a note")
    assert digest(fixture_copy, "resource:samples") != before


def test_the_order_in_which_names_were_asked_for_does_not_matter(fixture_copy: Path) -> None:
    names = ("value:sleepers-total", "value:studies-total")
    assert digest(fixture_copy, *names) == digest(fixture_copy, *reversed(names))


def test_a_name_of_an_unknown_kind_depends_on_everything(fixture_copy: Path) -> None:
    assert "inputs" not in KINDS
    one = digest(fixture_copy, "inputs:", everything="one")
    assert digest(fixture_copy, "inputs:", everything="two") != one


@pytest.mark.parametrize("kind", ["value", "table", "text", "figure", "resource", "comparison"])
def test_a_name_that_is_gone_is_an_error(fixture_copy: Path, kind: str) -> None:
    with pytest.raises(CompanionError):
        digest(fixture_copy, f"{kind}:gone")
