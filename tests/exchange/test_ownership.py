"""Rows belong to the study that their required foreign keys lead to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from review_companion.exchange.ownership import ownership, split
from review_companion.package.descriptor import TableSpec, read_specs
from review_companion.package.package import load_package


def spec(name: str, links: dict[str, str], optional: tuple[str, ...] = ()) -> TableSpec:
    fields: list[dict[str, Any]] = [{"name": "key"}]
    fields += [
        {"name": c, "constraints": {} if c in optional else {"required": True}} for c in links
    ]
    return TableSpec(name, f"{name}.csv", tuple(fields), links, (), ())


def test_resources_lead_to_a_study_directly_or_over_others() -> None:
    specs = [
        spec("limits", {"sample": "samples"}),
        spec("samples", {"study": "studies", "part_of": "samples"}),
        spec("studies", {"reference": "references"}),
        spec("references", {"study": "studies"}, optional=("study",)),
        spec("groups", {"reference": "references"}),
    ]
    owner = ownership(specs)
    assert owner.paths == {"samples": ("study", "studies"), "limits": ("sample", "samples")}
    rows = {"samples": {"s": {"study": "a"}}, "limits": {"l": {"sample": "s"}}}
    assert owner.study("limits", "l", rows["limits"]["l"], rows) == "a"
    assert [s.name for s in split(specs)[1]] == ["references"]


def test_a_locator_belongs_to_the_study_of_its_cell(folder: Path) -> None:
    specs = read_specs(folder)[0]
    rows = {r.name: r.rows for r in load_package(folder)}
    found = ownership(specs).study("locators", "alpha-p", rows["locators"]["alpha-p"], rows)
    assert found == "alpha-2001"


def test_a_row_that_leads_nowhere_has_no_study(folder: Path) -> None:
    owner = ownership(read_specs(folder)[0])
    assert owner.study("locators", "x", {"resource": "flow", "row": "found"}, {}) == ""
    assert owner.study("flow", "found", {}, {}) == ""
