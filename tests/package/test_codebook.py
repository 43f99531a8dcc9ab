from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.cases import cases

from review_companion import cli
from review_companion.errors import CompanionError
from review_companion.package.generated import (
    BIBLIOGRAPHY,
    bibliography,
    codebook,
    generated,
    stale_bibliography,
)
from review_companion.package.package import load_package

ROOT = Path(__file__).parents[2]
PLACE = [
    {"name": name, "title": name.capitalize(), "type": "string"}
    for name in ("source", "section", "fragment", "status", "note")
]


def descriptor(*fields: dict[str, Any], **schema: Any) -> dict[str, Any]:
    resource = {
        "name": "doses",
        "title": "Doses",
        "path": "doses.csv",
        "schema": {"fields": list(fields), **schema},
    }
    return {"name": "invented", "title": "Invented", "resources": [resource]}


def line(text: str, start: str) -> str:
    return next(row for row in text.splitlines() if row.startswith(start))


GY: dict[str, Any] = {
    "name": "gy", "title": "Dose", "description": "Total.", "type": "number", "unit": "Gy",
    "constraints": {"required": True, "minimum": 0, "maximum": 90},
}  # fmt: skip
KIND = {"name": "a", "type": "string"}


@cases
def test_a_column_shows_meaning_unit_type_and_limits(field: dict[str, Any], said: str) -> None:
    text = codebook(descriptor(field, rules=["a <= b", "b.given"]))
    assert said in line(text, f"| `{field['name']}`")
    assert "Rules: `a <= b`; `b.given`." in text


def test_a_source_without_a_title_is_named_by_its_address() -> None:
    text = codebook({"name": "x", "sources": [{"path": "a.pdf"}, {}], "licenses": [{}]})
    assert line(text, "Source: a") == "Source: a.pdf."
    assert line(text, "Source: ?") == "Source: ?."


def test_a_foreign_key_links_to_the_table_it_names_and_an_empty_one_to_its_own() -> None:
    fields = ({"name": "study", "type": "string"}, {"name": "parent", "type": "string"})
    keys = [
        {"fields": "study", "reference": {"resource": "studies", "fields": "study"}},
        {"fields": "parent", "reference": {"resource": "", "fields": "dose"}},
    ]
    text = codebook(descriptor(*fields, foreignKeys=keys))
    assert "key of [studies](#studies)" in line(text, "| `study`")
    assert "key of [doses](#doses)" in line(text, "| `parent`")


def test_the_columns_of_place_are_described_once() -> None:
    text = codebook(descriptor({"name": "dose", "type": "string"}, *PLACE))
    assert text.count("| `fragment`") == 1
    assert text.index("| `fragment`") < text.index("## doses")


def reference(**cells: str) -> dict[str, str]:
    blank = dict.fromkeys(
        ("container", "volume", "issue", "pages", "doi", "url", "accessed", "study"), ""
    )
    row = {"reference": "7", "type": "article-journal", "authors": "Doe J", "et_al": "false"}
    return {**blank, **row, "title": "Invented", "year": "2020", **cells}


@cases
def test_a_printed_name_is_taken_apart(printed: str, expected: dict[str, str]) -> None:
    (item,) = json.loads(bibliography([reference(authors=printed)]))
    assert item["author"] == [expected]


def test_a_reference_has_the_variables_of_its_cells_and_no_others() -> None:
    rows = [reference(et_al="true"), reference(study="doe-2020", doi="10.1/x")]
    first, second = json.loads(bibliography(rows))
    assert [first["id"], second["id"]] == ["reference-7", "doe-2020"]
    assert first["author"][-1] == {"literal": "others"}
    assert second["DOI"] == "10.1/x"
    assert not {"volume", "URL", "accessed"} & set(second)


@pytest.mark.parametrize("cells", [{"year": "2021a"}, {"type": "webpage", "accessed": "May"}])
def test_a_date_that_is_none_is_refused(cells: dict[str, str]) -> None:
    with pytest.raises(CompanionError, match="is neither a year nor a date"):
        bibliography([reference(**cells)])


def test_the_committed_codebook_and_bibliography_follow_from_the_data() -> None:
    stale = [p for p, text in generated(ROOT).items() if (ROOT / p).read_text("utf-8") != text]
    assert stale == [], "run `python -m review_companion.package.generated`"


@pytest.fixture
def cited(tmp_path: Path) -> Path:
    """A project with the report's data, in which a volume of the bibliography is another one."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for name in (BIBLIOGRAPHY, "_quarto.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    references = tmp_path / "data/references.csv"
    text = references.read_text("utf-8")
    references.write_text(text.replace("N Engl J Med,2001,344,", "N Engl J Med,2001,345,"), "utf-8")
    return tmp_path


def test_tidy_writes_the_bibliography_that_the_data_give(
    cited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--project", str(cited), "tidy"]) == 0
    assert "written anew from the data: " in capsys.readouterr().out
    assert '"volume": "345"' in (cited / BIBLIOGRAPHY).read_text("utf-8")
    assert stale_bibliography(cited, load_package(cited / "data")) is None


@pytest.mark.integration
def test_a_bibliography_of_other_data_is_a_warning(
    cited: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("notebooks", "report/style", "index.md"):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, cited / name)
    assert cli.main(["--project", str(cited), "check"]) == 0
    said = capsys.readouterr().out
    assert "references.json: warning: the data give other references now; `companion tidy`" in said


@pytest.mark.parametrize("written", ["[]", "{", '[{"id": "doe-2020"}]\n', "\udcff"])
def test_a_bibliography_of_somebody_else_is_left_alone(cited: Path, written: str) -> None:
    (cited / BIBLIOGRAPHY).write_text(written, "utf-8", errors="surrogateescape")
    assert stale_bibliography(cited, load_package(cited / "data")) is None


def test_every_column_of_the_data_has_a_title_and_a_description() -> None:
    package = json.loads((ROOT / "data/datapackage.json").read_text("utf-8"))
    schemas = [entry["schema"] for entry in package["resources"] if "schema" in entry]
    fields = [field for schema in schemas for field in schema["fields"]]
    assert fields
    assert [f["name"] for f in fields if not (f.get("title") and f.get("description"))] == []
