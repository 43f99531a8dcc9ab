"""Limits of time and memory for templates, expressions and patterns that somebody else wrote."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import threading
from collections.abc import Iterator
from functools import cache
from types import FrameType

from .errors import CompanionError

SECONDS = 20.0  # of processor time, so that a busy machine refuses nothing
MORE_BYTES = 1_000_000_000
MOST = 2**62
_under_way = ""


class TooMuch(CompanionError):
    """An evaluation exceeded its time or memory."""


@contextlib.contextmanager
def bounded(what: str) -> Iterator[None]:
    """A context that limits the evaluation of somebody else's text; TooMuch if it exceeds them.

    `what` begins the message. Within another such context, and outside the main thread, where no
    signal arrives, no further limit is set. Python's loops and regular expressions can be stopped
    so, a single long operation on numbers cannot.
    """
    global _under_way
    if _under_way or threading.current_thread() is not threading.main_thread():
        yield
        return
    _watch()
    _under_way = what
    try:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        with _memory():
            yield
    except MemoryError:
        raise TooMuch(f"{what} takes over {MORE_BYTES // 1_000_000_000} GB of memory") from None
    finally:
        _under_way = ""  # first: from here on the signal stops nothing
        signal.setitimer(signal.ITIMER_PROF, 0)


@cache
def _watch() -> None:
    """Sets the signal handler once: setting it takes longer than most expressions."""
    signal.signal(signal.SIGPROF, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    if _under_way:
        raise TooMuch(f"{_under_way} takes over {SECONDS:g} seconds")


@contextlib.contextmanager
def _memory() -> Iterator[None]:
    """Limits further memory, on systems that allow it (Linux)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    taken = _taken()
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    if taken:
        resource.setrlimit(resource.RLIMIT_AS, (min(taken + MORE_BYTES, *known, MOST), hard))
    try:
        yield
    finally:
        if taken:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _taken() -> int:
    """The process's address space in bytes; 0 on systems that do not report it in this way."""
    try:
        return int(os.pread(_statm(os.getpid()), 64, 0).split()[0]) * resource.getpagesize()
    except OSError:
        return 0


@cache
def _statm(process: int) -> int:
    """The open file of the process's memory use, which is read for every template.

    A forked process has its own.
    """
    return os.open(f"/proc/{process}/statm", os.O_RDONLY)
