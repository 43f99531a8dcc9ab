"""Executes notebooks, each in a kernel of its own, with nbclient, inline values included."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..evaluated_parts import EVALUATED_FILE
from ..imports import FORMATS, without
from .notebook_files import Notebook, read_notebook
from .parameters import Value, inject


@dataclass(frozen=True)
class Executed:
    """An executed notebook, how long it took, and what it asked for (`evaluated_parts.asked`)."""

    notebook: Notebook
    seconds: float
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A notebook to execute in its folder; `name` is its path in the project."""

    root: Path
    name: str
    parameters: Mapping[str, Value] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The file."""
        return self.root / self.name


@dataclass(frozen=True)
class Event:
    """A step of the work on one notebook; `seconds` from the second on."""

    kind: Literal["started", "slow", "finished", "cached", "failed"]
    name: str
    seconds: float | None = None


Progress = Callable[[Event], None]


def execute_all(
    tasks: Sequence[Task],
    *,
    jobs: int | None = None,
    progress: Progress = lambda event: None,
    evaluated: bytes = b"",
) -> list[Executed]:
    """Executes the notebooks, `jobs` at a time (default: one per processor), in their order.

    `evaluated` is what reviews that are opened there reuse (`evaluated_parts.file_for_kernels`).
    The first failure ends the others and is raised, as CompanionError with notebook, cell and
    line; Ctrl-C likewise, as KeyboardInterrupt. No kernel is left in either case.
    """
    if not tasks:
        return []
    from .kernels import FIXED, private_folder, require_open_files

    require_open_files()
    with private_folder() as name:
        folder = Path(name)
        env = {**os.environ, **FIXED, "IPYTHONDIR": str(folder / "ipython")}
        if evaluated:
            (folder / "evaluated").write_bytes(evaluated)
            env[EVALUATED_FILE] = str(folder / "evaluated")
        return asyncio.run(_execute_all(tasks, jobs or os.cpu_count() or 1, progress, folder, env))


async def _execute_all(
    tasks: Sequence[Task], jobs: int, progress: Progress, folder: Path, env: Mapping[str, str]
) -> list[Executed]:
    executed: dict[int, Executed] = {}
    waiting = iter(enumerate(tasks))
    asyncio.get_running_loop().set_exception_handler(_unless_ended)

    async def work() -> None:
        for position, task in waiting:
            connection = folder / f"{position}.json"
            executed[position] = await _execute(task, progress, connection, env)

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


async def _execute(
    task: Task, progress: Progress, connection: Path, env: Mapping[str, str]
) -> Executed:
    with without(*FORMATS):
        from .notebook_run import NotebookRun

    progress(Event("started", task.name))
    began = time.perf_counter()
    try:
        notebook = inject(read_notebook(task.path), task.parameters, task.name)
        run = NotebookRun(
            notebook, task.name, connection, lambda place: progress(Event("slow", place))
        )
        asked = await run.execute_in(task.path.parent, env, task.root)
    except Exception:
        progress(Event("failed", task.name))
        raise
    seconds = time.perf_counter() - began
    progress(Event("finished", task.name, seconds))
    return Executed(run.nb, seconds, asked)
