"""What goes wrong while a notebook runs, told with notebook, cell, line and what to do."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import CompanionError
from .notebook_files import Cell, place
from .strip import normalise_text, plain

if TYPE_CHECKING:
    from nbclient import NotebookClient


@contextlib.contextmanager
def explained(client: NotebookClient, cell: Cell | None, name: str) -> Iterator[None]:
    """Turn what nbclient raises while it works on this cell into CompanionError."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    where = place(client.nb, cell, name) if cell else name
    try:
        yield
    except CellExecutionError as error:
        assert cell is not None
        raise _cell_error(client, cell, name, error) from None
    except CellTimeoutError:
        raise CompanionError(f"still running after {client.timeout} seconds", where=where) from None
    except DeadKernelError:
        _pass_on_cancellation()
        hint = "perhaps memory ran out, or a library crashed" if _was_killed(client) else None
        what = f"the kernel died while running this{_exit_status(client)}"
        raise CompanionError(what, where=where, hint=hint) from None


@contextlib.contextmanager
def of_starting(name: str) -> Iterator[None]:
    """Turns what nbclient raises while a kernel starts into CompanionError."""
    try:
        yield
    except OSError as error:
        what = f"no kernel could be started: {error.strerror}"
        raise CompanionError(what, where=name) from None
    except RuntimeError as error:
        raise CompanionError(f"no kernel: {error}", where=name) from None


def _pass_on_cancellation() -> None:
    """nbclient takes a cancelled wait (Ctrl-C, another notebook's failure) for a dead kernel."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from None


def raised(error: Mapping[str, Any], where: str, line: str | None) -> CompanionError:
    """The error for an exception in a kernel, given as its message (`ename`, `evalue`)."""
    text = normalise_text(error["evalue"]).strip()
    is_ours = error["ename"] in ("CompanionError", "CheckFailed", "NoInput")
    what = text if is_ours else f"{error['ename']}: {text}".rstrip(": ")
    return CompanionError(
        f"{what}\n    {line.strip()}" if line else what,
        where=where,
        hint=None if is_ours else f"run it step by step: jupyter lab {where.split(', cell')[0]}",
    )


def _cell_error(client: NotebookClient, cell: Cell, name: str, error: Any) -> CompanionError:
    number = _line_number(cell, plain(error.traceback))
    lines = cell["source"].splitlines()
    line = lines[number - 1] if number and number <= len(lines) else None
    where = place(client.nb, cell, name, number)
    return raised({"ename": error.ename, "evalue": error.evalue}, where, line)


def _line_number(cell: Cell, traceback: str) -> int | None:
    """The innermost line of this cell in an IPython traceback."""
    frames = re.findall(rf"Cell In\[{cell['execution_count']}\], line (\d+)", traceback)
    return int(frames[-1]) if frames else None


def _returncode(client: NotebookClient) -> int | None:
    process = getattr(getattr(client.km, "provisioner", None), "process", None)
    return None if process is None else process.poll()


def _was_killed(client: NotebookClient) -> bool:
    return (_returncode(client) or 0) < 0


def _exit_status(client: NotebookClient) -> str:
    code = _returncode(client)
    if code is None:
        return ""
    return f" ({signal.Signals(-code).name})" if code < 0 else f" (exit status {code})"
