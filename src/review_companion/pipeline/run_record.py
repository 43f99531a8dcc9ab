"""`build/run.json`: when a render ran, how long each step took, what failed. Never published."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..cache import keep
from ..evidence.records import to_json
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
    keep(settings.root / RUN, to_json(content))


def _done(report: Report) -> Mapping[str, Any]:
    return {
        "seconds": round(report.seconds, 3),
        "executed": list(report.executed),
        "cached": list(report.cached),
        "unchanged": report.unchanged,
        "warnings": list(report.warnings),
        "steps": [{"name": step.name, "seconds": round(step.seconds, 3)} for step in report.steps],
    }
