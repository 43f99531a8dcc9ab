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
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import from_dict

from ..errors import CompanionError
from .allowed_reads import ASKED, guard_for
from .cell_outputs import bounded, normalise_outputs, normalise_text, plain
from .inline import CALL, Expression, find_expressions, text_of
from .kernels import kernel_manager
from .notebook_files import Cell, CellPlace, Notebook, place

STARTUP_SECONDS = 60
CELL_SECONDS = 600
SLOW_SECONDS = 20
UNKNOWN = 255  # what multiprocessing says of a process whose fork server is gone
OURS = ("CompanionError", "CheckFailed", "NoInput")


class NotebookRun(NotebookClient):
    """Executes the cells of a notebook, which errors call `name`, in a kernel of its own.

    `slow` is called with the place of a cell that runs for a while.
    """

    def __init__(
        self, notebook: Notebook, name: str, connection: Path, slow: Callable[[str], None]
    ) -> None:
        super().__init__(
            from_dict(notebook),  # type: ignore[no-untyped-call]
            km=kernel_manager(connection),
            timeout=CELL_SECONDS,
            startup_timeout=STARTUP_SECONDS,
            shell_timeout_interval=1,
            record_timing=False,
            coalesce_streams=True,
            shutdown_kernel="immediate",
        )
        self.log.setLevel("CRITICAL")
        self._name, self._slow = name, slow

    async def execute_in(self, folder: Path, env: Mapping[str, str], root: Path) -> tuple[str, ...]:
        """Starts the kernel and executes the cells in order; it is gone afterwards, in any case.

        What they read besides the inputs of the project in `root` is refused; what they asked for
        is the result.
        """
        try:
            await self._start(cwd=str(folder.resolve()), env=dict(env))
            return await self._cells(root)
        finally:
            if self.km is not None:
                await self._async_cleanup_kernel()

    async def _start(self, **options: Any) -> None:
        try:
            await self.async_start_new_kernel(**options)
            await self.async_start_new_kernel_client()
        except OSError as error:
            what = f"no kernel could be started: {error.strerror}"
            raise CompanionError(what, where=self._name) from None
        except RuntimeError as error:
            raise CompanionError(f"no kernel: {error}", where=self._name) from None

    async def _cells(self, root: Path) -> tuple[str, ...]:
        await self._evaluate([guard_for(root)])
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type == "code":
                loop = asyncio.get_running_loop()
                warning = loop.call_later(SLOW_SECONDS, self._slow, str(self._place(cell)))
                try:
                    await self._code(cell, index)
                finally:
                    warning.cancel()
            elif cell.cell_type == "markdown":
                await self._inline(cell)
        [asked] = await self._evaluate([ASKED])
        return tuple(json.loads(text_of(asked["data"]["text/plain"])))

    async def _code(self, cell: Any, index: int) -> None:
        count = self.code_cells_executed + 1
        with self._explained(cell):
            await self.async_execute_cell(cell, index, execution_count=count)
        normalise_outputs(cell)

    async def _inline(self, cell: Cell) -> None:
        expressions = find_expressions(cell["source"])
        for expression in expressions:
            if not expression.is_one_line:
                here = self._place(cell, expression.line)
                raise here.error("an inline expression must be on one line")
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

    async def _evaluate(self, codes: Sequence[str], cell: Any = None) -> list[dict[str, Any]]:
        """The values of expressions as they are, without a history and an output."""
        assert self.kc is not None
        asked = {str(number): code for number, code in enumerate(codes)}
        request = self.kc.execute("", silent=True, store_history=False, user_expressions=asked)
        reply = await self.async_wait_for_reply(request, cell)
        assert reply is not None
        answers = reply["content"]["user_expressions"]
        return [answers[number] for number in asked]

    def output(self, outs: list[Any], msg: dict[str, Any], *place: Any) -> Any:
        """Keeps of streams what can be shown: nbclient would work on megabytes for minutes."""
        if msg["msg_type"] == "stream":
            msg["content"]["text"] = bounded(outs, msg["content"]["text"])
            if not msg["content"]["text"]:
                return None
        return super().output(outs, msg, *place)

    def _place(self, cell: Cell, line: int | None = None) -> CellPlace:
        return place(self.nb, cell, self._name, line)

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
            what = f"still running after {self.timeout} seconds"
            raise self._place(cell).error(what) from None
        except DeadKernelError:
            _pass_on_cancellation()
            status, hint = self._end_of_kernel()
            what = f"the kernel died while running this{status}"
            raise self._place(cell).error(what, hint=hint) from None

    def _end_of_kernel(self) -> tuple[str, str | None]:
        """How the kernel's process ended, and what may have been the reason."""
        process = getattr(getattr(self.km, "provisioner", None), "process", None)
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


def _raised(error: Mapping[str, Any], place: CellPlace, line: str | None) -> CompanionError:
    """The error for an exception in a kernel, given as its message (`ename`, `evalue`)."""
    text = normalise_text(error["evalue"]).strip()
    is_ours = error["ename"] in OURS
    what = text if is_ours else f"{error['ename']}: {text}".rstrip(": ")
    hint = f"see what `companion check` finds; step by step: jupyter lab {place.source}"
    what = f"{what}\n    {line.strip()}" if line else what
    return place.error(what, hint=None if is_ours else hint)


def _line_number(cell: Cell, traceback: str) -> int | None:
    """The innermost line of this cell in an IPython traceback."""
    frames = re.findall(rf"Cell In\[{cell['execution_count']}\], line (\d+)", traceback)
    return int(frames[-1]) if frames else None
