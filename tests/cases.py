"""Tables of cases: what a test is tried on stands in `cases.yml` beside it, under the test's name.

The first row of a table names the arguments. A table that a test goes through by itself is had by
`rows`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml


@cache
def _tables(folder: Path) -> dict[str, list[Any]]:
    text = (folder / "cases.yml").read_text("utf-8")
    found: dict[str, list[Any]] = yaml.load(text, yaml.CSafeLoader)
    return found


def rows(file: str, name: str) -> list[Any]:
    """The table of this name beside a file."""
    return _tables(Path(file).parent)[name]


def cases(test: Callable[..., Any]) -> Any:
    """Tries a test on each row of the table of its name."""
    names, *values = rows(test.__code__.co_filename, test.__name__)
    return pytest.mark.parametrize(names, values)(test)
