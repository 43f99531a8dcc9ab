"""Reviews of any size: the invented one, its studies repeated under other keys."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

FIXTURE = Path(__file__).resolve().parent.parent / "tests/fixture_review"
STYLE = Path(__file__).resolve().parent.parent / "report/style"


def generate(folder: Path, studies: int) -> Path:
    """A project with that many studies (rounded up to whole copies), all of them invented."""
    project = Path(shutil.copytree(FIXTURE, folder / f"review-{studies}"))
    shutil.copytree(STYLE, project / "report/style", dirs_exist_ok=True)
    data = project / "data"
    keys = [row["study"] for row in _rows(data / "studies.csv")]
    copies = -(-studies // len(keys))
    for resource in json.loads((data / "datapackage.json").read_text("utf-8"))["resources"]:
        path = data / resource["path"]
        if path.suffix == ".csv" and path.parent == data and path.stem != "corrections":
            _repeat(path, keys, copies)
    return project


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _repeat(path: Path, keys: list[str], copies: int) -> None:
    rows = _rows(path)
    owned = [row for row in rows if any(key in cell for key in keys for cell in row.values())]
    if not owned:
        return
    with path.open("a", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        for copy in range(2, copies + 1):
            writer.writerows(_copied(row, keys, copy) for row in owned)


def _key(key: str, copy: int) -> str:
    """Another author of the same year: "alpha-2001" becomes "alphaab-2001"."""
    author, year = key.rsplit("-", 1)
    return f"{author}{_letters(copy)}-{year}"


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _copied(row: dict[str, str], keys: list[str], copy: int) -> list[str]:
    cells = []
    for column, cell in row.items():
        for key in keys:
            cell = cell.replace(key, _key(key, copy))
        if column == "position":
            cell = str(int(cell) + (copy - 1) * len(keys))
        if column == "label":
            cell = f"{cell} {copy}"
        cells.append(cell)
    if cells[0] == next(iter(row.values())):
        cells[0] += _letters(copy)
    return cells
