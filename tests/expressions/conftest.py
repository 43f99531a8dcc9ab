"""The invented tables of the documented examples as a package."""

from __future__ import annotations

import docs.examples
import pytest

from review_companion.expressions import Evaluator
from review_companion.package.package import Package


@pytest.fixture
def package() -> Package:
    return docs.examples.example_package()


@pytest.fixture
def evaluator() -> Evaluator:
    return docs.examples.evaluator()
