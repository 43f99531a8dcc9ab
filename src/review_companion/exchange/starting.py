"""Starts a review: a small invented one, with tables, chapters and style, that renders at once."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..errors import CompanionError
from ..package.generated import refresh

PROGRAM = Path(__file__).parents[1]
EXAMPLE = PROGRAM / "new_review"
CHECKOUT = PROGRAM.parents[1]
STYLE, LOCK = Path("report/style"), Path("requirements.lock")
HIDDEN = {"gitignore": ".gitignore"}  # under a plain name, so that it hides nothing of the example


def start(folder: Path) -> None:
    """Writes the review into a new or an empty folder; CompanionError for any other."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        hint = "choose a folder that does not exist yet"
        raise CompanionError("something stands there already", where=str(folder), hint=hint)
    if not (CHECKOUT / STYLE).is_dir():
        hint = "run the `companion` of a copy of Review Companion's own folder"
        raise CompanionError("the style of a report is not beside this program", hint=hint)
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    for plain, name in HIDDEN.items():
        (folder / plain).rename(folder / name)
    shutil.copytree(CHECKOUT / STYLE, folder / STYLE)
    shutil.copyfile(CHECKOUT / LOCK, folder / LOCK)
    refresh(folder / "data")
