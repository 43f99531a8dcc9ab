"""Questions follow the data: another cell gives another answer, or none and the reason."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from review_companion.club import generate
from review_companion.club.generate import Questions
from review_companion.club.pages import Club
from review_companion.club.question import Question
from review_companion.review import open_review

pytestmark = pytest.mark.integration

Cells = dict[tuple[str, str, str], str]
Ask = Callable[[str, Cells], Questions]


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(root / "data", folder / "data")
    shutil.copyfile(root / "_quarto.yml", folder / "_quarto.yml")
    return folder


@pytest.fixture
def ask(copy: Path, root: Path, club: Club, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """One question with some cells (resource, row, column) changed."""
    specs = dict(generate.declared(club.review))
    assert club.generated.dropped == ()

    def asked(name: str, cells: Cells) -> Questions:
        for (resource, row, column), value in cells.items():
            change(copy / f"data/{resource}.csv", row, column, value)
        monkeypatch.setattr(generate, "declared", lambda review: {name: specs[name]})
        return generate.generate(open_review(copy), replace(club.session, plans=()))

    yield asked
    for path in (root / "data").glob("*.csv"):
        shutil.copyfile(path, copy / "data" / path.name)


def change(path: Path, key: str, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = [row for row in rows if next(iter(row.values())) == key]
    assert row[column] != value
    row[column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def answer(question: Question) -> str:
    if question.options:
        return "; ".join(option.text for option in question.options if option.right)
    assert question.answer is not None
    return question.answer.parts[0][0]


@pytest.mark.parametrize(
    ("name", "cell", "value", "expected"),
    [
        ("units-sum", ("samples", "kim-2019/subgroup", "number"), "19", "227"),
        ("overlap-share", ("samples", "koide-2024/total", "number"), "1360", "59"),
        ("follow-up-late", ("follow_ups", "kim-2019/table", "months"), "20", "4"),
        ("risk-ratio", ("comparisons", "stumpf-2019/receipt", "exposed_percent"), "19.6", "4.4"),
        (
            "fold-measure",
            ("comparisons", "stumpf-2019/receipt", "estimate"),
            "8.6",
            "the risk ratio",
        ),
        ("conditional", ("counts", "stumpf-2019/csrn-concurrent", "number"), "5", "31"),
        ("rounding", ("counts", "mills-2021/rn", "percent"), "6", "16 (all patients)"),
    ],
)
def test_another_cell_gives_another_answer(
    ask: Ask, club: Club, name: str, cell: tuple[str, str, str], value: str, expected: str
) -> None:
    found = ask(name, {cell: value})
    assert found.dropped == ()
    assert answer(found[name]) == expected
    assert answer(club.generated[name]) != expected


UNITS = {("samples", f"{k}/subgroup", "unit"): "patients" for k in (
    "mills-2021", "miller-2017", "khatri-2023")}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "cells", "reason"),
    [
        (
            "windows-match",
            {("windows", "parsai-2019/days", "value"): "20"},
            "a fortnight before radiosurgery",
        ),
        ("units-sum", UNITS, "no longer lies between"),
        ("units-rows", UNITS, "none of the options is right"),
        ("follow-up-late", {("follow_ups", "khatri-2023/table", "start"): ""}, "the same start"),
        (
            "fold-measure",
            {("comparisons", "stumpf-2019/receipt", "estimate"): "99"},
            "none of the options is right",
        ),
        (
            "conditional",
            {("counts", "stumpf-2019/csrn-concurrent", "number"): "9"},
            "the risk with concurrent receipt is higher",
        ),
        ("rounding", {("counts", "mills-2021/rn", "percent"): "4"}, "none of the options"),
        (
            "concurrent-tested",
            {("comparisons", "lebow-2023/univariable", "tested"): "any-receipt-vs-none"},
            "something else as well",
        ),
        (
            "open-abstract",
            {("comparisons", "lebow-2023/multivariable", "direction"): "lower"},
            "not all comparisons point to a higher risk",
        ),
        (
            "open-count",
            {("comparisons", "geraud-2017/concurrent", "direction"): "lower"},
            "not every comparison of concurrent use",
        ),
        (
            "open-patient",
            {("studies", "kim-2019", "design"): "prospective"},
            "a study is not retrospective",
        ),
    ],
)
def test_what_a_change_leaves_no_sense_is_taken_out_and_named(
    ask: Ask, name: str, cells: Cells, reason: str
) -> None:
    found = ask(name, cells)
    assert found.questions == ()
    assert reason in found.dropped[0].reason


def test_studies_that_a_change_makes_alike_are_not_asked_together(ask: Ask) -> None:
    alike = {("follow_ups", "kim-2019/table", "months"): "31"}
    texts = [option.text for option in ask("follow-up-order", alike)["follow-up-order"].options]
    assert len({"Kim et al. 2019", "Koide et al. 2024"} & set(texts)) == 1


def test_studies_that_share_a_definition_are_not_asked_together(ask: Ask) -> None:
    alike = {
        ("windows", "mills-2021/table", "value"): "4",
        ("windows", "mills-2021/table", "unit"): "week",
    }
    texts = [option.text for option in ask("windows-match", alike)["windows-match"].options]
    assert len({"Mills et al. 2021", "Stumpf et al. 2019"} & set(texts)) == 1
