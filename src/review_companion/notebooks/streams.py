"""What cells print: bounded, and what is no part of a report said aside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .notebook_files import Cell, Notebook, place

MOST_SHOWN = 20_000
CUT = "\n[… the rest was cut]\n"
WARNED = re.compile(r"\w(Warning|Error): ")


def bounded(outputs: list[Cell], text: str) -> str:
    """The part of a further piece of a stream that is kept: a little more than is shown."""
    held = sum(len(each["text"]) for each in outputs if each["output_type"] == "stream")
    return text[: max(MOST_SHOWN + 1 - held, 0)]


def bearable(text: str) -> str:
    """The beginning of a text that is longer than a report can show."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}{CUT}"


def said_aside(notebook: Notebook, name: str) -> Iterator[str]:
    """What the cells said on stderr, which is no part of the report, and what was cut."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] != "stream":
                continue
            text = "".join(output["text"])
            where = place(notebook, cell, name)
            if output["name"] == "stderr" and text.strip():
                last = text.strip().splitlines()
                said = next((line for line in last if WARNED.search(line)), last[-1])
                yield f"{where}: said on stderr, not in the report: {said.strip()[:200]}"
            if CUT in text:
                yield f"{where}: printed more than a report can show; the rest was cut"
