"""The invented tables of the documented examples as a package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from docs.examples import PARAMETERS, TABLES, VALUES

from review_companion.data.package import Package
from review_companion.expressions import Evaluator

TYPES = {
    "studies.year": "integer",
    "samples.number": "integer",
    "stays.long": "boolean",
    "mentions.number": "number",
    **{f"stays.{name}": "number" for name in ("months", "least", "most")},
    **{f"comparisons.{n}": "number" for n in ("exposed", "other", "estimate", "low", "high", "p")},
}
LINKS = {f"{name}.study": "studies" for name in ("samples", "comparisons", "stays")}


def csv_of(drawn: str) -> str:
    """A drawn table as CSV."""
    rows = [line.split("|") for line in drawn.strip().splitlines()]
    return "\n".join(",".join(cell.strip() for cell in row) for row in rows)


@pytest.fixture
def package(make_package: Callable[..., Package]) -> Package:
    tables = {name: csv_of(drawn) for name, drawn in TABLES.items()}
    return make_package(types=TYPES, links=LINKS, **tables)


@pytest.fixture
def evaluator(package: Package) -> Evaluator:
    values: dict[str, Any] = {name: {"expression": text} for name, text in VALUES.items()}
    return Evaluator(package, values, PARAMETERS)
