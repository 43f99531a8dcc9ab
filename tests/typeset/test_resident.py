"""Typst's processes: kept from PDF to PDF, replaced when they hold too much, ended in time."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from review_companion.errors import CompanionError
from review_companion.typeset import resident
from review_companion.typeset.resident import Typst

pytestmark = pytest.mark.integration

# Says which process it is in place of a diagnosis; the timestamp is what it holds.
ANSWERS = """
import json, os, sys
for line in sys.stdin:
    print(json.dumps([[str(os.getpid())], json.loads(line)[2]]), flush=True)
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "program.py"
    path.write_text(ANSWERS)
    monkeypatch.setattr(resident, "PROGRAM", path)
    return path


def process(typst: Typst, name: str, held: int = 0) -> int:
    return int(typst.compile(typst.folder / name, typst.folder / "out.pdf", held)[0])


def test_each_source_has_a_process_until_it_holds_too_much(program: Path) -> None:
    typst = Typst()
    report, audit = process(typst, "report.typ"), process(typst, "audit.typ")
    assert report != audit
    assert process(typst, "report.typ", resident.MOST_KEPT_BYTES + 1) == report
    assert process(typst, "report.typ") != report
    assert process(typst, "audit.typ") == audit


def test_one_that_ended_meanwhile_is_replaced(program: Path) -> None:
    typst = Typst()
    number = process(typst, "report.typ")
    os.kill(number, signal.SIGKILL)
    os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)
    assert process(typst, "report.typ") != number


def test_processes_and_folder_end_with_their_owner(program: Path) -> None:
    typst = Typst()
    number, folder = process(typst, "report.typ"), typst.folder
    del typst
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_nothing_is_left_where_the_end_is_interrupted(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    wait = subprocess.Popen.communicate

    def interrupted(process: Any) -> None:
        wait(process)
        waits.append(process.pid)
        raise KeyboardInterrupt

    typst = Typst()
    number, folder = process(typst, "report.typ"), typst.folder
    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    del typst
    assert waits == [number]
    assert not folder.exists()


def test_one_that_takes_too_long_is_ended(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resident, "TIMEOUT_SECONDS", 0.01)
    program.write_text("input()\ninput()\n")
    typst = Typst()
    for _ in range(2):
        with pytest.raises(CompanionError, match="Typst took over"):
            process(typst, "report.typ")
