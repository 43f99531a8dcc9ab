"""The published folder is always a whole one, whatever happens on the way."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.pipeline import publish as publishing
from review_companion.pipeline.publish import heal, lock_file, locked, publish, staging

FILES = ("manifest.json", "companion.html", "tables/table-1.csv")
VERSION = re.compile(r'.*"version": "(\w+)"}')


def write(folder: Path, version: str) -> None:
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(version, "utf-8")
    manifest = {"outputs": dict.fromkeys(FILES[1:], ""), "version": version}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def versions(folder: Path) -> set[str]:
    """What the files of the folder hold; a whole folder has one version of all."""
    return {version_in((folder / name).read_text("utf-8")) for name in FILES}


def version_in(text: str) -> str:
    return VERSION.sub(r"\1", text)


def publish_version(folder: Path, version: str) -> None:
    with locked(folder):
        stage = staging(folder)
        write(stage, version)
        publish(stage, folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "rendered"
    publish_version(folder, "one")
    return folder


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


def test_a_new_folder_takes_the_place_of_the_old_one(folder: Path) -> None:
    with locked(folder):
        stage = staging(folder)
        write(stage, "two")
        (stage / "tables/table-1.csv").rename(stage / "tables/table-2.csv")
        publish(stage, folder)
    assert not (folder / "tables/table-1.csv").exists()
    assert leftovers(folder) == []


def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system that cannot swap two folders in one call."""
    monkeypatch.setattr(publishing, "_exchange", lambda one, other: False)


STEPS: tuple[tuple[object, str], ...] = (
    (os, "fsync"),
    (publishing, "_exchange"),
    (Path, "rename"),
    (shutil, "rmtree"),
    (Path, "mkdir"),
    (Path, "unlink"),
)


@pytest.mark.parametrize("swaps", [True, False])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[1])
def test_a_fault_at_any_step_leaves_a_whole_report_and_the_next_render_heals(
    step: tuple[object, str], call: int, swaps: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (errno.ENOSPC, errno.EIO, errno.EACCES)[call - 1]
    if not swaps:
        without_exchange(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(*step, failing(getattr(*step), call, number))
        with contextlib.suppress(OSError, CompanionError):
            publish_version(folder, "two")
    if not folder.exists():
        assert not swaps
        heal(folder)
    assert versions(folder) in ({"one"}, {"two"})
    publish_version(folder, "three")
    assert versions(folder) == {"three"}
    assert leftovers(folder) == []


def failing(function: Callable[..., object], call: int, number: int) -> Callable[..., object]:
    """The function, but its call of that number raises."""
    calls = 0

    def replaced(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(number, os.strerror(number))
        return function(*arguments, **options)

    return replaced


ENDLESS = """
import itertools, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from tests.pipeline.test_publish import publish_version
print("ready", flush=True)
for version in itertools.count():
    publish_version(Path(sys.argv[1]), str(version))
"""


@pytest.mark.integration
def test_killed_at_any_moment_it_leaves_a_whole_report(folder: Path, root: Path) -> None:
    moments = random.Random(20250616)
    command = [sys.executable, "-c", ENDLESS, str(folder), str(root), str(root / "src")]
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            deadline = time.monotonic() + moments.uniform(0, 0.05)
            while time.monotonic() < deadline:
                assert len(versions_of_one_folder(folder)) == 1
            process.send_signal(signal.SIGKILL)
        assert len(versions(folder)) == 1
        publish_version(folder, "healed")
        assert versions(folder) == {"healed"}
        assert leftovers(folder) == []


def versions_of_one_folder(folder: Path) -> set[str]:
    """The versions in what the folder is at this moment, even if it is replaced meanwhile."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return set()
    try:
        found = set()
        for name in FILES:
            file = os.open(name, os.O_RDONLY, dir_fd=handle)
            with open(file, encoding="utf-8") as opened:
                found.add(version_in(opened.read()))
        return found
    except FileNotFoundError:
        return {"replaced while it was read"}
    finally:
        os.close(handle)


def test_a_second_render_of_the_folder_is_told_so(folder: Path) -> None:
    with (
        locked(folder),
        pytest.raises(CompanionError, match=f"process {os.getpid()}") as raised,
        locked(folder),
    ):
        pass
    assert "--out" in str(raised.value)
    assert leftovers(folder) == []


def test_a_lock_whose_process_died_holds_nobody_up(folder: Path) -> None:
    lock_file(folder).write_text("4194304\n")
    publish_version(folder, "two")
    assert versions(folder) == {"two"}
    assert not lock_file(folder).exists()


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CompanionError, match="--out"), locked(tmp_path / "file" / "rendered"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_named_with_what_to_do(folder: Path) -> None:
    folder.parent.chmod(0o500)
    try:
        with pytest.raises(CompanionError, match="--out"):
            publish_version(folder, "two")
        assert versions(folder) == {"one"}
    finally:
        folder.parent.chmod(0o700)


def test_a_folder_with_somebody_s_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(CompanionError, match="would be replaced"), locked(tmp_path):
        pass
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize("name", ["notes.txt", "tables/mine.csv", ".git/HEAD"])
def test_somebody_s_file_in_a_report_is_named_and_kept(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("my notes")
    with pytest.raises(CompanionError, match="would be lost") as raised:
        publish_version(folder, "two")
    assert raised.value.where == str(folder / name)
    assert (folder / name).read_text() == "my notes"
    assert versions(folder) == {"one"}


def test_what_a_file_manager_leaves_in_a_report_holds_nobody_up(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"")
    publish_version(folder, "two")
    assert versions(folder) == {"two"}


@pytest.mark.parametrize("fault", [CompanionError("no"), KeyboardInterrupt()])
def test_a_render_that_fails_leaves_nothing_beside_the_report(
    folder: Path, fault: BaseException
) -> None:
    def fail() -> None:
        with locked(folder):
            write(staging(folder), "half")
            raise fault

    with pytest.raises(type(fault)):
        fail()
    assert leftovers(folder) == []
    assert versions(folder) == {"one"}
