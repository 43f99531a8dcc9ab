"""Runs the cells of one notebook in a kernel; errors name notebook, cell and line.

Quarto reads the value of an inline expression from `metadata.user_expressions` of its Markdown
cell; it is evaluated there after the cells before it, and written in the same form.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from ..errors import CompanionError
from ..evaluated_parts import EVERYTHING
from .allowed_reads import ASKED
from .inline import CALL, Expression, find_expressions, text_of
from .notebook_files import Cell, place
from .strip import bounded, normalise_outputs, normalise_text, plain

SLOW_SECONDS = 20
UNKNOWN = 255  # what multiprocessing says of a process whose fork server is gone
OURS = ("CompanionError", "CheckFailed", "NoInput")


class NotebookRun:
    """Executes the cells of a client's notebook, which errors call `name`."""

    def __init__(self, client: NotebookClient, name: str) -> None:
        self._client, self._name = client, name
        self._bound_streams()

    async def start(self, **options: Any) -> None:
        """Starts the kernel and waits until it answers."""
        try:
            await self._client.async_start_new_kernel(**options)
            await self._client.async_start_new_kernel_client()
        except OSError as error:
            what = f"no kernel could be started: {error.strerror}"
            raise CompanionError(what, where=self._name) from None
        except RuntimeError as error:
            raise CompanionError(f"no kernel: {error}", where=self._name) from None

    async def cells(self, guard: str | None, slow: Callable[[str], None]) -> tuple[str, ...]:
        """Executes them in order; `slow` is called with the place of one that runs for a while.

        `guard` is an expression that is evaluated before the first; with one, it is known in the
        end what the notebook asked for.
        """
        cells = self._client.nb.cells
        if guard and cells:
            await self._evaluate([guard], cells[0])
        for index, cell in enumerate(cells):
            if cell.cell_type == "code":
                loop = asyncio.get_running_loop()
                warning = loop.call_later(SLOW_SECONDS, slow, self._place(cell))
                try:
                    await self._code(cell, index)
                finally:
                    warning.cancel()
            elif cell.cell_type == "markdown":
                await self._inline(cell)
        if not guard or not cells:
            return (EVERYTHING,)
        [asked] = await self._evaluate([ASKED], cells[-1])
        return tuple(json.loads(text_of(asked["data"]["text/plain"])))

    async def _code(self, cell: Any, index: int) -> None:
        count = self._client.code_cells_executed + 1
        with self._explained(cell):
            await self._client.async_execute_cell(cell, index, execution_count=count)
        normalise_outputs(cell)

    async def _inline(self, cell: Cell) -> None:
        expressions = find_expressions(cell["source"])
        for expression in expressions:
            if not expression.is_one_line:
                where = self._place(cell, expression.line)
                raise CompanionError("an inline expression must be on one line", where=where)
        if expressions:
            with self._explained(cell):
                codes = [CALL.format(code=each.code) for each in expressions]
                results = await self._evaluate(codes, cell)
            cell["metadata"]["user_expressions"] = [
                {"expression": each.code, "result": self._checked(cell, each, result)}
                for each, result in zip(expressions, results, strict=True)
            ]

    def _checked(self, cell: Cell, of: Expression, result: dict[str, Any]) -> dict[str, Any]:
        if result["status"] != "ok":
            raise _raised(result, self._place(cell, of.line), "`{python} " + of.code + "`")
        data = dict(result["data"])
        if "text/plain" in data:
            data["text/plain"] = normalise_text(data["text/plain"])
        return {"data": data, "metadata": result["metadata"], "status": "ok"}

    async def _evaluate(self, codes: Sequence[str], cell: Any) -> list[dict[str, Any]]:
        """The values of expressions as they are, without a history and an output."""
        assert self._client.kc is not None
        asked = {str(number): code for number, code in enumerate(codes)}
        request = self._client.kc.execute(
            "", silent=True, store_history=False, user_expressions=asked
        )
        reply = await self._client.async_wait_for_reply(request, cell)
        assert reply is not None
        answers = reply["content"]["user_expressions"]
        return [answers[number] for number in asked]

    def _bound_streams(self) -> None:
        """Keeps of streams what can be shown: nbclient would work on megabytes for minutes."""
        take = self._client.output

        def output(outputs: list[Any], message: dict[str, Any], *place: Any) -> Any:
            content = message["content"]
            if message["msg_type"] == "stream":
                content["text"] = bounded(outputs, content["text"])
                if not content["text"]:
                    return None
            return take(outputs, message, *place)

        self._client.output = output  # type: ignore[assignment, method-assign]

    def _place(self, cell: Cell, line: int | None = None) -> str:
        return place(self._client.nb, cell, self._name, line)

    @contextlib.contextmanager
    def _explained(self, cell: Cell) -> Iterator[None]:
        """Turns what nbclient raises while it works on this cell into CompanionError."""
        try:
            yield
        except CellExecutionError as error:
            number = _line_number(cell, plain(error.traceback))
            lines = cell["source"].splitlines()
            line = lines[number - 1] if number and number <= len(lines) else None
            said = {"ename": error.ename, "evalue": error.evalue}
            raise _raised(said, self._place(cell, number), line) from None
        except CellTimeoutError:
            what = f"still running after {self._client.timeout} seconds"
            raise CompanionError(what, where=self._place(cell)) from None
        except DeadKernelError:
            _pass_on_cancellation()
            status, hint = self._end_of_kernel()
            what = f"the kernel died while running this{status}"
            raise CompanionError(what, where=self._place(cell), hint=hint) from None

    def _end_of_kernel(self) -> tuple[str, str | None]:
        """How the kernel's process ended, and what may have been the reason."""
        process = getattr(getattr(self._client.km, "provisioner", None), "process", None)
        code = None if process is None else process.poll()
        if code is None:
            return "", None
        reason = "perhaps memory ran out, or a library crashed"
        if code == UNKNOWN:
            return "", reason
        if code >= 0:
            return f" (exit status {code})", None
        return f" ({signal.Signals(-code).name})", reason


def _pass_on_cancellation() -> None:
    """nbclient takes a cancelled wait (Ctrl-C, another notebook's failure) for a dead kernel."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from None


def _raised(error: Mapping[str, Any], where: str, line: str | None) -> CompanionError:
    """The error for an exception in a kernel, given as its message (`ename`, `evalue`)."""
    text = normalise_text(error["evalue"]).strip()
    is_ours, file = error["ename"] in OURS, where.split(", cell")[0]
    what = text if is_ours else f"{error['ename']}: {text}".rstrip(": ")
    return CompanionError(
        f"{what}\n    {line.strip()}" if line else what,
        where=where,
        hint=None
        if is_ours
        else f"see what `companion check` finds; step by step: jupyter lab {file}",
    )


def _line_number(cell: Cell, traceback: str) -> int | None:
    """The innermost line of this cell in an IPython traceback."""
    frames = re.findall(rf"Cell In\[{cell['execution_count']}\], line (\d+)", traceback)
    return int(frames[-1]) if frames else None
