"""A parameter applies to every notebook that declares it and to none other, and all of it holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.edits import replace_in
from tests.pipeline.small_project import write_notebook
from tests.rendered import write_project

from review_companion.checks.parameter_slips import parameter_slips
from review_companion.errors import CompanionError
from review_companion.evidence.records import every_trace
from review_companion.evidence.rendered_page import Page
from review_companion.notebooks.execute import Task, execute_all
from review_companion.notebooks.notebook_files import read_notebook
from review_companion.notebooks.parameters import read_parameters
from review_companion.package.package import read_defaults
from review_companion.pipeline.render import Settings, render
from review_companion.review import open_review
from review_companion.verify.folder import verify_folder
from review_companion.verify.recomputed import verify_page

pytestmark = pytest.mark.integration

CHOSEN = """
studies-chosen:
  label: studies of the lamps chosen
  expression: count(studies[param.colour in ["all", colour]])
"""
TABLE = """
chosen:
  rows: studies[param.colour in ["all", colour]]
  columns: [{id: colour, template: "{{ row.colour }}"}]
"""
ALL = {
    "drug_class": "adc",
    "count_by": "study",
    "concurrency_only": "true",
    "one_reading_only": "true",
    "symptomatic_only": "true",
    "without_whole_brain": "true",
    "figures_only": "true",
    "tested_only": "true",
}
CHAPTERS = ("notebooks/findings.ipynb", "notebooks/sensitivity.ipynb")  # one asks for no class


def test_the_report_holds_under_all_its_parameters(root: Path) -> None:
    """A name is traced under the parameters that its notebook declares, and under no others."""
    told = read_parameters(root, CHAPTERS, ALL).by_notebook
    executed = execute_all([Task(root, n, told[n]) for n in CHAPTERS])
    seen = set()
    for chapter, done in zip(CHAPTERS, executed, strict=True):
        shown = set(re.findall(r'trace=\\"[^"@]+@([^"/\\]+)', json.dumps(done.notebook)))
        under = {pair.partition("=")[0] for chosen in shown for pair in chosen.split(",")}
        assert under <= set(told[chapter])
        seen |= under
    assert seen == set(ALL)
    assert set(ALL) - set(told[CHAPTERS[1]]) == {"drug_class"}


def test_every_parameter_of_the_report_is_tried(root: Path) -> None:
    assert list(read_defaults(root / "data")) == list(ALL)


@pytest.fixture(scope="module")
def two_ways(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented review, rendered with amber lamps in one of two chapters, without a PDF."""
    project = write_project(tmp_path_factory.mktemp("two") / "review")
    for name, text in (("values", CHOSEN), ("tables", TABLE)):
        with (project / f"data/{name}.yml").open("a", encoding="utf-8") as file:
            file.write(text)
    chapter = project / "notebooks/lamps.ipynb"
    replace_in(chapter, 'v(\\"sleepers-total\\")', 'v(\\"studies-chosen\\")')
    replace_in(chapter, 'review.comparison(\\"table-1\\")', 'review.table(\\"chosen\\")')
    content = json.loads(chapter.read_text("utf-8"))
    kept = ("title", "setup", "intro", "comparison")
    content["cells"] = [cell for cell in content["cells"] if cell["id"] in kept]
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"]).replace("colour=colour", "")
    content["cells"][0]["source"] = "# All lamps {#sec-all}"
    (project / "notebooks/all.ipynb").write_text(json.dumps(content), "utf-8")
    before = "    - notebooks/lamps.ipynb\n"
    replace_in(project / "_quarto.yml", before, f"{before}    - notebooks/all.ipynb\n")
    render(Settings(project, parameters={"colour": "amber"}, formats=("html",)))
    return project


def test_one_name_has_a_trace_for_each_set_of_parameters(two_ways: Path) -> None:
    page = Page((two_ways / "build/colour=amber/companion.html").read_text("utf-8"))
    shown = {piece.name: piece.text for piece in page.shown}
    review, amber = open_review(two_ways), open_review(two_ways, colour="amber")
    assert shown["studies-chosen"] == str(review.value("studies-chosen"))
    assert shown["studies-chosen@colour=amber"] == str(amber.value("studies-chosen"))
    assert shown["studies-chosen"] != shown["studies-chosen@colour=amber"]
    rows = {
        table: {n for n in shown if n.startswith(f"{table}/")}
        for table in ("chosen", "chosen@colour=amber")
    }
    assert len(rows["chosen"]) > len(rows["chosen@colour=amber"]) > 0
    assert all(piece.target in page.targets for piece in page.shown)


