"""Progress on the terminal: a line that changes, or plain lines where nobody watches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ..notebook.pool import Event

_MARKS = {"finished": "✓", "cached": "·", "failed": "✗"}


class Printer:
    """Prints events as they come; with `quiet`, nothing."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._stream, self._quiet = stream, quiet
        self._live = stream.isatty()
        self._running: list[str] = []

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        if event.kind == "started":
            self._running.append(event.name)
        elif event.name in self._running:
            self._running.remove(event.name)
        if self._quiet:
            return
        if event.kind in _MARKS:
            took = f" {event.seconds:.1f} s" if event.seconds is not None else ""
            note = " (cached)" if event.kind == "cached" else took
            self._line(f"{_MARKS[event.kind]} {event.name}{note}")
        if self._live and self._running:
            self._stream.write(f"\r\x1b[K… {', '.join(self._running)}"[:200])
            self._stream.flush()

    def _line(self, text: str) -> None:
        self._stream.write(f"\r\x1b[K{text}\n" if self._live else f"{text}\n")
        self._stream.flush()

    def summary(
        self, unchanged: bool, executed: Sequence[str], cached: Sequence[str], seconds: float
    ) -> None:
        """The last line: what was done and how long it took."""
        if self._quiet:
            return
        if unchanged:
            self._line(f"nothing changed ({seconds:.1f} s)")
        else:
            self._line(f"{len(executed)} executed, {len(cached)} cached, {seconds:.1f} s")
