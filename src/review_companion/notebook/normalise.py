"""Outputs without what differs from run to run: colours, addresses, names of temporary files."""

from __future__ import annotations

import re

from review_companion.notebook.files import Cell

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{4,}")
_CELL_FILE = re.compile(r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py")


def plain(text: str) -> str:
    """The text without terminal colours."""
    return _ANSI.sub("", text)


def normalise_text(text: str) -> str:
    """The text without colours, memory addresses and the file names that a kernel invents."""
    return _CELL_FILE.sub("<cell>", _ADDRESS.sub("", plain(text)))


def normalise_outputs(cell: Cell) -> None:
    """Bring the outputs of an executed code cell into one form (in place)."""
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            output["text"] = normalise_text(output["text"])
        elif output["output_type"] == "error":
            output["evalue"] = normalise_text(output["evalue"])
            output["traceback"] = [normalise_text(line) for line in output["traceback"]]
        elif "text/plain" in output["data"]:
            output["data"]["text/plain"] = normalise_text(output["data"]["text/plain"])
