"""Executes a notebook in a kernel of its own, with nbclient, inline values included.

Quarto reads the value of an inline expression from `metadata.user_expressions` of its Markdown
cell; it is evaluated there after the cells before it, and written in the same form.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CompanionError
from ..imports import without_grammars
from . import failures
from .inline import CALL, Expression, find_expressions
from .notebook_files import Cell, Notebook, as_notebook, place, read_notebook
from .parameters import Value, inject
from .strip import bounded, normalise_outputs, normalise_text, strip

if TYPE_CHECKING:
    from nbclient import NotebookClient

    from .kernels import KernelPool


SLOW_SECONDS = 20
Slow = Callable[[str], None]


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


async def execute(pool: KernelPool, task: Task, timeout: int, slow: Slow) -> Executed:
    """Executes one notebook; `timeout` is in seconds per cell.

    `slow` is told the place of a cell that is still running after a while. Raises CompanionError
    with notebook, cell and line when the notebook cannot be executed.
    """
    began = time.perf_counter()
    path = task.notebook if isinstance(task.notebook, Path) else None
    content = read_notebook(path) if path else as_notebook(task.notebook, task.name)
    work = _as_node(inject(strip(content), task.parameters, task.name))
    folder = task.cwd or (path.parent if path else Path.cwd())
    async with _client(pool, work, folder.resolve(), timeout) as client:
        if task.guard and client.nb.cells:
            await _evaluate(client, [task.guard], client.nb.cells[0])
        await _run_cells(client, task.name, slow)
    return Executed(work, time.perf_counter() - began)


def _as_node(notebook: Notebook) -> Any:
    """nbclient wants the cells' fields as attributes, too."""
    with without_grammars():
        import nbformat

    return nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]


@contextlib.asynccontextmanager
async def _client(
    pool: KernelPool, notebook: Any, cwd: Path, timeout: int
) -> AsyncIterator[NotebookClient]:
    """A client with a kernel that is ready, and gone afterwards whatever happened."""
    with without_grammars():
        from nbclient import NotebookClient

    manager = pool.manager()
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=timeout,
        shell_timeout_interval=1,
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
    )
    client.log.setLevel("CRITICAL")
    _bound(client)
    try:
        await pool.start(manager, cwd)
        client.kc = manager.client()
        await pool.connect(manager, client.kc)
        yield client
    finally:
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


async def _run_cells(client: NotebookClient, name: str, slow: Slow) -> None:
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
