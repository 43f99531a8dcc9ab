"""What this machine knows of its renders, kept in `build/`, never in the report.

`run.json` says when the last one ran, how long each step took, what failed; a stamp, which
folder is what the inputs give. A report that came with a checkout has no stamp: the first render
there is a real one.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..cache import keep
from ..evidence.digests import combined, sha256
from .inputs import Inputs
from .settings import Report, Settings

RUN = Path("build/run.json")


def now() -> datetime:
    """The time, in UTC to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def write_run(
    settings: Settings, began: datetime, report: Report | None, failure: Exception | None = None
) -> None:
    """Writes the record of the last render of this project."""
    ended = now()
    content = {
        "began": began.isoformat(),
        "ended": ended.isoformat(),
        "settings": settings.run,
        "folder": str(settings.folder),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "failure": str(failure) if failure else None,
        **(_done(report) if report else {}),
    }
    keep(settings.root / RUN, json.dumps(content, ensure_ascii=False, indent=1))


def _done(report: Report) -> Mapping[str, Any]:
    return {
        "seconds": round(report.seconds, 3),
        "executed": list(report.executed),
        "cached": list(report.cached),
        "unchanged": report.unchanged,
        "warnings": list(report.warnings),
        "steps": [{"name": step.name, "seconds": round(step.seconds, 3)} for step in report.steps],
    }


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
    asked = {"formats": settings.formats, "without": settings.without, "run": settings.run}
    return combined({"state": inputs.state, "outputs": outputs, **asked})
