"""What tests of this review's content share with those of the journal club."""

from __future__ import annotations

from tests.club.conftest import asked, review

__all__ = ["asked", "review"]
