"""What a running preview takes for a save: page, PDF, what changed; measured in one process."""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path

from review_companion.cli import OBJECTS
from review_companion.compare.changes import Changes
from review_companion.compare.sources import of_published
from review_companion.pipeline.render import render
from review_companion.pipeline.render_session import RenderSession
from review_companion.pipeline.settings import Watch
from review_companion.preview.loop import preview_settings

from .edits import edit_cell, edit_prose
from .running import cpu_of_tree


def main(project: Path) -> None:
    """Prints seconds and CPU seconds for an edited cell and edited prose, after a first render."""
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])  # as the command does
    settings = preview_settings(project)
    session = RenderSession(project)
    changes: list[Changes | None] = []
    watch = Watch(
        before_switch=lambda old, new, cache: changes.append(
            of_published(old, new, "before", cache)
        )
    )
    render(settings, watch, session)
    edit_cell(project, "11.1")
    render(settings, watch, session)
    found = {}
    for name, edit in (("cell", edit_cell), ("prose", edit_prose)):
        edit(project, "11.7")
        began, used = time.perf_counter(), cpu_of_tree()
        render(settings, watch, session)
        found[name] = (time.perf_counter() - began, cpu_of_tree() - used)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
