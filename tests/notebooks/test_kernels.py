from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
from multiprocessing import forkserver
from pathlib import Path
from queue import Empty

import psutil  # type: ignore[import-untyped]
import pytest
from jupyter_client.kernelspec import KernelSpec
from notebook_cells import code, execute, notebook, saved

from review_companion.errors import CompanionError
from review_companion.notebooks import kernels
from review_companion.notebooks.execute import execute_all

pytestmark = pytest.mark.integration

PRELOADED = "review_companion.notebooks.kernels.PRELOADED"
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")


def run(source: str) -> str:
    executed = execute(notebook(code(source)))
    [output] = executed.notebook["cells"][0]["outputs"]
    return output["data"]["text/plain"]  # type: ignore[no-any-return]


def fork_server() -> psutil.Process:
    return psutil.Process(forkserver._forkserver._forkserver_pid)  # type: ignore[attr-defined]


def kill(process: psutil.Process) -> None:
    """Waited for, and left to be waited for by who started it."""
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)


@needs_fork
def test_each_notebook_has_a_kernel_of_its_own_that_leaves_nothing() -> None:
    """Its libraries are imported."""
    seen = "import os, sys; seen = 'pandas' in sys.modules, 'left' in globals(); left = 1; seen"
    assert [run(seen) for _ in range(2)] == ["(True, False)"] * 2
    folder = Path(run("import os; os.environ['IPYTHONDIR']").strip("'")).parent
    assert not folder.exists()
    assert fork_server().children() == []


@needs_fork
def test_a_fork_server_that_dies_while_asked_is_one_clear_error_and_a_dead_one_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("1")
    died = fork_server()
    kill(died)
    (tmp_path / "dying_module.py").write_text("import os; os._exit(1)")
    with monkeypatch.context() as patched:
        patched.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
        patched.setattr(PRELOADED, ["dying_module"])
        with pytest.raises(CompanionError, match="the process that starts kernels has died"):
            run("1")
    assert run("1")
    assert fork_server() != died


@pytest.mark.parametrize("forked", [pytest.param(True, marks=needs_fork), False])
def test_a_notebook_imports_what_lies_beside_it_and_kernels_start_without_a_word(
    tmp_path: Path,
    forked: bool,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """ipykernel warns of channels that others can listen to."""
    monkeypatch.setattr(kernels, "FORKS", forked)
    task = saved(tmp_path, notebook(code("import beside; print(beside.value)")))
    task.path.with_name("beside.py").write_text("value = 7")
    [done] = execute_all([task])
    assert done.notebook["cells"][0]["outputs"][0]["text"] == "7\n"
    assert capfd.readouterr() == ("", "")


def test_a_long_temporary_folder_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert run("1") == "1"
    first = (
        "from review_companion.notebooks import kernels as k; k.PRELOADED = []; k.load_libraries()"
    )
    where = {**os.environ, "TMPDIR": str(long)}
    subprocess.run([sys.executable, "-c", first], env=where, check=True)
    assert list(long.iterdir()) == []


@needs_fork
def test_a_process_that_ends_early_leaves_neither_fork_server_nor_folder() -> None:
    asked = (
        "from review_companion.notebooks import kernels as k; k.load_libraries(); "
        "print(k.forkserver._forkserver._forkserver_pid, k._kept_folder())"
    )
    command = [sys.executable, "-c", asked]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    number, folder = done.stdout.split()
    assert not done.stderr
    assert not psutil.pid_exists(int(number)) or psutil.Process(int(number)).status() == "zombie"
    assert not Path(folder).exists()


def test_a_kernel_that_cannot_be_started_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "FORKS", False)
    monkeypatch.setattr(kernels, "_SPEC", KernelSpec(argv=[str(tmp_path / "absent")]))
    with pytest.raises(CompanionError, match="no kernel could be started: No such file"):
        run("1")


INTERRUPTED = """\
import sys
from pathlib import Path
from review_companion.notebooks import kernels
from review_companion.notebooks.execute import execute_all
from review_companion.notebooks.execute import Task, execute_all

kernels.PRELOADED = ["ipykernel.kernelapp"]
task = Task(Path(sys.argv[1]), sys.argv[2])
try:
    execute_all([task, task], jobs=2)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@needs_fork
@pytest.mark.parametrize(("number", "said"), [(signal.SIGINT, "interrupted"), (signal.SIGKILL, "")])
def test_no_kernel_survives_whoever_asked_for_it(
    tmp_path: Path, number: signal.Signals, said: str
) -> None:
    """The kernels write to a named pipe, which ends when the last of them is gone.

    The process that forked them, then, closes its standard output, which it has from `asking`.
    """
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    cell = (
        f"held = open({str(fifo)!r}, 'w')\nprint('up', file=held, flush=True)\nimport threading\n"
    )
    script = tmp_path / "script.py"  # which kernels do not run again
    script.write_text(INTERRUPTED)
    task = saved(tmp_path, notebook(code(cell + "threading.Event().wait()")))
    command = [sys.executable, str(script), str(task.root), task.name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asking:
        with fifo.open() as kernels:
            assert [kernels.readline() for _ in range(2)] == ["up\n", "up\n"]
            asking.send_signal(number)
            assert kernels.read() == ""
        assert asking.stdout is not None
        assert asking.stdout.read().strip() == said


def test_too_few_open_files_are_told_before_a_kernel_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (20, 20))
    with pytest.raises(CompanionError, match="only 20 files may be open") as caught:
        run("1")
    assert caught.value.hint == "allow more: ulimit -n 512"


def test_a_low_limit_of_open_files_is_raised_where_it_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (20, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limit: limits.append(limit))
    assert run("1") == "1"
    assert limits == [(512, 4096)]


@pytest.mark.parametrize(("lives", "seconds", "told"), [(False, 9, "died"), (True, 0.1, "did not")])
def test_a_kernel_that_never_answers_is_an_error(
    monkeypatch: pytest.MonkeyPatch, lives: bool, seconds: float, told: str
) -> None:
    async def nothing(*_: object, **__: object) -> None:
        await asyncio.sleep(0.02)
        raise Empty

    async def is_alive(*_: object) -> bool:
        return lives

    for name, value in {
        "kernel_info": lambda self: None,
        "get_shell_msg": nothing,
        "is_alive": is_alive,
    }.items():
        monkeypatch.setattr(kernels._Client, name, value)
    with pytest.raises(RuntimeError, match=told):
        asyncio.run(kernels._Client().wait_for_ready(seconds))
