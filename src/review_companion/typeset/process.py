"""The one way to run another program: version checked, stderr kept, time limited."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..errors import CompanionError

TAIL_LINES = 15
PATIENCE = "COMPANION_SECONDS"
SECONDS, MOST_SECONDS = 240.0, 1e6
Finished = subprocess.CompletedProcess[str]


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    stdin: str | None = None,
    timeout_seconds: float | None = None,
    env: Mapping[str, str] | None = None,
    install: str | None = None,
) -> Finished:
    """Run a program to its end; a failing exit status is the caller's to judge.

    Raises CompanionError if the program is missing (with `install` as advice) or takes too long:
    `timeout_seconds`, or what the environment says.
    """
    name = Path(command[0]).name
    seconds = timeout_seconds or _patience()
    try:
        return subprocess.run(
            command,
            cwd=cwd,
            input=stdin,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except (FileNotFoundError, PermissionError):
        raise CompanionError(f"{name} is not installed", hint=install) from None
    except subprocess.TimeoutExpired as expired:
        said = _tail(expired.stderr or b"")
        hint = f"on a busy machine, allow more seconds: {PATIENCE}={2 * seconds:g}"
        raise CompanionError(f"{name} took over {seconds:g} s{said}", hint=hint) from None


def _patience() -> float:
    """The seconds that a program may take. Raises CompanionError for anything but a number."""
    written = os.environ.get(PATIENCE, "")
    if not written:
        return SECONDS
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0
    if not 0 < seconds < MOST_SECONDS:
        raise CompanionError(f"{PATIENCE} is a number of seconds, not “{written}”")
    return seconds


def check(finished: Finished) -> Finished:
    """Raise CompanionError with the last lines of stderr unless the program ended well."""
    if finished.returncode:
        name, said = Path(finished.args[0]).name, _tail(finished.stderr or finished.stdout)
        raise CompanionError(f"{name} ended with status {finished.returncode}{said}")
    return finished


def require_version(program: str, minimum: tuple[int, ...], install: str) -> tuple[int, ...]:
    """The version that `program --version` prints; CompanionError if missing, silent or older."""
    name, needed = Path(program).name, ".".join(map(str, minimum))
    finished = run([program, "--version"], timeout_seconds=60, install=install)
    found = re.search(r"\d+(?:\.\d+)+", finished.stdout)
    if not found:
        raise CompanionError(f"{name} does not tell its version", hint=install)
    version = tuple(int(part) for part in found.group().split("."))
    if version < minimum:
        raise CompanionError(f"{name} {found.group()} is too old: {needed} is needed", hint=install)
    return version


def _tail(text: str | bytes) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    lines = words.strip().splitlines()[-TAIL_LINES:]
    return ":\n  " + "\n  ".join(lines) if lines else ""
