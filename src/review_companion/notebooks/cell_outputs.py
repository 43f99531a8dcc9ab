"""What cells put out: bounded, and without what differs from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .notebook_files import Cell, Notebook, place

MOST_SHOWN = 20_000
CUT = "\n[… the rest was cut]\n"
WARNED = re.compile(r"\w(Warning|Error): ")
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{4,}")
_CELL_FILE = re.compile(r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py")


def plain(text: str) -> str:
    """The text without terminal colours."""
    return _ANSI.sub("", text)


def normalise_text(text: str) -> str:
    """The text without colours, memory addresses and the file names that a kernel invents."""
    text = _ADDRESS.sub("", plain(text))
    return _CELL_FILE.sub("<cell>", text) if "ipykernel_" in text else text


def normalise_outputs(cell: Cell) -> None:
    """Bring the outputs of an executed code cell into one form (in place)."""
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            output["text"] = normalise_text(is_bearable(output["text"]))
        elif output["output_type"] == "error":
            output["evalue"] = normalise_text(output["evalue"])
            output["traceback"] = [normalise_text(line) for line in output["traceback"]]
        elif "text/plain" in output["data"]:
            output["data"]["text/plain"] = normalise_text(output["data"]["text/plain"])


def bounded(outputs: list[Cell], text: str) -> str:
    """As much of a further piece of a stream as is kept: a little more than is shown."""
    held = sum(len(each["text"]) for each in outputs if each["output_type"] == "stream")
    return text[: max(MOST_SHOWN + 1 - held, 0)]


def is_bearable(text: str) -> str:
    """A text, cut where it is longer than a report can show."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}{CUT}"


def warnings_in(notebook: Notebook, name: str) -> Iterator[str]:
    """What cells wrote to stderr, which is not shown in the report, and what was cut."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] != "stream":
                continue
            text = output["text"]
            where = place(notebook, cell, name)
            if output["name"] == "stderr" and text.strip():
                last = text.strip().splitlines()
                said = next((line for line in last if WARNED.search(line)), last[-1])
                yield f"{where}: said on stderr, not in the report: {said.strip()[:200]}"
            if CUT in text:
                yield f"{where}: printed more than a report can show; the rest was cut"
