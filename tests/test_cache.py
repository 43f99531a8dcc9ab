"""The cache may be deleted, damaged, shared and full; folders of killed runs are swept."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from review_companion.cache import Cache, trim
from review_companion.errors import CompanionError
from review_companion.writing import sweep, temporary_prefix, write_files, write_whole

MADE_FROM = {"cells": "one"}


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    found = Cache(tmp_path / "cache", "c" * 64)
    found.keep("run", MADE_FROM, b"executed\n")
    return found


def test_what_was_kept_is_found_again(cache: Cache) -> None:
    assert cache.find("run", MADE_FROM) == b"executed\n"


def test_anything_else_finds_nothing(cache: Cache) -> None:
    assert cache.find("run", {"cells": "two"}) is None
    assert cache.find("pdf", MADE_FROM) is None
    assert replace(cache, code="d" * 64).find("run", MADE_FROM) is None


def test_one_that_does_not_find_keeps_all_the_same(cache: Cache) -> None:
    blind = replace(cache, finds=False)
    blind.keep("run", {"cells": "two"}, b"executed")
    assert blind.find("run", {"cells": "two"}) is None
    assert cache.find("run", {"cells": "two"}) == b"executed"


def test_a_result_is_made_once_and_kept_where_what_it_was_made_from_held(cache: Cache) -> None:
    made = iter(range(9))
    for holds, found in ((False, 0), (True, 1), (True, 1)):
        assert cache.once("counted", MADE_FROM, lambda: next(made), lambda h=holds: h) == found


@pytest.mark.parametrize("content", [b"", b"[", b"\xff\xfe", b"0" * 64 + b"\nexecuted\n"])
def test_a_damaged_file_is_not_believed(cache: Cache, content: bytes) -> None:
    for path in cache.folder.iterdir():
        path.write_bytes(content)
    assert cache.find("run", MADE_FROM) is None


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache", "")
    cache.keep("run", MADE_FROM, b"executed")
    assert cache.find("run", MADE_FROM) is None


def test_many_writers_of_one_entry_leave_one_whole_result(cache: Cache) -> None:
    content = b"executed " * 10_000

    def work(_: int) -> bytes | None:
        cache.keep("run", {}, content)
        return cache.find("run", {})

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert set(pool.map(work, range(40))) == {content}


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


def test_of_several_files_none_is_written_where_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(CompanionError, match="could not be written") as raised:
        write_files({tmp_path / "a": b"x", tmp_path / "b": b"y"})
    assert raised.value.where == str(tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_only_the_folders_of_processes_that_are_no_more_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    never = 2**22 + 1  # above what Linux numbers processes with
    mine = temporary_prefix()
    gone = mine.replace(f"-{os.getpid()}-", f"-{never}-")
    kept = [f"{mine}abc", "companion-other", f"companion-00000000-{never}-x", "tmpabc"]
    for name in (*kept, f"{gone}abc"):
        (tmp_path / name / "inner").mkdir(parents=True)
    sweep()
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(kept)
