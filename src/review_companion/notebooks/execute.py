"""Executes notebooks, each in a kernel of its own, with nbclient, inline values included.

Quarto reads the value of an inline expression from `metadata.user_expressions` of its Markdown
cell; it is evaluated there after the cells before it, and written in the same form.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..errors import CompanionError
from ..imports import without_grammars
from ..review import AHEAD
from . import failures
from .inline import CALL, Expression, find_expressions
from .notebook_files import Cell, Notebook, as_notebook, place, read_notebook
from .parameters import Value, inject
from .strip import bounded, normalise_outputs, normalise_text, strip

if TYPE_CHECKING:
    from nbclient import NotebookClient

SLOW_SECONDS = 20
STARTUP_SECONDS = 60


@dataclass(frozen=True)
class Executed:
    """An executed notebook, and how long it took."""

    notebook: Notebook
    seconds: float


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
    ahead: bytes = b"",
    env: Mapping[str, str] | None = None,
    forked: bool | None = None,
) -> list[Executed]:
    """Executes the notebooks, `jobs` at a time (default: one per processor), in their order.

    `ahead` is what reviews that are opened there find evaluated (`review.handed_over`); `env`
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
        (folder / "ahead").write_bytes(ahead)
        own = {"IPYTHONDIR": str(folder / "ipython"), AHEAD: str(folder / "ahead")}
        kernels = _Kernels(
            folder,
            {**os.environ, **FIXED, **own, **(env or {})},
            timeout,
            FORKS if forked is None else forked,
        )
        return asyncio.run(_execute_all(tasks, jobs or os.cpu_count() or 1, progress, kernels))


async def _execute_all(
    tasks: Sequence[Task], jobs: int, progress: Progress, kernels: _Kernels
) -> list[Executed]:
    executed: dict[int, Executed] = {}
    waiting = iter(enumerate(tasks))

    async def work() -> None:
        for position, task in waiting:
            connection = kernels.folder / f"{position}.json"
            executed[position] = await _execute(task, progress, kernels, connection)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(jobs, len(tasks))):
                group.create_task(work())
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [executed[position] for position in range(len(tasks))]


async def _execute(
    task: Task, progress: Progress, kernels: _Kernels, connection: Path
) -> Executed:
    progress(Event("started", task.name))
    began = time.perf_counter()
    try:
        path = task.notebook if isinstance(task.notebook, Path) else None
        content = read_notebook(path) if path else as_notebook(task.notebook, task.name)
        notebook = _as_node(inject(strip(content), task.parameters, task.name))
        cwd = (task.cwd or (path.parent if path else Path.cwd())).resolve()
        async with _client(notebook, task.name, cwd, kernels, connection) as client:
            if task.guard and client.nb.cells:
                await _evaluate(client, [task.guard], client.nb.cells[0])
            await _run_cells(client, task.name, lambda place: progress(Event("slow", place)))
    except Exception:
        progress(Event("failed", task.name))
        raise
    seconds = time.perf_counter() - began
    progress(Event("finished", task.name, seconds))
    return Executed(notebook, seconds)


def _as_node(notebook: Notebook) -> Any:
    """nbclient wants the cells' fields as attributes, too."""
    with without_grammars():
        import nbformat

    return nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]


@contextlib.asynccontextmanager
async def _client(
    notebook: Any, name: str, cwd: Path, kernels: _Kernels, connection: Path
) -> AsyncIterator[NotebookClient]:
    """A client with a kernel that is ready, and gone afterwards whatever happened."""
    with without_grammars():
        from nbclient import NotebookClient

    from .kernels import kernel_manager

    client = NotebookClient(
        notebook,
        km=kernel_manager(connection, forked=kernels.forked),
        timeout=kernels.timeout,
        startup_timeout=STARTUP_SECONDS,
        shell_timeout_interval=1,
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
    )
    client.log.setLevel("CRITICAL")
    _bound(client)
    try:
        with failures.of_starting(name):
            await client.async_start_new_kernel(cwd=str(cwd), env=dict(kernels.env))
            await client.async_start_new_kernel_client()
        yield client
    finally:
        if client.km is not None:
            await client._async_cleanup_kernel()


def _bound(client: NotebookClient) -> None:
    """Keeps of a cell's streams what can be shown: nbclient would work on megabytes for minutes."""
    take = client.output

    def output(outputs: list[Any], message: dict[str, Any], *place: Any) -> Any:
        content = message["content"]
        if message["msg_type"] == "stream":
            content["text"] = bounded(outputs, content["text"])
            if not content["text"]:
                return None
        return take(outputs, message, *place)

    client.output = output  # type: ignore[assignment, method-assign]


async def _run_cells(
    client: NotebookClient, name: str, slow: Callable[[str], None]
) -> None:
    for index, cell in enumerate(client.nb.cells):
        if cell.cell_type == "code":
            told = asyncio.get_running_loop().call_later(
                SLOW_SECONDS, slow, place(client.nb, cell, name)
            )
            try:
                await _run_code(client, cell, index, name)
            finally:
                told.cancel()
        elif cell.cell_type == "markdown":
            await _run_inline(client, cell, name)


async def _run_code(client: NotebookClient, cell: Any, index: int, name: str) -> None:
    with failures.explained(client, cell, name):
        await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
    normalise_outputs(cell)


async def _run_inline(client: NotebookClient, cell: Cell, name: str) -> None:
    expressions = find_expressions(cell["source"])
    if not expressions:
        return
    for expression in expressions:
        if not expression.is_one_line:
            where = place(client.nb, cell, name, expression.line)
            raise CompanionError("an inline expression must stand on one line", where=where)
    with failures.explained(client, cell, name):
        codes = [CALL.format(code=each.code) for each in expressions]
        results = await _evaluate(client, codes, cell)
    cell["metadata"]["user_expressions"] = [
        {"expression": expression.code, "result": _checked(client, cell, name, expression, result)}
        for expression, result in zip(expressions, results, strict=True)
    ]


def _checked(
    client: NotebookClient,
    cell: Cell,
    name: str,
    expression: Expression,
    result: dict[str, Any],
) -> dict[str, Any]:
    if result["status"] != "ok":
        where = place(client.nb, cell, name, expression.line)
        raise failures.raised(result, where, "`{python} " + expression.code + "`")
    data = dict(result["data"])
    if "text/plain" in data:
        data["text/plain"] = normalise_text(data["text/plain"])
    return {"data": data, "metadata": result["metadata"], "status": "ok"}


async def _evaluate(
    client: NotebookClient, codes: Sequence[str], cell: Any
) -> list[dict[str, Any]]:
    """Evaluate expressions in the kernel as they are, leaving no history and no output."""
    assert client.kc is not None
    request = client.kc.execute(
        "",
        silent=True,
        store_history=False,
        user_expressions={str(place): code for place, code in enumerate(codes)},
    )
    reply = await client.async_wait_for_reply(request, cell)
    assert reply is not None
    answers = reply["content"]["user_expressions"]
    return [answers[str(place)] for place in range(len(codes))]
