"""Executes many notebooks, several at a time, and says how far it has come."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .execute import Executed, Task, execute

if TYPE_CHECKING:
    from .kernels import KernelPool


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
    progress: Progress | None = None,
    timeout: int = 600,
    kernel_pool: KernelPool | None = None,
) -> list[Executed]:
    """Execute the notebooks, `jobs` at a time (default: one per processor), in their order.

    The first failure ends the others and is raised, as CompanionError; Ctrl-C likewise,
    as KeyboardInterrupt. No kernel is left in either case.
    """
    if not tasks:
        return []
    from .kernels import KernelPool

    with contextlib.ExitStack() as stack:
        pool = kernel_pool or stack.enter_context(KernelPool())
        limit = jobs or os.cpu_count() or 1
        report = progress or (lambda event: None)
        return asyncio.run(_execute_all(tasks, limit, report, timeout, pool))


async def _execute_all(
    tasks: Sequence[Task], jobs: int, progress: Progress, timeout: int, pool: KernelPool
) -> list[Executed]:
    executed: dict[int, Executed] = {}
    waiting = iter(enumerate(tasks))

    async def work() -> None:
        for position, task in waiting:
            executed[position] = await _execute_one(task, progress, timeout, pool)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(jobs, len(tasks))):
                group.create_task(work())
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [executed[position] for position in range(len(tasks))]


async def _execute_one(task: Task, progress: Progress, timeout: int, pool: KernelPool) -> Executed:
    progress(Event("started", task.name))
    try:
        executed = await execute(pool, task, timeout, lambda place: progress(Event("slow", place)))
    except Exception:
        progress(Event("failed", task.name))
        raise
    progress(Event("finished", task.name, executed.seconds))
    return executed
