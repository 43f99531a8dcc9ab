"""The edits whose consequences are timed."""

from __future__ import annotations

import json
import re
from pathlib import Path

CELL = re.compile(r"^(stumpf-2019/table,stumpf-2019),[^,]*,median,[^,]*,", re.MULTILINE)


def edit_cell(project: Path, months: str) -> None:
    """Gives Stumpf 2019 a median follow-up."""
    path = project / "data/follow_ups.csv"
    text, changed = CELL.subn(rf"\g<1>,true,median,{months},", path.read_text("utf-8"))
    assert changed == 1
    path.write_text(text, "utf-8")


def edit_prose(project: Path, words: str) -> None:
    """Adds a sentence to the first text of a notebook."""
    path = project / "notebooks/radiotherapy.ipynb"
    content = json.loads(path.read_text("utf-8"))
    cell = next(c for c in content["cells"] if c["cell_type"] == "markdown")
    cell["source"] = "".join(cell["source"]) + f"\n\nOne more sentence, {words}."
    path.write_text(json.dumps(content), "utf-8")
