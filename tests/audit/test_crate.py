"""The crate against roc-validator, and its answers through the stock RO-Crate library."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any, ClassVar

import pytest
import rocrate
from rocrate.rocrate import ROCrate

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
MISSING_TIME = "The Action SHOULD have an endTime in ISO 8601 format"
NO_ADDRESS = "The SoftwareApplication id SHOULD be an absolute URI"
# This recommendation cannot be met for the report's own code: the workflow profile requires the
# workflow's file in the crate (an absolute id makes a required finding, "not found in crate"), and
# engine and notebooks are published nowhere but beside it. Libraries have an address.
OWN_CODE = ("workflow.yml", "#review-companion", "#typesetting", "#notebooks/")
BIOSCHEMAS = "https://bioschemas.org/"
# The RO-Crate library carries the context of version 1.3; these terms differ in 1.1.
TERMS_OF_1_1 = {
    "ComputationalWorkflow": f"{BIOSCHEMAS}ComputationalWorkflow",
    "FormalParameter": f"{BIOSCHEMAS}FormalParameter",
    "input": f"{BIOSCHEMAS}ComputationalWorkflow#input",
    "output": f"{BIOSCHEMAS}ComputationalWorkflow#output",
}


class Answer:
    """What a server would send for the context."""

    status_code = 200
    headers: ClassVar[dict[str, str]] = {"Content-Type": "application/ld+json"}

    def json(self) -> Any:
        copy = Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"
        terms = json.loads(copy.read_text("utf-8"))["@context"]
        return {"@context": {**terms, **TERMS_OF_1_1}}


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The context is served from the RO-Crate library's own copy; anything else is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rocrate_validator.utils import document_loader
        from rocrate_validator.utils.http import HttpRequester

    def get(requester: Any, url: str, **_: Any) -> Answer:
        assert url == CONTEXT, f"{url} is not at hand"
        return Answer()

    monkeypatch.setattr(document_loader, "_fetch_json_ld", lambda url: get(None, url).json())
    monkeypatch.setattr(HttpRequester, "get", get, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def findings(folder: Path, cache: Path) -> set[tuple[str, str]]:
    """(severity, message) of every finding, recommended ones included."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rocrate_validator.services import validate

        result = validate(
            {
                "rocrate_uri": str(folder),
                "profile_identifier": "provenance-run-crate",
                "requirement_severity": "RECOMMENDED",
                "offline": True,
                "cache_path": cache / "cache",
            }
        )
    return {
        (issue.severity.name, str(issue.message))
        for issue in result.get_issues()
        if not (issue.message == NO_ADDRESS and _is_own_code(issue.violatingPropertyValue, folder))
    }


def _is_own_code(identifier: str, folder: Path) -> bool:
    return identifier.removeprefix(f"{folder.as_uri()}/").startswith(OWN_CODE)


@pytest.mark.usefixtures("offline")
def test_the_published_crate_lacks_nothing_but_the_times(rendered: Path, tmp_path: Path) -> None:
    assert findings(rendered, tmp_path) == {("RECOMMENDED", MISSING_TIME)}


@pytest.mark.usefixtures("offline")
def test_the_timed_crate_lacks_nothing(project: Path, tmp_path: Path) -> None:
    assert findings(project / "build" / "crate", tmp_path) == set()


@pytest.mark.usefixtures("offline")
def test_a_crate_without_its_run_is_refused(rendered: Path, tmp_path: Path) -> None:
    shutil.copytree(rendered, tmp_path / "crate")
    path = tmp_path / "crate" / "ro-crate-metadata.json"
    content = json.loads(path.read_text("utf-8"))
    content["@graph"] = [e for e in content["@graph"] if e["@id"] != "#run"]
    path.write_text(json.dumps(content), "utf-8")
    assert "REQUIRED" in {severity for severity, _ in findings(tmp_path / "crate", tmp_path)}


@pytest.mark.usefixtures("offline")
def test_a_library_without_an_address_is_found(rendered: Path, tmp_path: Path) -> None:
    shutil.copytree(rendered, tmp_path / "crate")
    path = tmp_path / "crate" / "ro-crate-metadata.json"
    path.write_text(path.read_text("utf-8").replace("https://pandas.pydata.org/", "#pandas"))
    assert ("RECOMMENDED", NO_ADDRESS) in findings(tmp_path / "crate", tmp_path)


def cells_behind(crate: ROCrate, name: str) -> Any:
    """Which cells of which file made this number, by which code, in which version."""
    (traces,) = (e for e in crate.data_entities if e["name"] == "trace.json")
    records = json.loads((Path(crate.source) / traces.id).read_text("utf-8"))
    (record,) = (r for r in records if r["name"] == name)
    files = {e["name"]: e for e in traces["wasDerivedFrom"]}
    cells = {
        files[f"data/{column.split('.')[0]}.csv"].id: (column.split(".")[1], rows)
        for column, rows in record["wasDerivedFrom"].items()
    }
    (organised,) = (e for e in crate.contextual_entities if e.type == "OrganizeAction")
    engine = organised["instrument"]
    return cells, engine, crate.mainEntity


def test_the_stock_library_answers_which_cells_made_a_number(rendered: Path) -> None:
    crate = ROCrate(rendered)
    cells, engine, workflow = cells_behind(crate, "sleepers-total")
    (file, (column, rows)), *others = cells.items()
    assert others == []
    assert (file, column) == ("#data/samples.csv", "number")
    assert all(row.endswith("/total") for row in rows)
    samples = crate.get(file)
    manifest = json.loads((rendered / "manifest.json").read_text("utf-8"))
    assert samples is not None
    assert samples["sha256"] == manifest["inputs"]["data/samples.csv"]
    assert engine["name"] == "Review Companion"
    assert engine["version"]
    assert engine["sha256"]
    assert workflow["version"]
    assert {tool["name"] for tool in workflow["hasPart"]} >= {"notebooks/lamps.ipynb"}


def test_the_crate_names_every_published_file_with_its_digest(rendered: Path) -> None:
    crate = ROCrate(rendered)
    manifest = json.loads((rendered / "manifest.json").read_text("utf-8"))
    for name, digest in manifest["outputs"].items():
        entity = crate.get(name)
        assert entity is not None, name
        assert entity["sha256"] == digest


def test_people_are_one_organisation_and_the_source_is_credited(rendered: Path) -> None:
    graph = json.loads((rendered / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    assert [e["name"] for e in graph if e["@type"] == "Organization"]
    assert not [e for e in graph if e["@type"] == "Person"]
    (article, *_) = (e for e in graph if e["@type"] == "ScholarlyArticle")
    assert article["creditText"]


def test_the_published_crate_carries_no_time(rendered: Path) -> None:
    text = (rendered / "ro-crate-metadata.json").read_text("utf-8")
    assert "startTime" not in text
    assert "endTime" not in text
