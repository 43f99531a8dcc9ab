"""Where the wheels keep what the engine takes from them: pandoc, fonts."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from ..errors import CompanionError


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CompanionError(f"the package '{name}' is not installed", hint="run: make report")
    return Path(next(iter(spec.submodule_search_locations)))


def pandoc_path() -> Path:
    """The pandoc of the `pypandoc-binary` wheel, never another on the machine."""
    path = _package("pypandoc") / "files/pandoc"
    if path.is_file():
        return path
    hint = "install the wheel 'pypandoc-binary'"
    raise CompanionError("pandoc is not part of the installed 'pypandoc'", hint=hint)


def copy_fonts(folder: Path) -> Path:
    """matplotlib's DejaVu fonts as a folder for Typst, whose own wheel brings Libertinus.

    Its last-resort font stays out: it has a box for every character, and would hide that a
    character has no glyph.
    """
    fonts = _package("matplotlib") / "mpl-data" / "fonts" / "ttf"
    if not folder.is_dir():
        folder.mkdir()
        for path in sorted(fonts.glob("[!L]*.ttf")):  # not LastResort
            shutil.copyfile(path, folder / path.name)
    return folder
