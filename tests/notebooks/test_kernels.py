from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from notebook_cells import code, execute, notebook

from review_companion.errors import CompanionError
from review_companion.notebooks.kernels import KernelPool

pytestmark = pytest.mark.integration

needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")


def run(pool: KernelPool, source: str) -> dict[str, str]:
    [output] = execute(notebook(code(source)), kernel_pool=pool).notebook["cells"][0]["outputs"]
    return output["data"]  # type: ignore[no-any-return]


def children(*, kernels: bool = False) -> set[psutil.Process]:
    """Those of this process, a browser of other tests too; kernels are theirs."""
    return set(psutil.Process().children(recursive=kernels))


@needs_fork
def test_each_notebook_has_a_kernel_of_its_own_with_the_libraries_imported(tmp_path: Path) -> None:
    """A module that is absent or broken is not preloaded."""
    (tmp_path / "broken_module.py").write_text("1 / 0")
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    seen = "import sys; seen = 'colorsys' in sys.modules, 'left' in globals(); left = 1; seen"
    with KernelPool(preload=["absent_module", "broken_module", "colorsys"], env=env) as pool:
        assert [run(pool, seen)["text/plain"] for _ in range(2)] == ["(True, False)"] * 2


@needs_fork
def test_a_dead_forkserver_is_replaced() -> None:
    before = children()
    with KernelPool(preload=()) as pool:
        assert run(pool, "1")
        [died] = children() - before
        died.kill()
        died.wait()
        assert run(pool, "1")


@needs_fork
def test_a_forkserver_that_dies_while_asked_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "dying_module.py").write_text("import os; os._exit(1)")
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    with (
        KernelPool(preload=["dying_module"], env=env) as pool,
        pytest.raises(CompanionError, match="the process that starts kernels has died"),
    ):
        run(pool, "1")


@needs_fork
def test_closing_the_pool_ends_every_process_and_removes_its_folder() -> None:
    before = children(kernels=True)
    pool = KernelPool(preload=())
    folder = Path(run(pool, "import os; os.environ['IPYTHONDIR']")["text/plain"].strip("'")).parent
    assert folder.exists()
    pool.close()
    assert not folder.exists()
    assert children(kernels=True) <= before


@pytest.mark.parametrize("forked", [pytest.param(True, marks=needs_fork), False])
def test_a_notebook_imports_what_lies_beside_it_and_kernels_start_without_a_word(
    tmp_path: Path, forked: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """ipykernel warns of channels that others can listen to."""
    (tmp_path / "beside.py").write_text("value = 7")
    cells = notebook(code("import beside; beside.value"))
    with KernelPool(preload=(), forked=forked) as pool:
        executed = execute(cells, cwd=tmp_path, kernel_pool=pool)
    assert executed.notebook["cells"][0]["outputs"][0]["data"] == {"text/plain": "7"}
    assert capfd.readouterr() == ("", "")


def test_a_long_temporary_folder_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with KernelPool(preload=(), forked=False) as pool:
        assert run(pool, "1")
    assert list(long.iterdir()) == []


def test_no_temporary_folder_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    with pytest.raises(CompanionError, match="no temporary folder for kernels: No such file"):
        KernelPool(preload=())


def test_a_folder_that_is_missing_is_one_clear_error(tmp_path: Path) -> None:
    with (
        KernelPool(preload=(), forked=False) as pool,
        pytest.raises(CompanionError, match="No such"),
    ):
        execute(notebook(code("1")), kernel_pool=pool, cwd=tmp_path / "absent")


INTERRUPTED = """\
import sys
from pathlib import Path
from review_companion.notebooks.kernels import KernelPool
from review_companion.notebooks.execute import Task
from review_companion.notebooks.pool import execute_all

cell = dict(cell_type="code", source=sys.argv[1], metadata=dict())
task = Task(dict(nbformat=4, metadata=dict(), cells=[cell]), "n")
try:
    with KernelPool(preload=()) as pool:
        execute_all([task, task], jobs=2, kernel_pool=pool)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@needs_fork
@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGINT, "interrupted"), (signal.SIGKILL, ""), (signal.SIGTERM, "")]
)
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
    command = [sys.executable, "-c", INTERRUPTED, cell + "threading.Event().wait()"]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    env = {**os.environ, "TMPDIR": str(scratch)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as asking:
        with fifo.open() as kernels:
            assert [kernels.readline() for _ in range(2)] == ["up\n", "up\n"]
            asking.send_signal(number)
            assert kernels.read() == ""
        assert asking.stdout is not None
        assert asking.stdout.read().strip() == said
    assert list(scratch.iterdir()) == []


@needs_fork
def test_kernels_find_done_what_was_made_ready_for_them(tmp_path: Path) -> None:
    (tmp_path / "preparing.py").write_text(
        "found = []\ndef prepare(path):\n    found.append(path.read_text())\n"
    )
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    with KernelPool(preload=(), ready="preparing:prepare", env=env) as pool:
        pool.make_ready(b"first")
        assert run(pool, "import preparing; preparing.found")["text/plain"] == "['first']"
        pool.make_ready(b"second")
        seen = run(pool, "import preparing; preparing.found")["text/plain"]
    assert seen == "['first', 'second']"
    with KernelPool(preload=(), ready="absent_module:prepare") as pool:
        pool.make_ready(b"")  # left to the notebook
        assert run(pool, "1") == {"text/plain": "1"}


def test_too_few_open_files_are_told_before_a_kernel_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (20, 20))
    with pytest.raises(CompanionError, match="only 20 files may be open") as caught:
        KernelPool()
    assert caught.value.hint == "allow more: ulimit -n 512"


def test_a_low_limit_of_open_files_is_raised_where_it_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (20, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limit: limits.append(limit))
    with KernelPool(forked=False):
        assert limits == [(512, 4096)]
