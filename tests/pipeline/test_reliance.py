"""Which notebooks are known by the names that they ask for."""

from __future__ import annotations

import pytest
from notebook_cells import code, markdown, notebook
from tests.conftest import FIXTURE

from review_companion.notebooks.notebook_files import read_notebook
from review_companion.pipeline.reliance import reliance

SETUP = "from review_companion import open_review\nreview = open_review()\nv = review.v\n"


@pytest.mark.parametrize(
    "source",
    [
        "review.table('table-1')",
        "review.frame('studies').sort_values('year')",
        "review.claims(verdict='inconsistent')",
        "from IPython.display import display\ndisplay(review.figure('doses'))",
        "import pandas as pd\npd.DataFrame({'a': [1]})",
    ],
)
def test_one_that_asks_the_review_is(source: str) -> None:
    cells = code(SETUP + source), markdown("`{python} v('x')`")
    assert reliance(notebook(*cells)) == "names"


@pytest.mark.parametrize(
    "source",
    [
        "review.root",
        "import pandas as pd\npd.read_csv('data/studies.csv')",
        "open('data/studies.csv')",
        "import csv",
        "from pathlib import Path\nPath('data').iterdir()",
        "from review_companion.review import Review",
        "import review_companion.package",
        "getattr(review, 'pack' + 'age')",
        "other = open_review()\nother.root",
        "%run helpers.py",
        "same = review\nsame.package",
        "print(review)",
    ],
)
def test_one_that_reads_past_it_depends_on_everything(source: str) -> None:
    assert reliance(notebook(code(SETUP), code(source))) == "everything"


@pytest.mark.parametrize("source", ["review.package['studies']", "review.dossiers('studies')"])
def test_one_that_takes_the_data_as_a_whole_depends_on_them(source: str) -> None:
    assert reliance(notebook(code(SETUP), code(source))) == "data"


def test_an_inline_expression_counts() -> None:
    inline = markdown("`{python} review.root`")
    assert reliance(notebook(code(SETUP), inline)) == "everything"


def test_text_about_files_does_not_count() -> None:
    assert reliance(notebook(code(SETUP), markdown("`open('x')` reads a file."))) == "names"


def test_the_notebook_of_the_invented_review_depends_on_its_data() -> None:
    assert reliance(read_notebook(FIXTURE / "notebooks/lamps.ipynb")) == "data"
