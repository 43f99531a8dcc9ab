"""The files that follow from the schema and the data: descriptor, codebook, bibliography.

`companion check` and `companion render` write the first two anew after `schema.yml` changed;
`python -m review_companion.data.generated` writes all three.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from ..errors import CompanionError
from .bibliography import bibliography
from .codebook import TITLE, codebook
from .descriptor import PACKAGE, has_schema
from .files import foreign, read_bytes
from .package import load_package
from .schema import read_schema

CODEBOOK = "README.md"
BIBLIOGRAPHY = Path("report/style/references.json")


def generated(root: Path) -> Mapping[Path, str]:
    """Path below `root` -> the content that the package in `root/data` asks for."""
    package = load_package(root / "data")
    references, sources = package["references"].rows, package["sources"].rows
    return {
        **{Path("data") / name: text for name, text in from_schema(root / "data").items()},
        BIBLIOGRAPHY: bibliography(references.values(), sources.values()),
    }


def from_schema(folder: Path) -> Mapping[str, str]:
    """The files of a package that follow from its `schema.yml`, by name."""
    descriptor = read_schema(folder)
    package = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    return {PACKAGE: package, CODEBOOK: codebook(descriptor)}


def refresh(folder: Path) -> list[str]:
    """Writes anew what no longer follows from `schema.yml`, and names it.

    A README that is no codebook is left alone, and so is everything where the schema is at fault
    (validation says why) or the folder cannot be written: nothing here reads these files.
    """
    if not has_schema(folder):
        return []
    try:
        wanted = from_schema(folder)
        stale = [name for name, text in wanted.items() if _is_stale(folder / name, text)]
        for name in stale:
            (folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
    except (CompanionError, OSError):
        return []
    return stale


def _is_stale(path: Path, text: str) -> bool:
    if not os.path.lexists(path):
        return path.name == PACKAGE
    if foreign(path, path.parent):
        return False  # validation says so
    present = read_bytes(path).decode("utf-8", "replace")
    ours = path.name == PACKAGE or present.startswith(TITLE)
    return ours and present != text


if __name__ == "__main__":
    for path, content in generated(Path.cwd()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
