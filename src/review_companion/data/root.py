"""Where a project is. Imports next to nothing: every command asks."""

from __future__ import annotations

from pathlib import Path

from ..errors import CompanionError

PROJECT_FILE = "_quarto.yml"


def find_root(start: Path | None = None) -> Path:
    """The project folder: the nearest one upwards that holds `_quarto.yml` and `data/`."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / PROJECT_FILE).exists() and (folder / "data").is_dir():
            return folder
    raise CompanionError(
        f"no {PROJECT_FILE} with a data folder at or above {here}",
        hint="run this inside the project, or pass its folder",
    )
