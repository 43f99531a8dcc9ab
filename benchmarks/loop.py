"""What a running preview takes for a save, page and PDF, measured inside one process."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from review_companion.pipeline.render import render
from review_companion.pipeline.render_session import RenderSession
from review_companion.pipeline.settings import Watch
from review_companion.preview.loop import PreviewOptions

from .edits import edit_cell, edit_prose
from .running import cpu_of_tree


def main(project: Path) -> None:
    """Prints seconds and CPU seconds for an edited cell and edited prose, after a first render."""
    settings = PreviewOptions(project).settings
    session = RenderSession(project)
    render(settings, Watch(), session)
    edit_cell(project, "11.1")
    render(settings, Watch(), session)
    found = {}
    for name, edit in (("cell", edit_cell), ("prose", edit_prose)):
        edit(project, "11.7")
        began, used = time.perf_counter(), cpu_of_tree()
        render(settings, Watch(), session)
        found[name] = (time.perf_counter() - began, cpu_of_tree() - used)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
