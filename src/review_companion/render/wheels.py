"""Where the wheels keep what the engine takes from them: pandoc, fonts."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from review_companion.errors import CompanionError


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CompanionError(f"the package '{name}' is not installed", hint="run: make report")
    return Path(next(iter(spec.submodule_search_locations)))


def pandoc_path() -> Path:
    """The pandoc of the `pypandoc-binary` wheel, never another on the machine."""
    folder = _package("pypandoc") / "files"
    for name in ("pandoc", "pandoc.exe"):
        if (folder / name).is_file():
            return folder / name
    hint = "install the wheel 'pypandoc-binary'"
    raise CompanionError("pandoc is not part of the installed 'pypandoc'", hint=hint)


def font_folder() -> Path:
    """matplotlib's DejaVu fonts; Typst's own wheel brings Libertinus."""
    return _package("matplotlib") / "mpl-data" / "fonts" / "ttf"
