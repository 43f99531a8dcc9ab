"""Notebooks are executed in kernels; what fails is named with its cell."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from notebook_cells import NAME, code, execute, markdown, parameters
from tests.cases import rows

from review_companion.errors import CompanionError
from review_companion.notebooks import kernels, notebook_run
from review_companion.notebooks.execute import (
    Event,
    Executed,
    Task,
    _unless_ended,
    execute_all,
)

pytestmark = pytest.mark.integration


Run = Callable[..., Executed]


def outputs(executed: Executed, cell: int) -> list[dict[str, object]]:
    return executed.notebook["cells"][cell]["outputs"]  # type: ignore[no-any-return]


def test_cells_are_executed_in_order_and_what_they_print_is_the_same_each_time(run: Run) -> None:
    """Streams are merged; colours, addresses and the kernel's temporary files are left out."""
    loop = "for i in '123':\n    print('\\033[31m' + i + '\\033[0m')\n    sys.stdout.flush()"
    executed = run(
        code("a = 1"),
        markdown("`{python} a`"),
        code("a + 1"),
        code(f"import sys\n{loop}"),
        code("object()"),
        code("import warnings\nwarnings.warn('mind', stacklevel=1)"),
        code("1 / 0", "raises-exception"),
        code("2"),
    )
    assert executed.seconds > 0
    cells = executed.notebook["cells"]
    assert [cell["execution_count"] for cell in cells if "outputs" in cell] == [*range(1, 8)]
    assert [outputs(executed, at)[0]["data"] for at in (2, 4, 7)] == [
        {"text/plain": "2"}, {"text/plain": "<object>"}, {"text/plain": "2"},
    ]  # fmt: skip
    stream = {"output_type": "stream", "name": "stdout", "text": "1\n2\n3\n"}
    assert outputs(executed, 3) == [stream]
    warned = "<cell>:2: UserWarning: mind\n  warnings.warn('mind', stacklevel=1)\n"
    assert outputs(executed, 5)[0]["text"] == warned
    assert outputs(executed, 6)[0]["ename"] == "ZeroDivisionError"
    again = execute(executed.notebook)
    assert again.notebook == executed.notebook


def test_parameters_reach_the_cells_after_their_declaration(run: Run) -> None:
    cells = parameters("a: int = 1"), code("a + 1")
    assert outputs(run(*cells), 1)[0]["data"] == {"text/plain": "2"}
    assert outputs(run(*cells, a=5), 2)[0]["data"] == {"text/plain": "6"}


def test_inline_values_are_those_after_the_preceding_cell_in_quartos_form(run: Run) -> None:
    executed = run(
        code("from IPython.display import Markdown\na = 1"),
        markdown("`{python} a` and `{python} Markdown(f'[{a}]')`"),
        code("a = 2"),
        markdown("`{python} a`"),
    )
    cells = executed.notebook["cells"]
    shown = {"text/markdown": "1", "text/plain": "1"}
    first = {"data": shown, "metadata": {}, "status": "ok"}
    second = {
        "data": {"text/markdown": "[1]", "text/plain": "<IPython.core.display.Markdown object>"},
        "metadata": {},
        "status": "ok",
    }
    assert cells[1]["metadata"]["user_expressions"] == [
        {"expression": "a", "result": first},
        {"expression": "Markdown(f'[{a}]')", "result": second},
    ]
    assert cells[3]["metadata"]["user_expressions"][0]["result"]["data"]["text/plain"] == "2"


def test_an_inline_value_is_shown_as_its_text_and_never_as_python_writes_it(run: Run) -> None:
    tried = rows(__file__, "inline values")
    cells = run(*(markdown("`{python} " + code + "`") for code, _ in tried)).notebook["cells"]
    found = [cell["metadata"]["user_expressions"][0]["result"]["data"] for cell in cells]
    assert [data["text/markdown"] for data in found] == [text for _, text in tried]


OWN = "from review_companion.errors import CompanionError\nraise CompanionError('no value x')"
KILLED = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
FAILING: list[tuple[list[Any], dict[str, Any], str, str]] = [
    ([markdown("# T"), code("1"), code("a = 0\n1 / a  # here\nb = 1")], {}, "cell 3, line 2",
     "ZeroDivisionError: division by zero\n    1 / a  # here\n"),
    ([code("import json\n\njson.loads('{')")], {}, "cell 1, line 3", "JSONDecodeError"),
    ([code("a = 1\nb = = 2")], {}, "cell 1, line 2", "SyntaxError"),
    ([parameters("a: int = 1"), code("1 / (a - 2)")], {"a": 2}, "cell 2, line 1",
     "ZeroDivisionError"),  # a cell that is injected does not shift the numbers
    ([code(OWN)], {}, "cell 1, line 2", "no value x\n"),
    ([markdown("# T\n\nThere are `{python} missing` of them.")], {}, "cell 1, line 3",
     "NameError: name 'missing' is not defined\n    `{python} missing`"),
    ([markdown("\n`{python} 1 +\n1`")], {}, "cell 1, line 2", "must be on one line"),
    ([markdown("`{python} object()`")], {}, "cell 1, line 1", "TypeError: .* has no text"),
    ([code("1"), code("import os\nos._exit(7)")], {}, "cell 2",
     r"the kernel died while running this \(exit status 7\)"),
    ([code(KILLED)], {}, "cell 1", "SIGKILL(.|\n)*memory"),
    ([markdown("`{python} __import__('os')._exit(1)`")], {}, "cell 1", "kernel died"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "options", "place", "said"), FAILING)
