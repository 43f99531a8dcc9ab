"""Whatever is changed in a report or its inputs is found and named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cases import cases
from tests.edits import change_json, replace_in

from review_companion.errors import CompanionError
from review_companion.evidence.digests import (
    PROGRAM,
    folder_digest,
    output_digests,
    read_manifest,
    to_json,
)
from review_companion.evidence.page_data import ELEMENT, pack, unpack
from review_companion.evidence.rendered_page import Page, seal
from review_companion.pipeline.describe import write_crate
from review_companion.pipeline.render import Settings, render
from review_companion.review import Review
from review_companion.verify.folder import verify_folder
from review_companion.verify.recomputed import record_problems, verify_page

pytestmark = pytest.mark.integration

RENDERED = Path("report/rendered")


def problems(project: Path, report: Path | None = None, **options: bool) -> str:
    return "\n".join(verify_folder(report or project / RENDERED, project, **options).problems)


def flip(path: Path, at: float = 0.5) -> None:
    """One bit changed in the middle (or elsewhere) of a file."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 1
    path.write_bytes(bytes(content))


def test_an_untouched_report_is_verified_to_the_byte(copied: Path, rendered: Path) -> None:
    outcome = verify_folder(rendered, copied)
    assert outcome.problems == []
    assert any("each the same to the byte" in note for note in outcome.notes)


def test_a_report_is_verified_without_its_project(report: Path) -> None:
    outcome = verify_folder(report, None)
    assert outcome.problems == []
    assert any("no project here" in note for note in outcome.notes)


def test_one_byte_of_any_output_is_found(report: Path, project: Path) -> None:
    names = (
        "companion.html", "companion.pdf", "claims.json", "trace.json", "values.json",
        "tables/table-1.csv", "workflow.yml",
    )  # fmt: skip
    for name in names:
        flip(report / name)
    found = problems(project, report, rerender=False)
    for name in names:
        assert f"{name}: its digest is not the one in the manifest" in found


@pytest.mark.parametrize("at", [0.02, 0.5, 0.99])
def test_one_byte_of_the_crate_is_found(report: Path, project: Path, at: float) -> None:
    flip(report / "ro-crate-metadata.json", at)
    found = problems(project, report, rerender=False)
    assert found
    assert all("ro-crate-metadata.json" in line for line in found.splitlines())


def test_an_edited_entity_of_the_crate_is_named(report: Path, project: Path) -> None:
    replace_in(report / "ro-crate-metadata.json", '"name": "page"', '"name": "side"')
    found = problems(project, report, rerender=False)
    assert found == "ro-crate-metadata.json: #output/page, name: “side”, the data give “page”"


def test_a_crate_of_another_form_is_named_in_words(report: Path, project: Path) -> None:
    (report / "ro-crate-metadata.json").write_text("5", "utf-8")
    found = problems(project, report, rerender=False)
    said = "ro-crate-metadata.json: cannot be read: it is no such file as a render writes"
    assert found == said


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_one_byte_of_the_manifest_is_found_and_blames_the_manifest(
    report: Path, project: Path, at: float
) -> None:
    """But for the line of the program's digest, which is no part of what the crate names."""
    path = report / "manifest.json"
    content = path.read_bytes()
    place, line = int(len(content) * at), content.index(f'"{PROGRAM}"'.encode())
    end = content.index(b"\n", line)
    flip(path, (end + 1 if line <= place < end else place) / len(content))
    [found] = problems(project, report, rerender=False).splitlines()
    assert found.startswith("manifest.json: ")


def forge(report: Path, part: str, name: str, text: str) -> None:
    manifest = read_manifest(report)
    manifest[part][name] = text
    (report / "manifest.json").write_text(to_json(manifest), "utf-8")


def test_another_digest_of_the_program_blames_the_program(report: Path, project: Path) -> None:
    forge(report, "inputs", PROGRAM, "0" * 64)
    [found] = problems(project, report, rerender=False).splitlines()
    assert found.startswith(f"{PROGRAM}: ")


@pytest.mark.parametrize("part", ["inputs", "outputs", "versions", "run"])
def test_a_forged_part_of_the_manifest_is_found_and_blames_no_other_file(
    report: Path, project: Path, part: str
) -> None:
    name = "edition" if part == "run" else next(iter(read_manifest(report)[part]))
    forge(report, part, name, "forged")
    [found] = problems(project, report, rerender=False).splitlines()
    assert found.startswith("manifest.json: is not the manifest that ro-crate-metadata.json names")


def test_a_manifest_written_otherwise_is_found(report: Path, project: Path) -> None:
    change_json(report / "manifest.json", lambda manifest: None)
    assert "its bytes are not those that were written" in problems(project, report, rerender=False)


def test_a_report_forged_throughout_is_found_by_rendering_again(
    report: Path, copied: Path, review: Review
) -> None:
    path = report / "companion.html"
    replace_in(path, "<h1", "<h1 data-forged=''")
    path.write_text(seal(path.read_text("utf-8")), "utf-8")
    manifest = read_manifest(report) | {"outputs": output_digests(report)}
    (report / "manifest.json").write_text(to_json(manifest), "utf-8")
    write_crate(report, review)
    assert problems(copied, report, rerender=False) == ""
    assert "companion.html: a new render gives something else" in problems(copied, report)


