"""What this machine knows of its renders, kept in `build/`, never in the report.

`run.json` says when the last one ran, how long each step took, what failed; a stamp in the cache,
which folder is what the inputs give. A report that came with a checkout has no stamp: the first
render there is a real one.
"""

from __future__ import annotations

import json
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..cache import Cache, keep
from ..errors import CompanionError
from ..evidence.digests import file_digest
from .inputs import Inputs
from .settings import Report, Settings

RUN = Path("build/run.json")
STAMP = "stamp"


def now() -> str:
    """The time, in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_run(settings: Settings, began: str, ended: Report | CompanionError) -> None:
    """Writes the record of the last render of this project: what it did, or why it failed."""
    content: dict[str, Any] = {
        "began": began,
        "ended": now(),
        "settings": settings.run,
        "folder": str(settings.folder),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "failure": None if isinstance(ended, Report) else str(ended),
    }
    if isinstance(ended, Report):
        content |= {
            "seconds": round(ended.seconds, 3),
            "executed": ended.executed,
            "cached": ended.cached,
            "warnings": ended.warnings,
            "steps": {name: round(seconds, 3) for name, seconds in ended.steps.items()},
        }
    keep(settings.root / RUN, json.dumps(content, ensure_ascii=False, indent=1))


def warnings_if_current(settings: Settings, inputs: Inputs, cache: Cache) -> list[str] | None:
    """The warnings of the render that made the folder, if these inputs give the same there.

    None where the folder does not hold, unharmed, what these inputs give in this environment.
    """
    known = cache.find(STAMP, _rendered(settings, inputs))
    return None if known is None else list(map(str, json.loads(known)))


def stamp(settings: Settings, inputs: Inputs, warnings: tuple[str, ...], cache: Cache) -> None:
    """Remembers that the folder was rendered here, and what it was warned of."""
    cache.keep(STAMP, _rendered(settings, inputs), json.dumps(warnings).encode())


def _rendered(settings: Settings, inputs: Inputs) -> dict[str, Any]:
    """What was rendered: inputs, settings and every file of the folder."""
    files = [path for path in settings.folder.rglob("*") if path.is_file()]
    return {
        "inputs": inputs.everything,
        "formats": settings.formats,
        "without": settings.without,
        "run": settings.run,
        "outputs": {str(path.relative_to(settings.folder)): file_digest(path) for path in files},
    }
