"""A disk that is full, or a file that cannot be read, is told with its place and what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.pipeline.settings import Settings
from review_companion.pipeline.steps import disk_errors


@pytest.mark.parametrize(
    ("number", "name", "what", "hint"),
    [
        (errno.ENOSPC, "report/.rendered.new/a.pdf", "could not be written: No space", "--out"),
        (errno.ENOSPC, "/elsewhere/fonts/a.ttf", "No space left", "TMPDIR"),
        (errno.EACCES, "notebooks/a.ipynb", "Permission denied", "make it readable"),
    ],
)
def test_what_the_system_refuses_is_told_with_its_place(
    tmp_path: Path, number: int, name: str, what: str, hint: str
) -> None:
    with pytest.raises(CompanionError) as caught, disk_errors(Settings(tmp_path)):
        raise OSError(number, os.strerror(number), str(tmp_path / name))
    assert caught.value.what.startswith(what)
    assert caught.value.where == str(tmp_path / name)
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("the published report is untouched; ")
    assert hint in caught.value.hint
