"""Starts a review: a small invented one, with tables, chapters and style, that renders at once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from ..errors import CompanionError
from ..package.generated import refresh
from ..package.yaml_files import REVIEW, Node
from ..writing import write_files

PROGRAM = Path(__file__).parents[1]
EXAMPLE = PROGRAM / "new_review"
CHECKOUT = PROGRAM.parents[1]
STYLE, LOCK = Path("report/style"), Path("requirements.lock")
HIDDEN = {"gitignore": ".gitignore"}  # under a plain name, so that it hides nothing of the example
FIRST = "notebooks/at-a-glance.ipynb"
INVENTED = r"\*\*Everything here is invented\*\*.*? a headache\."
OF_FOUR = r"Made by `companion new`\. .*? `article\.txt`"
OF_THE_EXAMPLE = ("article.txt", "data/exceptions.yml")
ABOUT = '"What the review reports about its included studies."'
CLAIMS = b"claim,section,fragment,label,check,because\n"


def start(folder: Path) -> None:
    """Writes the review into a new or empty folder; CompanionError for any other."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        hint = "choose a folder that does not exist yet"
        raise CompanionError("exists already", where=str(folder), hint=hint)
    if not (CHECKOUT / STYLE).is_dir():
        hint = "run the `companion` of a copy of Review Companion's own folder"
        raise CompanionError("this program was installed without the style of a report", hint=hint)
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    for plain, name in HIDDEN.items():
        (folder / plain).rename(folder / name)
    shutil.copytree(CHECKOUT / STYLE, folder / STYLE)
    shutil.copyfile(CHECKOUT / LOCK, folder / LOCK)
    refresh(folder / "data")


def start_from(folder: Path, sheet: Path, mapping: Path) -> None:
    """A new review with the rows of a wide extraction sheet in place of the invented ones.

    Raises CompanionError, and leaves no folder, for a sheet or a mapping that cannot be used.
    """
    from . import wide_sheet

    start(folder)
    try:
        said, rows = wide_sheet.read_mapping(mapping), wide_sheet.sheet_rows(sheet)
        _set_title(folder, said, wide_sheet.characteristics(rows, said), sheet.name)
        made = wide_sheet.tables_of(rows, said, mapping, folder / "data")
        write_files({**made, folder / "data/claims.csv": CLAIMS})
    except CompanionError:
        shutil.rmtree(folder)
        raise
    for name in OF_THE_EXAMPLE:
        (folder / name).unlink()
    refresh(folder / "data")


def _set_title(folder: Path, said: Node, columns: Mapping[str, str], sheet: str) -> None:
    """Replaces the example's title, article and characteristics by the review's own."""
    from .columns import yaml_text
    from .wide_sheet import ARTICLE, key_of

    title, review = str(said.get("title") or folder.name), f"data/{REVIEW}"
    article = yaml_text(str(said.get("article") or ARTICLE))
    holds = [f"  {column}: {what}\n" for column, what in columns.items()]
    listed = "".join(["characteristics:\n", *holds]) if holds else ""
    for file, old, new in (
        (review, "^name: .*", f"name: {key_of(title)}"),
        (review, "^title: .*", f"title: {yaml_text(f'Extraction data of a review: {title}')}"),
        (review, "^description: .*", f"description: {ABOUT}"),
        (review, "^article: .*", f"article: {article}"),
        (review, r"^characteristics:[\s\S]*", listed),
        ("_quarto.yml", re.escape("Desk plants and headache (invented)"), yaml_text(title)[1:-1]),
        ("_quarto.yml", " to a review that does not exist", ""),
        (FIRST, INVENTED, "Write here what the review asks."),
        ("README.md", OF_FOUR, f"Made by `companion new` from {sheet}"),
        ("README.md", " `companion remove-study` takes out the invented ones.", ""),
    ):
        text = (folder / file).read_text("utf-8")
        text = re.sub(old, new.replace("\\", r"\\"), text, flags=re.MULTILINE)
        write_files({folder / file: text.encode()})
