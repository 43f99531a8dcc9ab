"""The cache may be deleted, damaged, shared and full."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.pipeline.cache import Entry, entry, trim, write_whole


def digest(asked: object) -> str:
    return "a" * 64


def other(asked: object) -> str:
    return "b" * 64


@pytest.fixture
def kept(tmp_path: Path) -> Entry:
    found = entry(tmp_path / "cache", {"cells": "one"})
    found.store("s" * 64, ["value:x"], digest, "executed")
    return found


def test_what_was_kept_is_found_again(kept: Entry) -> None:
    assert kept.find("t" * 64, digest) == "executed"


def test_a_state_that_was_seen_needs_no_evaluation(kept: Entry) -> None:
    assert kept.at("s" * 64) == "executed"
    assert kept.at("t" * 64) is None
    kept.find("t" * 64, digest)
    assert kept.at("t" * 64) == "executed"


def test_other_digests_find_nothing(kept: Entry) -> None:
    assert kept.find("s" * 64, other) is None


def test_a_name_that_is_gone_finds_nothing(kept: Entry) -> None:
    def gone(asked: object) -> str:
        raise CompanionError("no value is named “x”")

    assert kept.find("s" * 64, gone) is None


def test_other_code_is_another_entry(tmp_path: Path) -> None:
    assert entry(tmp_path, {"cells": "one"}).key != entry(tmp_path, {"cells": "two"}).key


@pytest.mark.parametrize("pattern", ["*.run", "*.names", "*.at"])
@pytest.mark.parametrize("content", [b"", b"[", b"\xff\xfe", b"0" * 64 + b"\nexecuted"])
def test_a_damaged_file_is_not_believed(kept: Entry, pattern: str, content: bytes) -> None:
    for path in kept.folder.glob(pattern):
        path.write_bytes(content)
    assert kept.find("t" * 64, digest) in (None, "executed")
    assert kept.at("s" * 64) in (None, "executed")
    if pattern == "*.run":
        assert kept.find("s" * 64, digest) is None


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = entry(tmp_path / "file" / "cache", {})
    found.store("s" * 64, [], digest, "executed")
    assert found.find("s" * 64, digest) is None


def test_many_writers_of_one_entry_leave_one_whole_result(tmp_path: Path) -> None:
    found = entry(tmp_path / "cache", {})
    text = "executed " * 10_000

    def work(_: int) -> str | None:
        found.store("s" * 64, ["value:x"], digest, text)
        return found.find("s" * 64, digest)

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert set(pool.map(work, range(40))) == {text}


def test_what_was_used_longest_ago_is_forgotten_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "old", "oldest")):
        (tmp_path / name).write_text("x" * 10)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    trim(tmp_path, most_files=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]
    trim(tmp_path, most_bytes=15)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "page.html", "text")
    assert list(tmp_path.iterdir()) == []
