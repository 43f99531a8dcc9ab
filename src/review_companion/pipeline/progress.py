"""Progress: a bar on a terminal, plain lines where nobody watches, and a log on request."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ..notebooks.execute import Event
    from .settings import Report

MARKS = {"finished": "✓", "cached": "·", "failed": "✗"}
WIDTH = 20


class Printer:
    """Shows what happens as it happens; `quiet` silences the stream, not the log."""

    def __init__(self, stream: TextIO, *, quiet: bool = False, log: TextIO | None = None) -> None:
        self._stream, self._quiet, self._log = stream, quiet, log
        self._live = stream.isatty() and not quiet
        self._began = time.monotonic()
        self._total = self._done = 0
        self._running: list[str] = []

    def planned(self, total: int) -> None:
        """A render begins that will have so many steps."""
        self._total, self._done = total, 0
        self._running.clear()

    def event(self, event: Event) -> None:
        """One step began or ended."""
        if event.kind == "started":
            self._running.append(event.name)
        elif event.kind == "slow":
            self.line(f"  {event.name}: still running")
        else:
            self._done += 1
            if event.name in self._running:
                self._running.remove(event.name)
            self.line(_said(event))
        self._bar()

    def line(self, text: str, *, problem: bool = False) -> None:
        """One line, above the bar; a problem is said even by a quiet one."""
        if self._log is not None:
            print(f"{time.monotonic() - self._began:8.2f} s  {text}", file=self._log, flush=True)
        if problem or not self._quiet:
            self._stream.write(f"\r\x1b[K{text}\n" if self._live else f"{text}\n")
            self._stream.flush()

    def summary(self, report: Report) -> None:
        """What was done and how long it took."""
        self._clear()
        for warning in report.warnings:
            self.line(f"warning: {warning}", problem=True)
        took = f"{report.seconds:.1f} s"
        if report.unchanged:
            self.line(f"nothing changed ({took})")
        else:
            self.line(f"{len(report.executed)} executed, {len(report.cached)} cached, {took}")

    def _bar(self) -> None:
        if not (self._live and self._total):
            return
        share = min(self._done / self._total, 1)
        filled = round(share * WIDTH)
        names = ", ".join(self._running)
        text = f"{'█' * filled}{'░' * (WIDTH - filled)} {self._done}/{self._total} {names}"
        self._stream.write(f"\r\x1b[K{text[: shutil.get_terminal_size().columns - 1]}")
        self._stream.flush()

    def _clear(self) -> None:
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _said(event: Event) -> str:
    if event.kind == "cached":
        return f"{MARKS['cached']} {event.name} (cached)"
    took = f" {event.seconds:.1f} s" if event.seconds is not None else ""
    return f"{MARKS.get(event.kind, ' ')} {event.name}{took}"
