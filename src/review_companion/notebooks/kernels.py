"""Kernels for notebooks: on Linux forked from a process that has imported the heavy libraries.

That process is multiprocessing's fork server: there is one, for as long as this process lives.
Elsewhere a process cannot be forked safely, and each kernel starts by itself. Kernels listen on
sockets in a private folder, not on TCP ports, where others could listen in.
"""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing import forkserver, parent_process, resource_tracker, util
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from queue import Empty
from types import ModuleType
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ..errors import CompanionError
from ..writing import temporary_prefix

FORKS = sys.platform == "linux"
PRELOADED = ["review_companion.notebooks.preloaded"]
FIXED = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONWARNINGS": "",
}
"""Settings without which a run would depend on the user's machine or on chance."""

OPEN_FILES = 512
OBJECTS = 100_000  # that are made between two searches for circles, of which there are few
LONGEST_FOLDER = 40
LAST = -101  # of what multiprocessing does at the end, after its own folders are gone
_SPEC = KernelSpec(
    argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    display_name="Python 3 (ipykernel)",
    language="python",
)


def load_libraries() -> None:
    """Starts the process that kernels are forked from, unless it runs; nothing is waited for."""
    if not FORKS:
        return
    forkserver.set_forkserver_preload(PRELOADED)
    resource_tracker.ensure_running()  # which would let the signal through again
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    before, folder = dict(os.environ), tempfile.tempdir
    os.environ.update(FIXED, PYTHONSAFEPATH="1")
    tempfile.tempdir = _kept_folder()
    try:
        forkserver.ensure_running()
    finally:
        tempfile.tempdir = folder
        os.environ.clear()
        os.environ.update(before)
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)


@cache
def _kept_folder() -> str:
    """The folder of the fork server's socket, for as long as this process lives."""
    folder = tempfile.mkdtemp(prefix=temporary_prefix(), dir=_place_of_sockets())
    util.Finalize(None, _end_fork_server, (folder,), exitpriority=LAST)
    return folder


def _end_fork_server(folder: str) -> None:
    """At once, also while it loads libraries: whoever reads what this process says waits for it."""
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for sockets."""
    return tempfile.TemporaryDirectory(
        prefix=temporary_prefix(), dir=_place_of_sockets(), ignore_cleanup_errors=True
    )


def _place_of_sockets() -> str:
    """The folder of temporary files, unless too long: paths may have about 100 characters."""
    place = tempfile.gettempdir()
    return place if len(place) <= LONGEST_FOLDER else "/tmp"


def kernel_manager(connection: Path) -> AsyncKernelManager:
    """A manager whose kernel is not started yet; its sockets are next to the connection file."""
    manager = _Manager(connection_file=str(connection), transport="ipc")
    if FORKS:
        manager.provisioner = _Provisioner(
            kernel_id=manager.connection_file, kernel_spec=_SPEC, parent=manager
        )
    return manager


def require_open_files() -> None:
    """Raises CompanionError where fewer files may be open than sockets of kernels need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < OPEN_FILES:
        if 0 <= hard < OPEN_FILES:
            what = f"only {hard} files may be open at once, too few for the kernels of notebooks"
            raise CompanionError(what, hint=f"allow more: ulimit -n {OPEN_FILES}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


class _Client(AsyncKernelClient):
    """Asks a kernel, from when it answers."""

    async def wait_for_ready(self, timeout: float) -> None:  # type: ignore[override]
        """As Jupyter's, which then listens for a fifth of a second until nothing more is said.

        What is still said belongs to no cell. Raises RuntimeError for a kernel that died, or took
        too long.
        """
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self.kernel_info()
            with suppress(Empty):
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self.get_iopub_msg(timeout=0.2)  # what it shows is heard, too
                    self._handle_kernel_info_reply(reply)
                    return
            if not await self.is_alive():
                raise RuntimeError("it died before it answered")
        raise RuntimeError(f"it did not answer in {timeout:.0f} seconds")


class _Manager(AsyncKernelManager):
    """Starts kernels of the interpreter that runs this, whatever is registered by that name."""

    client_factory = _Client

    @property
    def kernel_spec(self) -> KernelSpec:
        return _SPEC


class _Provisioner(LocalProvisioner):
    """Forks the kernel instead of starting a Python."""

    process: Any

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        process = _Kernel(cmd[cmd.index("-f") :], options["cwd"], options["env"])
        load_libraries()
        try:
            with _without_script():
                process.start()
        except (OSError, EOFError):
            raise CompanionError(
                "the process that starts kernels has died",
                hint="perhaps memory ran out; render again, with --jobs 1",
            ) from None
        self.process, self.cwd = process, options["cwd"]
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        await super().kill(restart)
        self.process.join(timeout=1)  # which is at once; Jupyter looks ten times a second


@contextmanager
def _without_script() -> Iterator[None]:
    """While a process is started, which would run this program's script again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class _Kernel(ForkServerProcess):
    """The process of a kernel, with what `LocalProvisioner` needs of a `Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], cwd: str, env: dict[str, str]) -> None:
        super().__init__()
        self._given = arguments, cwd, env

    def run(self) -> None:
        """In the forked process: runs a kernel, which ends with the process that asked for it."""
        from ipykernel.kernelapp import IPKernelApp

        from .preloaded import PATH

        arguments, cwd, env = self._given
        os.setsid()
        threading.Thread(target=_end_with_parent, daemon=True).start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
        gc.freeze()  # what is inherited is rubbish in no kernel, and stays shared
        gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
        app: Any = IPKernelApp.instance(parent_handle=os.getppid())
        app.initialize(arguments)
        sys.path[:] = ["", *PATH]  # as in any kernel
        app.start()

    def poll(self) -> int | None:
        return self.exitcode

    def wait(self) -> int | None:
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        if self.pid is not None and self.exitcode is None:
            os.kill(self.pid, number)


def _end_with_parent() -> None:
    """Ends the kernel and what it started, as soon as nobody is left to ask it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, signal.SIGKILL)
