"""What the preview shows now, and how its pages are told of it."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal


@dataclass(frozen=True)
class State:
    """`number` grows with every change, `report` with every new report.

    `message` is one line; `problems` and `changes` are HTML.
    """

    number: int = 0
    report: int = 0
    kind: Literal["rendering", "report", "problems"] = "rendering"
    message: str = ""
    problems: str = ""
    changes: str = ""


class Board:
    """Holds the state; the server's threads wait on it."""

    def __init__(self) -> None:
        self._state = State()
        self._changed = threading.Condition()
        self.closed = False

    @property
    def state(self) -> State:
        return self._state

    def show(self, **changes: Any) -> None:
        """Changes the state and wakes everyone who waits."""
        with self._changed:
            self._state = replace(self._state, number=self._state.number + 1, **changes)
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float) -> State | None:
        """The state once its number is above `seen`; None where nothing happened in time."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self._state.number > seen, seconds)
            return self._state if self._state.number > seen else None

    def close(self) -> None:
        """Nobody needs to wait any longer."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()


def as_event(state: State) -> bytes:
    """The state as a server-sent event."""
    return f"id: {state.number}\ndata: {json.dumps(asdict(state))}\n\n".encode()
