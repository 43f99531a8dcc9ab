"""What is executed again after which edit; many parameter sets in one go."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cases import cases, rows
from tests.edits import replace_in
from tests.pipeline.small_project import FakeKernels, write_notebook

from review_companion.cache import Cache
from review_companion.errors import CheckFailed, CompanionError
from review_companion.evidence.digests import output_digests, read_manifest
from review_companion.package.generated import STALE
from review_companion.pipeline import inputs as inputs_module
from review_companion.pipeline import steps
from review_companion.pipeline.inputs import Inputs
from review_companion.pipeline.render import Settings, Watch, render
from review_companion.pipeline.variants import read_variants, render_variants

pytestmark = pytest.mark.integration

engine = steps.engine  # which the fixture replaces


SLEEPERS, STUDIES = "notebooks/sleepers.ipynb", "notebooks/studies.ipynb"


def page(project: Path) -> str:
    return (project / "report/rendered/companion.html").read_text("utf-8")


def test_the_first_render_executes_every_notebook_and_the_next_nothing(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    report = render(Settings(two_notebooks))
    assert report.executed == (SLEEPERS, STUDIES)
    assert report.folder == two_notebooks / "report/rendered"
    assert '"80"' in page(two_notebooks)
    assert list(report.steps) == ["checking data", SLEEPERS, STUDIES, "typesetting"]
    assert render(Settings(two_notebooks)).unchanged
    assert len(kernels.ran) == 2


def test_what_a_notebook_may_read_executes_it(two_notebooks: Path, kernels: FakeKernels) -> None:
    render(Settings(two_notebooks))
    for file, before, after in rows(__file__, "read by notebooks"):
        replace_in(two_notebooks / file, before, after)
        assert render(Settings(two_notebooks)).executed == (SLEEPERS, STUDIES), file


def test_a_notebook_is_executed_where_what_it_asked_for_changed(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    kernels.tell_asked = True
    render(Settings(two_notebooks))
    for before, after in ((",40,", ",41,"), (",41,", ",43,")):
        replace_in(two_notebooks / "data/samples.csv", before, after)
        assert render(Settings(two_notebooks)).executed == (SLEEPERS,)
    replace_in(two_notebooks / "data/samples.csv", ",43,", ",40,")
    assert render(Settings(two_notebooks)).executed == ()
    (two_notebooks / "data/more.csv").write_text("a\n", "utf-8")  # a cell may look for it
    assert render(Settings(two_notebooks)).executed == (SLEEPERS, STUDIES)


def test_what_is_typeset_alone_executes_nothing(two_notebooks: Path, kernels: FakeKernels) -> None:
    render(Settings(two_notebooks))
    for file in ("index.md", "report/style/companion.css"):
        path = two_notebooks / file
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        report = render(Settings(two_notebooks))
        assert not report.unchanged
        assert report.cached == (SLEEPERS, STUDIES)


def test_a_changed_cell_changes_the_page_and_going_back_executes_nothing(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    """Without the cache the bytes are the same."""
    render(Settings(two_notebooks))
    first = output_digests(two_notebooks / "report/rendered")
    replace_in(two_notebooks / "data/samples.csv", ",40,", ",41,")
    render(Settings(two_notebooks))
    assert '"81"' in page(two_notebooks)
    cached = output_digests(two_notebooks / "report/rendered")
    render(Settings(two_notebooks, use_cache=False))
    assert output_digests(two_notebooks / "report/rendered") == cached
    assert kernels.ran == [SLEEPERS, STUDIES] * 3
    replace_in(two_notebooks / "data/samples.csv", ",41,", ",40,")
    assert render(Settings(two_notebooks)).executed == ()
    assert output_digests(two_notebooks / "report/rendered") == first


def test_another_environment_or_a_checkout_without_its_cache_executes_everything(
    two_notebooks: Path, kernels: FakeKernels, monkeypatch: pytest.MonkeyPatch
) -> None:
    render(Settings(two_notebooks))
    monkeypatch.setattr(inputs_module, "environment", lambda: "another")
    assert len(render(Settings(two_notebooks)).executed) == 2
    shutil.rmtree(two_notebooks / "build")
    assert len(render(Settings(two_notebooks)).executed) == 2


def test_edited_prose_executes_its_notebook_and_damage_is_never_believed(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    render(Settings(two_notebooks))
    whole = output_digests(two_notebooks / "report/rendered")
    (two_notebooks / "report/rendered/claims.json").write_text("[]", "utf-8")
    report = render(Settings(two_notebooks))
    assert (report.unchanged, report.executed) == (False, ())
    assert output_digests(two_notebooks / "report/rendered") == whole
    for path in (two_notebooks / "build/cache").glob("*.run"):
        path.write_bytes(path.read_bytes().replace(b'"80"', b'"99"'))
    (two_notebooks / "report/rendered/claims.json").unlink()
    assert render(Settings(two_notebooks)).executed == (SLEEPERS,)
    assert '"99"' not in page(two_notebooks)
    write_notebook(two_notebooks / STUDIES, "studies-total amber-studies")
    assert render(Settings(two_notebooks)).executed == (STUDIES,)


def test_the_cache_may_be_deleted_while_notebooks_are_executed(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    render(Settings(two_notebooks))
    replace_in(two_notebooks / "data/samples.csv", ",40,", ",41,")
    kernels.meanwhile = lambda: shutil.rmtree(two_notebooks / "build/cache")
    render(Settings(two_notebooks))
    assert '"81"' in page(two_notebooks)


def test_a_save_during_the_render_never_leaves_a_stale_result(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    def save_once() -> None:
        replace_in(two_notebooks / "data/samples.csv", ",40,", ",41,")
        kernels.meanwhile = lambda: None

    kernels.meanwhile = save_once
    render(Settings(two_notebooks))
    assert '"81"' in page(two_notebooks)
    replace_in(two_notebooks / "data/samples.csv", ",41,", ",40,")
    render(Settings(two_notebooks))
    assert '"80"' in page(two_notebooks)


def test_data_that_were_never_checked_are_not_taken_for_valid(
    two_notebooks: Path, kernels: FakeKernels, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = (("samples.csv", text) for text in (",40,", ",forty,"))
    replace_in(two_notebooks / "data" / good[0], good[1], bad[1])
    check = steps.check_data

    def repaired_meanwhile(inputs: Inputs, cache: Cache) -> tuple[str, ...]:
        replace_in(inputs.root / "data" / good[0], bad[1], good[1])
        monkeypatch.setattr(steps, "check_data", check)
        return check(inputs, cache)

    monkeypatch.setattr(steps, "check_data", repaired_meanwhile)
    render(Settings(two_notebooks))
    replace_in(two_notebooks / "data" / good[0], good[1], bad[1])
    with pytest.raises(CheckFailed, match="forty"):
        render(Settings(two_notebooks))


def test_files_that_change_all_the_time_end_the_render(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    def save() -> None:
        with (two_notebooks / "index.md").open("a") as handle:
            handle.write("\nMore.\n")

    kernels.meanwhile = save
    with pytest.raises(CompanionError, match="again and again"):
        render(Settings(two_notebooks))


def test_data_with_a_problem_publish_nothing(two_notebooks: Path, kernels: FakeKernels) -> None:
    render(Settings(two_notebooks))
    before = page(two_notebooks)
    replace_in(two_notebooks / "data/samples.csv", ",40,", ",forty,")
    for _ in range(2):
        with pytest.raises(CheckFailed, match="forty"):
            render(Settings(two_notebooks))
    assert page(two_notebooks) == before


def test_what_was_evaluated_is_kept_though_a_notebook_fails(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    write_notebook(two_notebooks / STUDIES, "no-such-value")
    with pytest.raises(CompanionError, match="no-such-value"):
        render(Settings(two_notebooks))
    assert [*(two_notebooks / "build/cache").glob("*.evaluated")]


def test_a_parameter_reaches_the_notebooks_that_declare_it(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    render(Settings(two_notebooks))
    report = render(Settings(two_notebooks, parameters={"colour": "amber"}))
    assert report.executed == (SLEEPERS,)
    assert report.folder == two_notebooks / "build/colour=amber"
    assert read_manifest(report.folder)["run"]["parameters"] == {"colour": "amber"}


def test_an_unknown_parameter_lists_those_known(two_notebooks: Path) -> None:
    with pytest.raises(CompanionError, match="no notebook has a parameter “color”") as raised:
        render(Settings(two_notebooks, parameters={"color": "amber"}))
    assert "colour: str = 'all'" in str(raised.value)


def test_where_nothing_changed_nothing_heavy_is_imported(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    render(Settings(two_notebooks))
    code = (
        "import json, sys\n"
        "from review_companion.cli import main\n"
        f"assert main(['--project', {str(two_notebooks)!r}, 'render', '--quiet']) == 0\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    heavy = {"asyncio", "frictionless", "jinja2", "jupyter_client", "matplotlib", "nbclient"}
    assert modules.isdisjoint({*heavy, "nbformat", "numpy", "pandas", "scipy", "typst", "zmq"})


def test_a_missing_typesetter_is_told_before_anything_is_executed(
    two_notebooks: Path, kernels: FakeKernels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "engine", engine)
    monkeypatch.setenv("PATH", str(two_notebooks))
    with pytest.raises(CompanionError, match="quarto is not installed"):
        render(Settings(two_notebooks, engine="quarto"))
    assert kernels.ran == []


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


def test_each_has_a_folder_of_its_own_and_what_is_the_same_is_executed_once(
    two_notebooks: Path, kernels: FakeKernels
) -> None:
    """A variant alone gives the same bytes."""
    variants = read_variants(write(two_notebooks, TWO), Settings(two_notebooks))
    reports = list(render_variants(variants, Watch()))
    folders = [report.folder.relative_to(two_notebooks).as_posix() for report in reports]
    assert folders == ["build/variants/amber-only", "build/variants/red-only"]
    runs = [read_manifest(report.folder)["run"]["parameters"] for report in reports]
    assert runs == [{"colour": "amber"}, {"colour": "red"}]
    assert sorted(kernels.ran) == [SLEEPERS, SLEEPERS, STUDIES]
    together = [output_digests(report.folder) for report in reports]
    alone = [
        render(Settings(two_notebooks, parameters={"colour": colour}, use_cache=False))
        for colour in ("amber", "red")
    ]
    assert [output_digests(report.folder) for report in alone] == together


def test_what_the_command_sets_holds_where_a_variant_is_silent(
    two_notebooks: Path, tmp_path: Path
) -> None:
    base = Settings(two_notebooks, parameters={"colour": "red"}, out=tmp_path / "elsewhere")
    path = write(two_notebooks, "plain: {}\namber: {parameters: {colour: amber}}\n")
    variants = read_variants(path, base)
    assert [v.parameters["colour"] for v in variants.values()] == ["red", "amber"]
    assert variants["amber"].folder == tmp_path / "elsewhere/amber"


@cases
def test_a_file_that_cannot_be_rendered_is_refused_before_anything_is(
    two_notebooks: Path, kernels: FakeKernels, text: str, message: str
) -> None:
    with pytest.raises(CompanionError, match=message):
        read_variants(write(two_notebooks, text), Settings(two_notebooks))
    assert kernels.ran == []


def test_a_file_that_is_not_there_is_named(two_notebooks: Path) -> None:
    with pytest.raises(CompanionError, match="no such file"):
        read_variants(two_notebooks / "none.yml", Settings(two_notebooks))


def test_a_list_of_references_made_of_other_data_is_a_warning(
    two_notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told again by a render that has nothing to do."""
    monkeypatch.setattr(steps, "stale_bibliography", lambda root, package: "other text")
    for _ in range(2):
        report = render(Settings(two_notebooks))
        assert f"report/references.json: {STALE}" in report.warnings
    assert report.unchanged