def edit_cell(project: Path) -> None:
    replace_in(project / "data/samples.csv", ",40,sleepers", ",41,sleepers")


def add_row(project: Path) -> None:
    path = project / "data/samples.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1].replace(lines[-1].split(",")[0], "x/new", 1), ""]))


def remove_row(project: Path) -> None:
    path = project / "data/samples.csv"
    path.write_text("\n".join([*path.read_text("utf-8").splitlines()[:-1], ""]), "utf-8")


def reorder_rows(project: Path) -> None:
    path = project / "data/samples.csv"
    head, first, second, *rest = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, second, first, *rest, ""]), "utf-8")


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (edit_cell, "number: “40” → “41”"),
        (add_row, "the row “x/new” was added"),
        (remove_row, "was removed"),
        (reorder_rows, "the rows are in another order"),
    ],
)
def test_changed_data_are_named_down_to_the_cell(
    copied: Path, tamper: Callable[[Path], None], named: str
) -> None:
    tamper(copied)
    found = problems(copied)
    assert "data/samples.csv: not the file that the report was made from" in found
    assert named in found


@pytest.mark.parametrize("name", ["notebooks/lamps.ipynb", "requirements.lock", "_quarto.yml"])
def test_another_changed_input_is_named(copied: Path, name: str) -> None:
    path = copied / name
    if name.endswith(".ipynb"):
        change_json(path, lambda n: n["cells"][0].update(source=["# Another title"]))
    else:
        path.write_bytes(path.read_bytes() + b"# \n")
    assert f"{name}: not the file that the report was made from" in problems(copied)


def test_a_verdict_edited_in_the_page_is_named(report: Path, project: Path) -> None:
    page = report / "companion.html"
    text = page.read_text("utf-8")
    start = text.index('id="trace-claim-beta-risk-ratio"')
    edited = text[:start] + text[start:].replace("<b>inconsistent</b>", "<b>reproduced</b>", 1)
    assert edited != text
    page.write_text(seal(edited), "utf-8")
    assert "trace-claim-beta-risk-ratio is not as the data give it" in problems(
        project, report, rerender=False
    )


@cases
def test_an_edited_record_and_an_edited_cell_are_named(
    report: Path, project: Path, name: str, old: str, new: str, said: str
) -> None:
    replace_in(report / name, old, new)
    assert said in problems(project, report, rerender=False)


def test_data_that_a_page_carries_are_held_against_the_project(
    copied: Path, tmp_path: Path
) -> None:
    path = copied / RENDERED / "companion.html"
    page = Page(path.read_text("utf-8"))
    assert page.data is not None
    unpack(page.data.package, tmp_path / "data")
    replace_in(tmp_path / "data/samples.csv", ",40,sleepers", ",41,sleepers")
    data = {"package": pack(tmp_path / "data"), "data": folder_digest(tmp_path / "data")}
    forged = replace(page.data, **data).to_json()
    path.write_text(seal(page.text.replace(page.carried[ELEMENT], forged)), "utf-8")
    found = problems(copied, rerender=False)
    assert "companion.html: the data that it carries are not those of the project" in found


def test_a_missing_and_a_surplus_file_are_named(report: Path, project: Path) -> None:
    (report / "values.json").unlink()
    (report / "extra.txt").write_text("x", "utf-8")
    found = problems(project, report, rerender=False)
    assert "values.json: missing" in found
    assert "extra.txt: not in the manifest" in found


def test_a_folder_without_a_report_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CompanionError, match="no rendered report") as caught:
        verify_folder(tmp_path, None)
    assert caught.value.hint == "run `companion render`"


def test_a_book_without_an_audit_trail_is_verified_by_its_values(
    project: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(project, tmp_path / "bare", ignore=shutil.ignore_patterns("build")))
    replace_in(root / "_quarto.yml", "  appendices:\n    - notebooks/audit-trail.ipynb\n", "")
    render(Settings(root, formats=("html",)))
    assert problems(root, rerender=False) == ""
    page = root / RENDERED / "companion.html"
    replace_in(page, ">80<", ">81<")
    assert "sleepers-total: the page shows “81”, the data give “80”" in problems(
        root, rerender=False
    )


def test_an_edition_is_held_against_its_manifest_and_a_new_render(
    project: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(project, tmp_path / "club", ignore=shutil.ignore_patterns("build")))
    with (root / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write("  editions:\n    short: {chapters: [notebooks/lamps.ipynb], formats: [html]}\n")
    render(Settings(root, edition="short"))
    folder = root / "build/short"
    outcome = verify_folder(folder, root, rerender=False)
    assert outcome.problems == []
    assert any("an edition carries no data" in note for note in outcome.notes)
    with pytest.raises(CompanionError, match="not a page that can be checked"):
        verify_page(folder / "companion.html")
    replace_in(folder / "companion.html", "Lamps", "Lumps")
    first, second = problems(root, folder).splitlines()
    assert first.startswith("companion.html: its digest is not the one in the manifest")
    assert second.startswith("companion.html: a new render gives something else")


@pytest.mark.parametrize("name", ["claims.json", "trace.json", "values.json"])
def test_records_in_other_bytes_are_found_though_their_content_agrees(
    report: Path, review: Review, name: str
) -> None:
    change_json(report / name, lambda records: None)
    assert [*record_problems(report, review, [])] == [
        f"{name}: not the bytes that the data give, though the content agrees"
    ]