def test_what_fails_is_named_with_cell_line_and_message(
    run: Run, cells: list[Any], options: dict[str, Any], place: str, said: str
) -> None:
    with pytest.raises(CompanionError, match=said) as caught:
        run(*cells, **options)
    assert caught.value.where == f"{NAME}, {place}"


def test_a_cell_that_runs_too_long_is_ended(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook_run, "CELL_SECONDS", 1)
    with pytest.raises(CompanionError, match="still running after 1 seconds") as caught:
        run(code("import threading; threading.Event().wait()"))
    assert caught.value.where == f"{NAME}, cell 1"


def test_what_raised_says_how_to_look_at_it_but_for_our_own_errors(run: Run) -> None:
    for source, hinted in (("1 / 0", True), (OWN, False)):
        with pytest.raises(CompanionError) as caught:
            run(code(source))
        assert (f"jupyter lab {NAME}" in str(caught.value)) is hinted


FIGURE = """\
import matplotlib
import matplotlib.pyplot as plt
%config InlineBackend.figure_formats = ["svg"]
matplotlib.rcParams["svg.hashsalt"] = "fixed"
fig, ax = plt.subplots(figsize=(2, 2))
ax.plot([1, 2])
{1, "b", "a"}, {"c", "d"}"""


@pytest.mark.filterwarnings("default")
def test_forked_and_plain_kernels_give_the_same_bytes(
    save: Callable[..., Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    task = save(code(FIGURE), markdown("`{python} {'x', 'y', 'z'}`"), code("print(1)\nax"))
    dumps = set()
    for forked in (True, False):
        monkeypatch.setattr(kernels, "FORKS", forked)
        dumps.add(json.dumps(execute_all([task])[0].notebook))
    [dump] = dumps
    assert "<svg" in dump


def test_a_notebook_runs_in_its_own_folder(save: Callable[..., Task]) -> None:
    task = save(code("import os; os.getcwd()"))
    [output] = execute_all([task])[0].notebook["cells"][0]["outputs"]
    assert output["data"]["text/plain"] == repr(str(task.path.parent))


@pytest.mark.filterwarnings("ignore")
def test_papermill_runs_the_same_notebook_unchanged(save: Callable[..., Task]) -> None:
    from papermill import execute_notebook

    task = save(parameters("a: int = 1"), code("a + 1"))
    path = task.path
    before = path.read_bytes()
    target = path.with_name("out.ipynb")
    execute_notebook(path, target, parameters={"a": 5}, progress_bar=False)
    [done] = execute_all([replace(task, parameters={"a": 5})])
    ours = done.notebook["cells"][2]["outputs"]
    assert nbformat.read(target, as_version=4)["cells"][2]["outputs"] == ours
    assert path.read_bytes() == before


@pytest.fixture
def task(save: Callable[..., Task]) -> Callable[[str, str], Task]:
    return lambda name, source: save(code(source), name=f"notebooks/{name}")


def test_results_come_in_the_order_of_the_tasks_each_with_its_own_parameters(
    save: Callable[..., Task],
) -> None:
    task = save(parameters("a: int = 0"), code("a"))
    executed = execute_all([replace(task, parameters={"a": i}) for i in range(3)], jobs=2)
    shown = [each.notebook["cells"][-1]["outputs"][0]["data"]["text/plain"] for each in executed]
    assert shown == ["0", "1", "2"]


def test_progress_is_told_as_data(task: Callable[[str, str], Task]) -> None:
    events: list[Event] = []
    [executed] = execute_all([task("n", "1")], progress=events.append)
    assert events == [
        Event("started", "notebooks/n"), Event("finished", "notebooks/n", executed.seconds),
    ]  # fmt: skip


def test_the_first_failure_ends_the_others(task: Callable[[str, str], Task]) -> None:
    events: list[Event] = []
    endless = task("endless", "import threading; threading.Event().wait()")
    tasks = [endless, task("bad", "1 / 0"), task("never", "1")]
    with pytest.raises(CompanionError, match="ZeroDivisionError") as caught:
        execute_all(tasks, jobs=2, progress=events.append)
    assert caught.value.where == "notebooks/bad, cell 1, line 1"
    assert [event.kind for event in events if event.name == "notebooks/bad"] == [
        "started",
        "failed",
    ]
    assert not [event for event in events if event.name == "notebooks/never"]


def test_no_tasks_start_no_kernel() -> None:
    assert execute_all([]) == []


@pytest.mark.parametrize("ended", [KeyboardInterrupt(), RuntimeError()])
def test_a_signal_that_ends_a_task_is_not_reported_a_second_time(
    ended: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.new_event_loop()
    _unless_ended(loop, {"message": "never retrieved", "exception": ended})
    loop.close()
    assert bool(caplog.records) is isinstance(ended, RuntimeError)
