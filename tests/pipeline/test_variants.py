"""Many parameter sets in one go, none in another's way."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.pipeline.small_project import FakeKernels

from review_companion.errors import CompanionError
from review_companion.evidence.manifest import output_digests, read_manifest
from review_companion.pipeline.render import Settings, Watch, render
from review_companion.pipeline.variants import read_variants, render_variants

pytestmark = pytest.mark.integration

TWO = """
amber-only:
  parameters: {colour: amber}
red-only:
  parameters: {colour: red}
"""


def write(project: Path, text: str) -> Path:
    path = project / "variants.yml"
    path.write_text(text, "utf-8")
    return path


def test_each_has_a_folder_and_a_manifest_of_its_own(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    variants = read_variants(write(two_notebooks, TWO), Settings(two_notebooks))
    reports = list(render_variants(variants, Watch()))
    folders = [report.folder.relative_to(two_notebooks).as_posix() for report in reports]
    assert folders == ["build/variants/amber-only", "build/variants/red-only"]
    runs = [read_manifest(report.folder)["run"]["parameters"] for report in reports]
    assert runs == [{"colour": "amber"}, {"colour": "red"}]


def test_what_is_the_same_for_all_is_executed_once(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    variants = read_variants(write(two_notebooks, TWO), Settings(two_notebooks))
    list(render_variants(variants, Watch()))
    sleepers, studies = "notebooks/sleepers.ipynb", "notebooks/studies.ipynb"
    assert sorted(kernels.ran) == [sleepers, sleepers, studies]


def test_a_variant_alone_gives_the_same_bytes(two_notebooks: Path, kernels: FakeKernels) -> None:
    variants = read_variants(write(two_notebooks, TWO), Settings(two_notebooks))
    together = [output_digests(report.folder) for report in render_variants(variants, Watch())]
    alone = [
        render(Settings(two_notebooks, parameters={"colour": colour}, use_cache=False))
        for colour in ("amber", "red")
    ]
    assert [output_digests(report.folder) for report in alone] == together


def test_out_is_the_folder_of_the_folders(two_notebooks: Path, tmp_path: Path) -> None:
    base = Settings(two_notebooks, out=tmp_path / "elsewhere")
    variants = read_variants(write(two_notebooks, TWO), base)
    assert variants["red-only"].folder == tmp_path / "elsewhere/red-only"


def test_what_the_command_sets_holds_where_a_variant_is_silent(two_notebooks: Path) -> None:
    base = Settings(two_notebooks, parameters={"colour": "red"})
    path = write(two_notebooks, "plain: {}\namber: {parameters: {colour: amber}}\n")
    variants = read_variants(path, base)
    assert [v.parameters["colour"] for v in variants.values()] == ["red", "amber"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no variant"),
        ("../up: {}", "cannot name a variant"),
        ("A: {}", "cannot name a variant"),
        ("a: {parameter: {}}", "a variant has"),
        ("a: [colour]", "a variant has"),
        ("a: {parameters: [colour]}", "parameters are name: value"),
        ("a: {}\na: {}", "stands in line 1 already"),
        ("a: {parameters: {color: red}}", "no notebook has a parameter “color”"),
        ("a: {parameters: {colour: red}}\nb: {parameters: {colour: blue, x: 1}}", "“x”"),
    ],
)
def test_a_file_that_cannot_be_rendered_is_refused_before_anything_is(
    two_notebooks: Path, kernels: FakeKernels, text: str, message: str
) -> None:
    with pytest.raises(CompanionError, match=message):
        read_variants(write(two_notebooks, text), Settings(two_notebooks))
    assert kernels.ran == []


def test_a_file_that_is_not_there_is_named(two_notebooks: Path) -> None:
    with pytest.raises(CompanionError, match="no such file"):
        read_variants(two_notebooks / "none.yml", Settings(two_notebooks))
