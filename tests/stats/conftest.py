"""Property tests draw the same examples everywhere and are not timed one by one."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("stats", deadline=None, derandomize=True)
settings.load_profile("stats")
