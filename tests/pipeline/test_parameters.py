"""A parameter applies to every notebook that declares it and to none other, and all of it holds."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.edits import replace_in
from tests.pipeline.small_project import write_notebook
from tests.rendered import write_project

from review_companion.errors import CompanionError
from review_companion.evidence.records import every_trace
from review_companion.evidence.rendered_page import Page
from review_companion.package.declared_parameters import read_defaults
from review_companion.pipeline import steps
from review_companion.pipeline.execution import read_parameters
from review_companion.pipeline.render import Settings, render
from review_companion.review import open_review
from review_companion.typeset.page import payload_element
from review_companion.typeset.protocol import FORMATS, Format, Metadata, Rendered
from review_companion.verify.alone import verify_page
from review_companion.verify.folder import verify_folder

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
SPAN = re.compile(r'\[((?:\\.|[^\[\]\\])*)\]\{\.traced trace="([^"]*)"\}')
MARK = re.compile(r'<span class="traced" data-trace="([^"]*)">(.*?)</span>', re.DOTALL)


class PlainEngine:
    """Repeats what the notebooks show, its numbers linked; nothing is typeset."""

    def require_ready(self) -> None:
        pass

    def render(
        self,
        book: Any,
        executed: Mapping[str, Path],
        out: Path,
        metadata: Metadata,
        formats: tuple[Format, ...] = FORMATS,
    ) -> Rendered:
        shown = "\n".join(text for path in executed.values() for text in self._shown(path))
        carried = "".join(payload_element(each.id, each.json) for each in metadata.payloads)
        page = out / "companion.html"
        page.write_text(f"<title>{book.title}</title><body>{shown}\n{carried}</body>", "utf-8")
        return Rendered(page, None)

    def _shown(self, path: Path) -> Iterator[str]:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            inline = cell.get("metadata", {}).get("user_expressions", ())
            results = [expression["result"] for expression in inline]
            for result in (*results, *cell.get("outputs", ())):
                data = result.get("data", {})
                if "text/html" in data:
                    yield MARK.sub(lambda m: linked(m[1], m[2]), "".join(data["text/html"]))
                elif "text/markdown" in data:
                    text = "".join(data["text/markdown"])
                    yield SPAN.sub(lambda m: linked(m[2], re.sub(r"\\(.)", r"\1", m[1])), text)


def linked(name: str, text: str) -> str:
    target = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    return f'<a class="traced" data-trace="{name}" href="audit.html#trace-{target}">{text}</a>'


ASKED = ("at-a-glance", "findings", "sensitivity", "figure-data", "audit-trail")


def test_the_report_holds_under_all_its_parameters(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is traced under the parameters that its notebook declares, and under no others.

    Of the chapters those that declare parameters; a render refuses a page that does not hold.
    """
    project = tmp_path / "project"
    for name in ("data", "notebooks", "report/style"):
        shutil.copytree(root / name, project / name)
    for name in ("index.md", "pyproject.toml", "requirements.lock", "report/references.json"):
        shutil.copyfile(root / name, project / name)
    book = (root / "_quarto.yml").read_text("utf-8")
    book = re.sub(rf"(?m)^    - notebooks/(?!{'|'.join(ASKED)}).*\n|^  rows:.*\n", "", book)
    book = re.sub(
        r"audit-volume: .*",
        "audit-volume: [notebooks/figure-data.ipynb, notebooks/audit-trail.ipynb]",
        book,
    )
    (project / "_quarto.yml").write_text(book, "utf-8")
    chapters = (project / f"notebooks/{name}.ipynb" for name in ASKED)
    texts = "".join(path.read_text("utf-8") for path in chapters)
    figures = yaml.safe_load((root / "data/figures.yml").read_text("utf-8"))
    asked = {name: spec for name, spec in figures.items() if f'figure(\\"{name}\\")' in texts}
    assert 0 < len(asked) < len(figures)
    (project / "data/figures.yml").write_text(yaml.safe_dump(asked, sort_keys=False), "utf-8")
    monkeypatch.setattr(steps, "engine", lambda name, cache: PlainEngine())
    render(Settings(project, parameters=ALL, out=tmp_path / "out"))
    page = Page((tmp_path / "out/companion.html").read_text("utf-8"))
    shown = {each.name.partition("/")[0] for each in page.shown}
    under = [name.partition("@") for name in sorted(shown) if "@" in name]
    assert [name for name in ALL if not any(f"{name}=" in chosen for _, _, chosen in under)] == []
    without_class = [name for name, _, chosen in under if "drug_class=" not in chosen]
    assert set(without_class) == {"counting-choices"}
    assert "effect-direction@drug_class=adc" in shown


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
    assert all(piece.target[1:] in page.anchors for piece in page.shown)


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
    assert found.told["c.ipynb"] == {"parameter_sets": json.dumps(found.sets)}
    assert found.together == {"a": 2, "b": True}
    assert read_parameters(tmp_path, ("a.ipynb", "c.ipynb"), {}).told["c.ipynb"] == {}


def test_what_a_render_fills_in_cannot_be_asked_for(tmp_path: Path) -> None:
    write_notebook(tmp_path / "c.ipynb", "x", 'parameter_sets: str = ""')
    with pytest.raises(CompanionError, match="no notebook has a parameter"):
        read_parameters(tmp_path, ("c.ipynb",), {"parameter_sets": "[]"})


def test_sets_that_are_no_list_of_parameters_are_refused(two_ways: Path) -> None:
    with pytest.raises(CompanionError, match="is no list of parameters"):
        open_review(two_ways).along("amber")
    with pytest.raises(CompanionError, match="unknown parameter “shade”"):
        open_review(two_ways).along('[{"shade": "dark"}]')
