"""What cells print: cut where it is too long, and what is no part of a report said aside."""

from __future__ import annotations

from typing import Any

from review_companion.notebooks.strip import (
    CUT,
    MOST_SHOWN,
    bounded,
    normalise_outputs,
    said_aside,
)


def stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def notebook(*outputs: dict[str, Any]) -> dict[str, Any]:
    cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": list(outputs)}
    normalise_outputs(cell)
    return {"cells": [cell]}


def test_what_is_said_on_stderr_is_told_by_its_warning() -> None:
    text = "/tmp/ipykernel_1/2.py:1: UserWarning: look out\n  warnings.warn('look out')\n"
    [told] = said_aside(notebook(stream("stderr", text), stream("stdout", "fine")), "a.ipynb")
    assert told == (
        "a.ipynb, cell 1: said on stderr, not in the report: <cell>:1: UserWarning: look out"
    )


def test_a_long_text_is_cut_and_told() -> None:
    made = notebook(stream("stdout", "x" * (MOST_SHOWN + 1)))
    assert made["cells"][0]["outputs"][0]["text"] == "x" * MOST_SHOWN + CUT
    [told] = said_aside(made, "a.ipynb")
    assert told == "a.ipynb, cell 1: printed more than a report can show; the rest was cut"


def test_a_text_that_just_fits_is_whole() -> None:
    made = notebook(stream("stdout", "x" * MOST_SHOWN))
    assert made["cells"][0]["outputs"][0]["text"] == "x" * MOST_SHOWN
    assert list(said_aside(made, "a.ipynb")) == []


def test_no_more_of_a_stream_is_kept_than_is_needed() -> None:
    assert bounded([], "x" * 5_000_000) == "x" * (MOST_SHOWN + 1)
    assert bounded([stream("stdout", "x" * MOST_SHOWN)], "yz") == "y"
    assert bounded([stream("stdout", "x" * (MOST_SHOWN + 1))], "y") == ""
