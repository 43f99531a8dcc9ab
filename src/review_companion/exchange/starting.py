"""Starts a review: a small invented one, with tables, chapters and style, that renders at once."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from ..errors import CompanionError
from ..package.generated import refresh
from ..package.yaml_files import REVIEW
from ..package.yaml_nodes import Node
from ..writing import write_files
from .wide import ARTICLE, characteristics, quoted, read_mapping, tables_of

PROGRAM = Path(__file__).parents[1]
EXAMPLE = PROGRAM / "new_review"
CHECKOUT = PROGRAM.parents[1]
STYLE, LOCK = Path("report/style"), Path("requirements.lock")
HIDDEN = {"gitignore": ".gitignore"}  # under a plain name, so that it hides nothing of the example


FIRST = "notebooks/at-a-glance.ipynb"
INVENTED = (
    "**Everything here is invented**, as an example to start from: the review, its studies and "
    "every figure. The review asks whether a plant on the desk changes how often people have a "
    "headache."
)
OF_THE_EXAMPLE = ("article.txt", "data/exceptions.yml")
CLAIMS = b"claim,section,fragment,label,check,because\n"


def start_from(folder: Path, sheet: Path, mapping: Path) -> None:
    """The same with the rows of a wide extraction sheet in place of the invented ones.

    Raises CompanionError, and leaves no folder, for a sheet or a mapping that cannot be used.
    """
    start(folder)
    try:
        said = read_mapping(mapping)
        _call_it(folder, said, characteristics(sheet, said))
        made = tables_of(sheet, said, mapping, folder / "data")
        write_files({**made, folder / "data/claims.csv": CLAIMS})
    except CompanionError:
        shutil.rmtree(folder)
        raise
    for name in OF_THE_EXAMPLE:
        (folder / name).unlink()
    refresh(folder / "data")


def _call_it(folder: Path, said: Node, columns: Mapping[str, str]) -> None:
    """Puts the review's own title, article and characteristics where those of the example are."""
    title = str(said.get("title") or folder.name)
    name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-") or "review"
    told = {
        "name": name,
        "title": quoted(f"Extraction data of a review: {title}"),
        "description": quoted("What the review reports about its included studies."),
        "article": quoted(str(said.get("article") or ARTICLE)),
    }
    path = folder / "data" / REVIEW
    kept = path.read_text("utf-8").partition("characteristics:")[0].splitlines()
    keys = [line.partition(":")[0] for line in kept]
    kept = [f"{k}: {told[k]}" if k in told else line for k, line in zip(keys, kept, strict=True)]
    kept += ["characteristics:"] if columns else []
    kept += [f"  {column}: {holds}" for column, holds in columns.items()]
    write_files({path: ("\n".join(kept) + "\n").encode()})
    for file, old, new in (
        ("_quarto.yml", "Desk plants and headache (invented)", title),
        ("_quarto.yml", "A companion report to a review that does not exist", "A companion report"),
        (FIRST, INVENTED, "Write here what the review asks."),
    ):
        text = (folder / file).read_text("utf-8")
        quotable = json.dumps(new, ensure_ascii=False)[1:-1]
        write_files({folder / file: text.replace(old, quotable).encode()})


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
