from __future__ import annotations

import sys
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.typeset.process import check, require_version, run

pytestmark = pytest.mark.integration


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_input_output_and_status_are_passed_on() -> None:
    code = "import sys; print(sys.stdin.read().upper()); print('x', file=sys.stderr); sys.exit(3)"
    done = run([sys.executable, "-c", code], stdin="ä")
    assert (done.returncode, done.stdout, done.stderr) == (3, "Ä\n", "x\n")


def test_a_failing_program_is_an_error_with_the_end_of_what_it_said(tmp_path: Path) -> None:
    program = script(tmp_path / "tool", "seq 1 40 >&2; exit 4")
    with pytest.raises(CompanionError, match="tool ended with status 4") as caught:
        check(run([program]))
    assert caught.value.what.endswith("  39\n  40")
    assert "  20\n" not in caught.value.what


def test_a_missing_program_says_how_to_install_it() -> None:
    with pytest.raises(CompanionError, match="no-such-tool is not installed") as caught:
        run(["no-such-tool"], install="get it there")
    assert caught.value.hint == "get it there"


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    program = script(tmp_path / "tool", "exec tail -f /dev/null")
    with pytest.raises(CompanionError, match=r"took over 0\.1 s"):
        run([program], timeout_seconds=0.1)


@pytest.mark.parametrize(
    ("said", "message"),
    [("1.5.57", "1.5.57 is too old: 1.6 is needed"), ("what?", "does not tell")],
)
def test_an_old_or_silent_program_is_refused(tmp_path: Path, said: str, message: str) -> None:
    program = script(tmp_path / "tool", f"echo '{said}'")
    with pytest.raises(CompanionError, match=message):
        require_version(program, (1, 6), "update it")


def test_versions_compare_as_numbers(tmp_path: Path) -> None:
    assert require_version(script(tmp_path / "tool", "echo 1.10.2"), (1, 6), "") == (1, 10, 2)


def test_the_environment_says_how_long_a_program_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPANION_SECONDS", "0.1")
    with pytest.raises(CompanionError, match=r"took over 0\.1 s") as caught:
        run([script(tmp_path / "tool", "exec tail -f /dev/null")])
    assert "COMPANION_SECONDS=0.2" in str(caught.value.hint)


@pytest.mark.parametrize("written", ["x", "0", "-1", "nan", "1e9"])
def test_another_time_than_a_number_of_seconds_is_refused(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("COMPANION_SECONDS", written)
    with pytest.raises(CompanionError, match="is a number of seconds"):
        run([sys.executable, "-V"])