def test_a_render_with_parameters_is_verified_with_them(two_ways: Path) -> None:
    folder = two_ways / "build/colour=amber"
    assert verify_folder(folder, two_ways, rerender=False).problems == []
    page = folder / "companion.html"
    edited = Page(page.read_text("utf-8")).text.replace("colour=amber", "colour=red")
    (two_ways / "edited.html").write_text(edited, "utf-8")
    found = "\n".join(verify_page(two_ways / "edited.html").problems)
    assert "names the trace “studies-chosen@colour=red”, which does not exist" in found


def test_statements_are_evaluated_on_the_whole_data(two_ways: Path) -> None:
    amber = open_review(two_ways, colour="amber")
    ledgers = [[(c.id, c.recomputed) for c in r.ledger] for r in (open_review(two_ways), amber)]
    assert ledgers[0] == ledgers[1]
    assert not [t.name for t in every_trace(amber) if t.kind == "claim" and "@" in t.name]


def test_the_sets_are_those_of_the_notebooks_and_all_that_is_asked(tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb", "x", "a: int = 1\nb: bool = False")
    write_notebook(tmp_path / "b.ipynb", "x", "b: bool = False\nc: str = 'own'\nedition: str = ''")
    write_notebook(tmp_path / "c.ipynb", "x", 'parameter_sets: str = ""')
    (tmp_path / "data").mkdir()
    declared = 'a: {default: 1}\nb: {default: false}\nc: {default: "all"}\n'
    (tmp_path / "data/parameters.yml").write_text(declared, "utf-8")
    names = ("a.ipynb", "b.ipynb", "c.ipynb")
    found = read_parameters(tmp_path, names, {"a": "2", "b": "true"})
    assert found.sets == [{"a": 2, "b": True}, {"b": True, "c": "own"}]
    assert found.by_notebook["c.ipynb"] == {"parameter_sets": json.dumps(found.sets)}
    assert found.merged == {"a": 2, "b": True}
    assert read_parameters(tmp_path, ("a.ipynb", "c.ipynb"), {}).by_notebook["c.ipynb"] == {}


def test_a_decimal_is_the_same_in_a_notebook_and_in_the_review(project: Path) -> None:
    """Python holds 0.7 in binary, the review the decimal that is written."""
    (project / "data/parameters.yml").write_text("share:\n  default: 0.7\n  help: invented\n")
    notebook = "notebooks/shares.ipynb"
    write_notebook(project / notebook, "sleepers-total", "share: float = 0.7")
    assert read_parameters(project, (notebook,), {}).sets == []
    assert read_parameters(project, (notebook,), {"share": "0.8"}).sets == [{"share": 0.8}]
    cells = {notebook: read_notebook(project / notebook)}
    slips = list(map(str, parameter_slips(cells, read_defaults(project / "data"))))
    assert not [slip for slip in slips if "in the review" in slip]
    review = open_review(project, share=0.7)
    assert review.parameters == review.defaults
    assert review.parameters_digest == open_review(project).parameters_digest


def test_what_a_render_fills_in_cannot_be_asked_for(tmp_path: Path) -> None:
    write_notebook(tmp_path / "c.ipynb", "x", 'parameter_sets: str = ""')
    with pytest.raises(CompanionError, match="no notebook has a parameter"):
        read_parameters(tmp_path, ("c.ipynb",), {"parameter_sets": "[]"})


def test_sets_that_are_no_list_of_parameters_are_refused(two_ways: Path) -> None:
    with pytest.raises(CompanionError, match="is not a list of parameters"):
        open_review(two_ways).with_parameter_sets("amber")
    with pytest.raises(CompanionError, match="unknown parameter “shade”"):
        open_review(two_ways).with_parameter_sets('[{"shade": "dark"}]')
