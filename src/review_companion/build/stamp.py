"""What this machine knows of a folder that it rendered, kept in `build/`, never in the report.

A report that came with a checkout has no stamp: the first render there is a real one.
"""

from __future__ import annotations

from pathlib import Path

from ..audit.digests import sha256
from ..audit.manifest import MANIFEST, up_to_date
from .cache import keep
from .inputs import Inputs
from .settings import Settings


def is_current(settings: Settings, inputs: Inputs) -> bool:
    """Whether the folder holds, unharmed, what these inputs give in this environment."""
    try:
        known = _path(settings).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return known == _stamp(settings, inputs) and up_to_date(
        settings.folder, inputs.digests, settings.run
    )


def stamp(settings: Settings, inputs: Inputs) -> None:
    """Remembers that the folder was rendered here."""
    keep(_path(settings), _stamp(settings, inputs))


def _path(settings: Settings) -> Path:
    name = sha256(str(settings.folder.resolve()).encode())[:32]
    return settings.root / "build" / "stamps" / name


def _stamp(settings: Settings, inputs: Inputs) -> str:
    try:
        manifest = (settings.folder / MANIFEST).read_bytes()
    except OSError:
        return ""
    return f"{inputs.code} {sha256(manifest)}"
