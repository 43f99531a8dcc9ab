"""What git leaves in a file where two edits meet."""

from __future__ import annotations

import re

MARKER = re.compile(r"^(<{7}|\|{7}|>{7})( |$)", re.MULTILINE)


def left_from_a_merge(text: str) -> int:
    """The row of the first mark of a merge that was not finished; 0 where there is none."""
    found = MARKER.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
