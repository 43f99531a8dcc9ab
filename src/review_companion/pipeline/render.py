"""Renders the report: validate, execute what changed, typeset, publish.

Where nothing changed, nothing heavy is imported: see `steps` for the rest.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import CompanionError
from .inputs import read_inputs
from .run_record import now, warnings_if_current, write_run
from .settings import PUBLISHED, Report, Settings, Watch

if TYPE_CHECKING:
    from .render_session import RenderSession

__all__ = ["PUBLISHED", "Report", "Settings", "Watch", "render"]


def render(
    settings: Settings, watch: Watch | None = None, session: RenderSession | None = None
) -> Report:
    """Renders and publishes; the published folder is replaced only by a whole new one.

    Raises CheckFailed for data that do not validate, CompanionError for bad use or input.
    """
    began = time.perf_counter()
    inputs = read_inputs(settings.root)
    cache = inputs.cache(finds=settings.use_cache)
    warnings = warnings_if_current(settings, inputs, cache)
    if warnings is not None:
        seconds = time.perf_counter() - began
        return Report(settings.folder, seconds, unchanged=True, warnings=tuple(warnings))
    from ..package.generated import refresh
    from ..writing import sweep
    from .steps import render_changed
    from .validation import passed

    sweep()
    if not passed(inputs, cache) and refresh(settings.root / "data"):
        inputs = read_inputs(settings.root)
    moment = now()
    try:
        report = render_changed(settings, inputs, watch or Watch(), session)
    except CompanionError as error:
        write_run(settings, moment, error)
        raise
    report = replace(report, seconds=time.perf_counter() - began)
    write_run(settings, moment, report)
    return report
