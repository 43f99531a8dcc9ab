"""What this machine knows of a folder that it rendered, kept in `build/`, never in the report.

A report that came with a checkout has no stamp: the first render there is a real one.
"""

from __future__ import annotations

from pathlib import Path

from ..audit.digests import combined, sha256
from .cache import keep
from .inputs import Inputs
from .settings import Settings


def is_current(settings: Settings, inputs: Inputs) -> bool:
    """Whether the folder holds, unharmed, what these inputs give in this environment."""
    try:
        known = _path(settings).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return known == _stamp(settings, inputs)


def stamp(settings: Settings, inputs: Inputs) -> None:
    """Remembers that the folder was rendered here."""
    keep(_path(settings), _stamp(settings, inputs))


def _path(settings: Settings) -> Path:
    name = sha256(str(settings.folder.resolve()).encode())[:32]
    return settings.root / "build" / "stamps" / name


def _stamp(settings: Settings, inputs: Inputs) -> str:
    """One digest over inputs, environment, settings and every file of the folder."""
    files = sorted(path for path in settings.folder.rglob("*") if path.is_file())
    outputs = {str(path.relative_to(settings.folder)): sha256(path.read_bytes()) for path in files}
    made = {"formats": settings.formats, "run": settings.run, "outputs": outputs}
    return combined({"state": inputs.state, **made})
