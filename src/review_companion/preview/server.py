"""What the preview shows now; served as frame, files and a stream, to this machine only."""

from __future__ import annotations

import json
import mimetypes
import threading
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from ..errors import CompanionError


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


ADDRESS = "127.0.0.1"
ALIVE_SECONDS = 15
SILENT_SECONDS = 60  # then a client that asks nothing is let go
FRAME = Path(__file__).with_name("frame.html")


class Server(ThreadingHTTPServer):
    """`board` says what to show, `folder` holds the rendered files; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 128  # a page asks for many files at once

    def __init__(self, board: Board, folder: Path, port: int = 0) -> None:
        self.board, self.folder = board, folder
        try:
            super().__init__((ADDRESS, port), _Handler)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "it is no number up to 65535"
            raise CompanionError(
                f"port {port} cannot be used: {reason}", hint="leave --port out to take a free one"
            ) from None

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.server_port}/"

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Host headers that mean this server; others come from pages that rebind a name."""
        return frozenset({f"{ADDRESS}:{self.server_port}", f"localhost:{self.server_port}"})


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = SILENT_SECONDS

    def do_GET(self) -> None:
        if self.headers.get("Host") not in self.server.hosts:
            return self.send_error(HTTPStatus.FORBIDDEN)
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            return self._send(FRAME.read_bytes(), "text/html; charset=utf-8")
        if path == "/events":
            return self._stream()
        if path.startswith("/report/"):
            return self._file(path.removeprefix("/report/"))
        return self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:
        """Does nothing: the terminal shows renders, not requests."""

    def _file(self, name: str) -> None:
        folder = self.server.folder.resolve()
        try:
            path = (folder / name).resolve()
            content = path.read_bytes() if path.is_relative_to(folder) else None
        except (OSError, ValueError):
            content = None
        if content is None:
            return self.send_error(HTTPStatus.NOT_FOUND)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith("json")
        return self._send(content, f"{kind}; charset=utf-8" if text else kind)

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def _stream(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        seen = -1
        try:
            while not self.server.board.closed:
                state = self.server.board.wait(seen, ALIVE_SECONDS)
                if state is not None:
                    seen = state.number
                self.wfile.write(as_event(state) if state is not None else b": alive\n\n")
                self.wfile.flush()
        except (ConnectionError, TimeoutError):
            pass
        self.close_connection = True
