"""Typst kept running: a PDF that was set before is set again in a tenth of the time."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path

from ..errors import CompanionError
from ..writing import temporary_prefix

Process = subprocess.Popen[str]
PROGRAM = Path(__file__).with_name("compile_typst.py")
TIMEOUT_SECONDS = 180
MOST_KEPT_BYTES = 800 << 20  # what holds more begins anew


class Typst:
    """A folder, and a process for each source in it, which remembers how its parts were laid out.

    It does so only where the source stays at its path. All of it ends with this object.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=temporary_prefix()))
        self._running: dict[Path, Process] = {}
        weakref.finalize(self, _end, self._running, self.folder)

    def compile(self, source: Path, out: Path, timestamp: int) -> list[str]:
        """Writes the PDF, with the fonts in `fonts` next to the source; what Typst says is wrong.

        Raises CompanionError where it takes too long or all memory.
        """
        process = self._process(source)
        assert process.stdin and process.stdout
        late = threading.Event()
        timer = threading.Timer(TIMEOUT_SECONDS, _end_late, (process, late))
        timer.start()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps([str(source), str(out), timestamp]) + "\n")
            process.stdin.flush()
        answer = process.stdout.readline()
        timer.cancel()
        if not answer:
            raise self._ended(source, late.is_set())
        diagnoses, held = json.loads(answer)
        if held > MOST_KEPT_BYTES:
            self._running.pop(source).communicate()
        return list(map(str, diagnoses))

    def _process(self, source: Path) -> Process:
        if source in self._running and self._running[source].poll() is not None:
            self._running.pop(source).communicate()  # something ended it meanwhile
        if source not in self._running:
            command = [sys.executable, str(PROGRAM), str(source.parent / "fonts")]
            pipe = subprocess.PIPE
            self._running[source] = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace"
            )
        return self._running[source]

    def _ended(self, source: Path, late: bool) -> CompanionError:
        process = self._running.pop(source)
        _, said = process.communicate()
        if late:
            return CompanionError(f"Typst took over {TIMEOUT_SECONDS} s")
        if process.returncode < 0 or "memory allocation" in said:
            hint = "something does not fit a page, such as the header of a table"
            return CompanionError("Typst cannot set the PDF: it ran out of memory", hint=hint)
        return CompanionError(f"Typst ended with status {process.returncode}: {said.strip()}")


def _end_late(process: Process, late: threading.Event) -> None:
    late.set()  # first: whoever waits for the process wakes up at once
    process.kill()


def _end(running: dict[Path, Process], folder: Path) -> None:
    """An interrupt while it waits comes too late for the render, and leaves nothing behind."""
    for process in running.values():
        process.kill()
    with contextlib.suppress(KeyboardInterrupt):
        for process in running.values():
            process.communicate()
    shutil.rmtree(folder, ignore_errors=True)
