"""A process that has imported the heavy libraries and forks a kernel for each request.

Run as `python -m review_companion.notebooks.forkserver FD FOLDER READY MODULE…`, where FD is one
end of a socket pair, FOLDER holds the kernels' sockets and READY is nothing or "module:function",
called for each byte "r" with the path of what was handed over, so that kernels find done what it
did. The request for a kernel is a byte "k" together with
a channel, a socket on which one line of JSON waits: {"arguments": […], "cwd": …}. The answers
on that channel are lines, too: the kernel's process id, and at its end its exit status
(negative: the signal that ended it).
When the other end of FD closes, however the process there ended, every kernel is killed and
the folder removed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

KERNEL = ("ipykernel.kernelapp", "ipykernel.debugger", "ipykernel.zmqshell", "sqlite3")
READY = b"r"
HANDED_OVER = "handed-over"
OBJECTS = 100_000  # that are made between two searches for circles, of which there are few


def main() -> None:
    """Import, then serve until the other end closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    ready = partial(make_ready, sys.argv[3], Path(sys.argv[2]) / HANDED_OVER)
    for module in (*KERNEL, *sys.argv[4:]):
        # A notebook that imports a broken module reports it better, by cell and line.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    try:
        ready()
        serve(control, ready)
    finally:
        shutil.rmtree(sys.argv[2], ignore_errors=True)


def make_ready(ready: str, path: Path) -> None:
    """Take what was handed over, if anything; a notebook meets the same error."""
    if path.exists():
        module, _, function = ready.partition(":")
        with contextlib.suppress(Exception):
            getattr(importlib.import_module(module), function)(path)
        path.unlink(missing_ok=True)  # taken once, however often it is told
    gc.collect()
    gc.freeze()  # pages that no collection touches stay shared with the kernels


def serve(control: socket.socket, ready: Callable[[], None]) -> None:
    """Fork a kernel per request and tell its channel when it ends."""
    channels: dict[int, socket.socket] = {}
    wake = _wake_on_child()
    try:
        while True:
            readable, _, _ = select.select([control, wake], [], [])
            if wake in readable:
                os.read(wake, 4096)
                _reap(channels)
            if control in readable:
                request, handles, _, _ = socket.recv_fds(control, 1, 1)
                if not request:
                    return
                if request == READY:
                    ready()
                    continue
                _fork(control, socket.socket(fileno=handles[0]), channels)
    finally:
        for pid in channels:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _wake_on_child() -> int:
    """A file descriptor that becomes readable when a child ends."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write)
    return read


def _reap(channels: dict[int, socket.socket]) -> None:
    while channels:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with contextlib.suppress(OSError), channels.pop(pid) as channel:
            channel.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _fork(
    control: socket.socket, channel: socket.socket, channels: dict[int, socket.socket]
) -> None:
    with channel.makefile() as lines:
        request = json.loads(lines.readline())
    pid = os.fork()
    if pid == 0:
        for inherited in (control, channel, *channels.values()):
            inherited.close()
        _become_kernel(request)
    channels[pid] = channel
    with contextlib.suppress(OSError):
        channel.sendall(f"{pid}\n".encode())


def _become_kernel(request: dict[str, Any]) -> NoReturn:
    """Run a kernel in this forked process; it ends with the process that forked it."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.chdir(request["cwd"])
        from ipykernel.kernelapp import IPKernelApp

        app: Any = IPKernelApp.instance(parent_handle=os.getppid())
        app.initialize(request["arguments"])
        sys.path.insert(0, "")  # as in any kernel; the server itself runs without it
        app.start()
    except SystemExit as exit_:
        os._exit(exit_.code if isinstance(exit_.code, int) else 0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
