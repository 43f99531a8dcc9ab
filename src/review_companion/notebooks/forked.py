"""Work for a process forked from the one that has loaded the libraries of kernels."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe, forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from types import ModuleType
from typing import Any


def forked(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function gives, there if that process runs, else here."""
    if forkserver._forkserver._forkserver_pid is None:  # type: ignore[attr-defined]
        return function(*arguments)
    receiver, sender = Pipe(duplex=False)
    process = ForkServerProcess(target=_answer, args=(sender, function, arguments))
    try:
        with without_script():
            process.start()
        sender.close()
        answer = receiver.recv()
    except (OSError, EOFError):  # it died, or the process that it is forked from
        return function(*arguments)
    process.join()
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _answer(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        sender.send(function(*arguments))
    except Exception as error:
        sender.send(error)


@contextmanager
def without_script() -> Iterator[None]:
    """While a process is started, which would run this program's script again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
