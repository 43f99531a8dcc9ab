"""Pictures in prose: a line `![what is seen](picture.png)`, a file in the chapter's folder."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import CompanionError
from ..package.files import foreign, read_bytes
from .code_cells import CellOptions, CellPlace
from .prose import FENCE

ALONE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>[^)\s]+)\)\s*")
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".svg": "image/svg+xml",
}
READ = ("notebooks", "data")  # folders whose every file is an input of the report


def split_pictures(text: str) -> Iterator[str | tuple[int, str, str]]:
    """The Markdown in pieces: text, or a picture's line with what is seen and its file."""
    lines: list[str] = []
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        opening = FENCE.match(line)
        if opening and (not fence or opening.group(1).startswith(fence)):
            fence = "" if fence else opening.group(1)
        found = None if fence else ALONE.fullmatch(line)
        if found and "://" not in found["file"]:
            yield "\n".join(lines)
            lines = []
            yield number, found["alt"], found["file"]
        else:
            lines.append(line)
    yield "\n".join(lines)


def read_picture(
    root: Path, file: str, alt: str, place: CellPlace
) -> tuple[dict[str, str], CellOptions]:
    """A picture as a cell's output would be. Raises CompanionError for one that is not there, is
    of another kind, or lies where no file is an input of the report."""
    path = (root / place.source).parent / file
    if not alt.strip():
        raise place.error("a picture says what is seen in it", hint=f"![what is seen]({file})")
    kind = PICTURES.get(path.suffix.lower())
    if kind is None:
        raise place.error(
            f"the picture “{file}” is of another kind", hint=f"use: {', '.join(PICTURES)}"
        )
    if not path.is_file():
        raise place.error(f"there is no picture “{file}”", hint=f"it would be {path}")
    inside = any(path.resolve().is_relative_to((root / name).resolve()) for name in READ)
    if not inside or foreign(path, root):
        raise place.error(f"the picture “{file}” lies elsewhere", hint="put it into notebooks/")
    try:
        data = read_bytes(path)
    except CompanionError as error:
        raise place.error(f"the picture “{file}”: {error.what}") from None
    text = (
        data.decode("utf-8", "replace")
        if path.suffix == ".svg"
        else base64.b64encode(data).decode()
    )
    return {kind: text}, CellOptions("", alt=alt)
