from __future__ import annotations

from collections.abc import Callable

import pytest
from notebook_cells import code

from review_companion.errors import CompanionError
from review_companion.notebooks.execute import Executed
from review_companion.pipeline.execution import PROBE, read_names

pytestmark = pytest.mark.integration

MODULE = """\
import json, sys, types
asking = sys.modules["review_companion.review"] = types.ModuleType("asking")
asking.asked = lambda: json.dumps(["table-1", "it's", "a", "a"])"""


def test_a_probe_reports_the_names_that_a_notebook_asked_for(run: Callable[..., Executed]) -> None:
    assert read_names(run(code(MODULE), probe=PROBE).probe) == ("a", "it's", "table-1")


def test_nobody_asked_where_the_module_is_not_imported(run: Callable[..., Executed]) -> None:
    assert read_names(run(code("1"), probe=PROBE).probe) == ()


@pytest.mark.parametrize("answer", ["{", "{}", "[1]"])
def test_an_answer_that_is_no_list_of_names_is_refused(answer: str) -> None:
    with pytest.raises(CompanionError, match="list of names"):
        read_names(answer)
