from __future__ import annotations

import pytest
from notebook_cells import code, notebook, parameters

from review_companion.errors import CompanionError
from review_companion.notebooks.execute import Task
from review_companion.notebooks.kernels import KernelPool
from review_companion.notebooks.pool import Event, execute_all

pytestmark = pytest.mark.integration


def task(name: str, source: str) -> Task:
    return Task(notebook(code(source)), name)


def test_results_come_in_the_order_of_the_tasks(kernels: KernelPool) -> None:
    tasks = [task(f"n{i}", f"{i}") for i in range(3)]
    executed = execute_all(tasks, jobs=2, kernel_pool=kernels)
    shown = [each.notebook["cells"][0]["outputs"][0]["data"]["text/plain"] for each in executed]
    assert shown == ["0", "1", "2"]


def test_each_task_has_its_own_parameters(kernels: KernelPool) -> None:
    cells = notebook(parameters("a: int = 0"), code("a"))
    tasks = [Task(cells, str(i), parameters={"a": i}) for i in range(2)]
    executed = execute_all(tasks, kernel_pool=kernels)
    shown = [each.notebook["cells"][-1]["outputs"][0]["data"]["text/plain"] for each in executed]
    assert shown == ["0", "1"]


def test_progress_is_told_as_data(kernels: KernelPool) -> None:
    events: list[Event] = []
    [executed] = execute_all([task("n", "1")], progress=events.append, kernel_pool=kernels)
    assert events == [Event("started", "n"), Event("finished", "n", executed.seconds)]


def test_the_first_failure_ends_the_others(kernels: KernelPool) -> None:
    events: list[Event] = []
    endless = task("endless", "import threading; threading.Event().wait()")
    tasks = [endless, task("bad", "1 / 0"), task("never", "1")]
    with pytest.raises(CompanionError, match="ZeroDivisionError") as caught:
        execute_all(tasks, jobs=2, progress=events.append, kernel_pool=kernels)
    assert caught.value.where == "bad, cell 1, line 1"
    assert [event.kind for event in events if event.name == "bad"] == ["started", "failed"]
    assert not [event for event in events if event.name == "never"]


def test_no_tasks_start_no_kernel() -> None:
    assert execute_all([]) == []
