"""What this machine knows of a folder that it rendered, kept in `build/`, never in the report.

A report that came with a checkout has no stamp: the first render there is a real one.
"""

from __future__ import annotations

import json
from pathlib import Path

from ..cache import keep
from ..evidence.digests import combined, sha256
from .inputs import Inputs
from .settings import Settings


def warnings_if_current(settings: Settings, inputs: Inputs) -> tuple[str, ...] | None:
    """The warnings of the render that made the folder, if these inputs give the same there.

    None where the folder does not hold, unharmed, what these inputs give in this environment.
    """
    try:
        known, *warnings = json.loads(_path(settings).read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return None
    return tuple(map(str, warnings)) if known == _stamp(settings, inputs) else None


def stamp(settings: Settings, inputs: Inputs, warnings: tuple[str, ...]) -> None:
    """Remembers that the folder was rendered here, and what it was warned of."""
    keep(_path(settings), json.dumps([_stamp(settings, inputs), *warnings], ensure_ascii=False))


def _path(settings: Settings) -> Path:
    name = sha256(str(settings.folder.resolve()).encode())[:32]
    return settings.root / "build" / "stamps" / name


def _stamp(settings: Settings, inputs: Inputs) -> str:
    """One digest over inputs, environment, settings and every file of the folder."""
    files = sorted(path for path in settings.folder.rglob("*") if path.is_file())
    outputs = {str(path.relative_to(settings.folder)): sha256(path.read_bytes()) for path in files}
    made = {"formats": settings.formats, "run": settings.run, "outputs": outputs}
    return combined({"state": inputs.state, **made})
