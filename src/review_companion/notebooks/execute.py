"""Executes notebooks, each in a kernel of its own, with nbclient, inline values included."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..evaluated_parts import EVALUATED_FILE, EVERYTHING
from ..imports import FORMATS, without
from .notebook_files import Notebook, as_notebook, read_notebook
from .parameters import Value, inject
from .strip import strip

STARTUP_SECONDS = 60


@dataclass(frozen=True)
class Executed:
    """An executed notebook, how long it took, and what it asked for (`evaluated_parts.asked`)."""

    notebook: Notebook
    seconds: float
    asked: tuple[str, ...] = (EVERYTHING,)


@dataclass(frozen=True)
class Task:
    """A notebook to execute; `name` is what progress and errors call it.

    `cwd` is by default the notebook's folder. `guard` is an expression that is evaluated before
    the first cell.
    """

    notebook: Path | Notebook
    name: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    cwd: Path | None = None
    guard: str | None = None


@dataclass(frozen=True)
class Event:
    """A step of the work on one notebook; `seconds` from the second on."""

    kind: Literal["started", "slow", "finished", "cached", "failed"]
    name: str
    seconds: float | None = None


Progress = Callable[[Event], None]


@dataclass(frozen=True)
class _Kernels:
    """How kernels start: `folder` is for their sockets, `timeout` in seconds for a cell."""

    folder: Path
    env: Mapping[str, str]
    timeout: int
    forked: bool


def execute_all(
    tasks: Sequence[Task],
    *,
    jobs: int | None = None,
    progress: Progress = lambda event: None,
    timeout: int = 600,
    evaluated: bytes = b"",
    env: Mapping[str, str] | None = None,
    forked: bool | None = None,
) -> list[Executed]:
    """Executes the notebooks, `jobs` at a time (default: one per processor), in their order.

    `evaluated` is what reviews that are opened there reuse (`review.for_kernels`); `env`
    adds to the environment. The first failure ends the others and is raised, as CompanionError
    with notebook, cell and line; Ctrl-C likewise, as KeyboardInterrupt. No kernel is left in
    either case.
    """
    if not tasks:
        return []
    from .kernels import FIXED, FORKS, private_folder, require_open_files

    require_open_files()
    with private_folder() as name:
        folder = Path(name)
        own = {**FIXED, "IPYTHONDIR": str(folder / "ipython")}
        if evaluated:
            (folder / "evaluated").write_bytes(evaluated)
            own[EVALUATED_FILE] = str(folder / "evaluated")
        forked = FORKS if forked is None else forked
        kernels = _Kernels(folder, {**os.environ, **own, **(env or {})}, timeout, forked)
        return asyncio.run(_execute_all(tasks, jobs or os.cpu_count() or 1, progress, kernels))


async def _execute_all(
    tasks: Sequence[Task], jobs: int, progress: Progress, kernels: _Kernels
) -> list[Executed]:
    executed: dict[int, Executed] = {}
    waiting = iter(enumerate(tasks))
    asyncio.get_running_loop().set_exception_handler(_unless_ended)

    async def work() -> None:
        for position, task in waiting:
            connection = kernels.folder / f"{position}.json"
            executed[position] = await _timed(task, progress, kernels, connection)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(jobs, len(tasks))):
                group.create_task(work())
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [executed[position] for position in range(len(tasks))]


def _unless_ended(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Reports a task that failed unnoticed, unless what ended it was a signal, raised already."""
    if not isinstance(context.get("exception"), KeyboardInterrupt):
        loop.default_exception_handler(context)


async def _timed(task: Task, progress: Progress, kernels: _Kernels, connection: Path) -> Executed:
    progress(Event("started", task.name))
    began = time.perf_counter()
    try:
        notebook, asked = await _execute(task, progress, kernels, connection)
    except Exception:
        progress(Event("failed", task.name))
        raise
    seconds = time.perf_counter() - began
    progress(Event("finished", task.name, seconds))
    return Executed(notebook, seconds, asked)


async def _execute(
    task: Task, progress: Progress, kernels: _Kernels, connection: Path
) -> tuple[Notebook, tuple[str, ...]]:
    """The executed notebook, and what it asked for; its kernel is gone afterwards, in any case."""
    path = task.notebook if isinstance(task.notebook, Path) else None
    content = read_notebook(path) if path else as_notebook(task.notebook, task.name)
    content = inject(strip(content), task.parameters, task.name)
    with without(*FORMATS):
        import nbformat
        from nbclient import NotebookClient

    from .kernels import kernel_manager
    from .notebook_run import NotebookRun

    client = NotebookClient(
        nbformat.from_dict(content),  # type: ignore[no-untyped-call]
        km=kernel_manager(connection, forked=kernels.forked),
        timeout=kernels.timeout,
        startup_timeout=STARTUP_SECONDS,
        shell_timeout_interval=1,
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
    )
    client.log.setLevel("CRITICAL")
    run = NotebookRun(client, task.name)
    cwd = task.cwd or (path.parent if path else Path.cwd())
    try:
        await run.start(cwd=str(cwd.resolve()), env=dict(kernels.env))
        asked = await run.cells(task.guard, lambda place: progress(Event("slow", place)))
    finally:
        if client.km is not None:
            await client._async_cleanup_kernel()
    return client.nb, asked
