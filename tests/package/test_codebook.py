from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from review_companion.package.generated import bibliography, codebook, generated

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


def test_a_column_shows_meaning_unit_type_and_limits() -> None:
    gy = {
        "name": "gy",
        "title": "Dose",
        "description": "Total.",
        "type": "number",
        "unit": "Gy",
        "constraints": {"required": True, "minimum": 0, "maximum": 90},
    }
    text = codebook(descriptor(gy))
    assert (
        line(text, "| `gy`") == "| `gy` | Dose. Total. Unit: Gy. | number | required; ≥ 0; ≤ 90 |"
    )


def test_a_source_without_a_title_is_named_by_its_address() -> None:
    text = codebook({"name": "x", "sources": [{"path": "a.pdf"}, {}], "licenses": [{}]})
    assert line(text, "Source: a") == "Source: a.pdf."
    assert line(text, "Source: ?") == "Source: ?."


def test_an_enumeration_lists_what_is_allowed() -> None:
    field = {"name": "kind", "type": "string", "constraints": {"enum": ["range", "IQR"]}}
    assert "one of `range`, `IQR`" in codebook(descriptor(field))


def test_a_foreign_key_links_to_the_table_it_names_and_an_empty_one_to_its_own() -> None:
    fields = ({"name": "study", "type": "string"}, {"name": "parent", "type": "string"})
    keys = [
        {"fields": "study", "reference": {"resource": "studies", "fields": "study"}},
        {"fields": "parent", "reference": {"resource": "", "fields": "dose"}},
    ]
    text = codebook(descriptor(*fields, foreignKeys=keys))
    assert "key of [studies](#studies)" in line(text, "| `study`")
    assert "key of [doses](#doses)" in line(text, "| `parent`")


def test_a_rule_is_told_as_it_is_written() -> None:
    text = codebook(descriptor({"name": "a", "type": "number"}, rules=["a <= b", "b.given"]))
    assert "Rules: `a <= b`; `b.given`." in text


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ({"unique with": ["b", "c"]}, "unique together with `b` and `c`"),
        ({"begins the key": True}, "begins the key"),
    ],
)
def test_what_a_column_is_to_its_table_is_told(word: dict[str, Any], words: str) -> None:
    assert words in line(codebook(descriptor({"name": "a", "type": "string", **word})), "| `a`")


def test_the_columns_of_place_are_described_once() -> None:
    text = codebook(descriptor({"name": "dose", "type": "string"}, *PLACE))
    assert text.count("| `fragment`") == 1
    assert text.index("| `fragment`") < text.index("## doses")


def test_a_bar_in_a_description_does_not_break_the_table() -> None:
    field = {"name": "a", "type": "string", "description": "this | that"}
    assert r"this \| that" in codebook(descriptor(field))


def reference(**cells: str) -> dict[str, str]:
    blank = dict.fromkeys(
        ("container", "volume", "issue", "pages", "doi", "url", "accessed", "study"), ""
    )
    row = {"reference": "7", "type": "article-journal", "authors": "Doe J", "et_al": "false"}
    return {**blank, **row, "title": "Invented", "year": "2020", **cells}


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Van Dam ABC", {"family": "Van Dam", "given": "A. B. C."}),
        ("Kahl K-H", {"family": "Kahl", "given": "K.-H."}),
        ("Doe GW Jr", {"family": "Doe", "given": "G. W.", "suffix": "Jr"}),
        ("D'Auria G", {"family": "D'Auria", "given": "G."}),
        ("Müller Ö", {"family": "Müller", "given": "Ö."}),
        ("Łoś ŻÉ", {"family": "Łoś", "given": "Ż. É."}),
        ("Иванов И-П", {"family": "Иванов", "given": "И.-П."}),
        ("Some Agency", {"literal": "Some Agency"}),
        ("Écoles Éco", {"literal": "Écoles Éco"}),
    ],
)
def test_a_printed_name_is_taken_apart(printed: str, expected: dict[str, str]) -> None:
    (item,) = json.loads(bibliography([reference(authors=printed)]))
    assert item["author"] == [expected]


def test_et_al_ends_the_list_with_others() -> None:
    (item,) = json.loads(bibliography([reference(et_al="true")]))
    assert item["author"][-1] == {"literal": "others"}


def test_the_citation_key_is_the_study_or_the_number() -> None:
    items = json.loads(bibliography([reference(), reference(study="doe-2020")]))
    assert [item["id"] for item in items] == ["reference-7", "doe-2020"]


def test_empty_cells_leave_no_variable() -> None:
    (item,) = json.loads(bibliography([reference(doi="10.1/x")]))
    assert item["DOI"] == "10.1/x"
    assert not {"volume", "URL", "accessed"} & set(item)


def test_the_committed_codebook_and_bibliography_follow_from_the_data() -> None:
    stale = [p for p, text in generated(ROOT).items() if (ROOT / p).read_text("utf-8") != text]
    assert stale == [], "run `python -m review_companion.package.generated`"


def test_every_column_of_the_data_has_a_title_and_a_description() -> None:
    package = json.loads((ROOT / "data/datapackage.json").read_text("utf-8"))
    schemas = [entry["schema"] for entry in package["resources"] if "schema" in entry]
    fields = [field for schema in schemas for field in schema["fields"]]
    assert fields
    assert [f["name"] for f in fields if not (f.get("title") and f.get("description"))] == []
