"""The crate against roc-validator, and its answers through the stock RO-Crate library."""

from __future__ import annotations

import csv
import io
import json
import shutil
import warnings
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from review_companion.evidence.digests import sha256

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

pytestmark = pytest.mark.integration

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
        import rocrate

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
    """One library loses its address, which must be found, so that nothing found means sound."""
    crate = Path(shutil.copytree(rendered, tmp_path / "crate")) / "ro-crate-metadata.json"
    text = crate.read_text("utf-8")
    assert "https://pandas.pydata.org/" in text
    crate.write_text(text.replace("https://pandas.pydata.org/", "#pandas"), "utf-8")
    found = findings(crate.parent, tmp_path)
    assert found == {("RECOMMENDED", MISSING_TIME), ("RECOMMENDED", NO_ADDRESS)}


@dataclass(frozen=True)
class Told:
    """Which cells of which files made a number, by which code, in which version."""

    cells: dict[tuple[str, str, str], str]
    record: dict[str, Any]
    digests: dict[str, str]
    action: Any
    engine: Any


def asked(crate: ROCrate, name: str, root: Path) -> Told:
    """Asks the crate, through the library alone, and looks into the files that it names."""
    (traces,) = (e for e in crate.data_entities if e["name"] == "trace.json")
    records = json.loads((Path(crate.source) / traces.id).read_text("utf-8"))
    (record,) = (r for r in records if r["name"] == name)
    files = {e["name"]: e for e in traces["wasDerivedFrom"]}
    cells, digests = {}, {}
    for place, keys in record["wasDerivedFrom"].items():
        resource, column = place.split(".")
        file = files[f"data/{resource}.csv"]
        content = (root / file["name"]).read_bytes()
        assert sha256(content) == file["sha256"]
        digests[file["name"]] = file["sha256"]
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        by_key = {next(iter(row.values())): row for row in rows}
        cells |= {(resource, key, column): by_key[key][column] for key in keys}
    (action,) = (e for e in crate.contextual_entities if e.id == "#run")
    assert traces in action["result"]
    (organised,) = (e for e in crate.contextual_entities if e.type == "OrganizeAction")
    return Told(cells, record, digests, action, organised["instrument"])


@pytest.fixture(scope="module")
def crate(rendered: Path) -> ROCrate:
    """The crate as the stock library has it, which takes a while to load."""
    from rocrate.rocrate import ROCrate

    return ROCrate(rendered)


SLEEPERS = {("samples", f"{study}/total", "number"): number for study, number in (
    ("alpha-2001", "40"), ("beta-2003", "24"), ("gamma-2004", "16"))}  # fmt: skip
AGE = {("ages", "alpha-2001/all", "statistic"): "mean", ("ages", "alpha-2001/all", "years"): "34.0"}
RATIO = {("comparisons", "beta-2003/awake", "estimate"): "1.00"}


@pytest.mark.parametrize(
    ("name", "text", "cells"),
    [
        ("sleepers-total", "80", SLEEPERS),
        ("table-1/alpha-2001/age", "Mean 34.0", AGE),
        ("claim/beta-risk-ratio", "0.9", RATIO),
    ],
)
def test_the_stock_library_answers_for_a_value_a_cell_and_a_claim(
    crate: ROCrate, project: Path, name: str, text: str, cells: dict[tuple[str, str, str], str]
) -> None:
    told = asked(crate, name, project)
    assert told.record["text"] == text
    assert told.record["formula"]
    assert told.cells == cells
    manifest = json.loads((Path(crate.source) / "manifest.json").read_text("utf-8"))
    assert told.digests.items() <= manifest["inputs"].items()
    assert "sha256" not in told.engine
    assert told.engine["version"] == version("review-companion")
    workflow = told.action["instrument"]
    assert workflow["sha256"] == manifest["outputs"]["workflow.yml"]
    assert workflow["version"]
    assert {tool["name"] for tool in workflow["hasPart"]} >= {"notebooks/lamps.ipynb"}


def test_a_corrected_cell_is_told_as_the_file_has_it_and_as_it_was_read(
    crate: ROCrate, project: Path
) -> None:
    told = asked(crate, "table-1/beta-2003/age", project)
    (corrected,) = told.record["corrected"]
    place = (corrected["resource"], corrected["row"], corrected["column"])
    assert told.cells[place] == corrected["before"] == "13"
    assert corrected["after"] == told.record["text"] == "31"


def test_the_crate_names_every_published_file_and_nobody_and_no_time(crate: ROCrate) -> None:
    folder = Path(crate.source)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name, digest in manifest["outputs"].items():
        assert crate.get(name)["sha256"] == digest
    text = (folder / "ro-crate-metadata.json").read_text("utf-8")
    assert "startTime" not in text and "endTime" not in text
    graph = json.loads(text)["@graph"]
    assert [e["name"] for e in graph if e["@type"] == "Organization"]
    assert not [e for e in graph if e["@type"] == "Person"]
    (article, *_) = (e for e in graph if e["@type"] == "ScholarlyArticle")
    assert article["creditText"]
