"""Kernels for notebooks: forked from a process that has imported the heavy libraries.

Where a process cannot be forked safely (anywhere but Linux), each kernel starts by itself.
Kernels listen on sockets in a private folder, not on TCP ports, where others could listen in.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from ..errors import CompanionError
from ..temporary import prefix
from .forked import ForkedProvisioner, ForkServer
from .forkserver import HANDED_OVER

HEAVY = ("pandas", "matplotlib.pyplot", "review_companion.review")
STARTUP_SECONDS = 60
OPEN_FILES = 512
_LONGEST_FOLDER = 85
_SPEC = KernelSpec(
    argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    display_name="Python 3 (ipykernel)",
    language="python",
)


class KernelPool(contextlib.AbstractContextManager["KernelPool"]):
    """Makes kernel managers; closing it ends every kernel that is left.

    `preload` names the modules that kernels find imported; `ready` is nothing, or a
    "module:function" that takes the path of what `make_ready` hands over; `env` adds to their
    environment. Nothing here waits: the libraries load while the caller goes on, once; a pool does
    not see later changes of their code. A fork server that died is replaced for the next kernel.
    """

    def __init__(
        self,
        *,
        preload: Sequence[str] = HEAVY,
        ready: str = "",
        env: Mapping[str, str] | None = None,
        forked: bool = sys.platform == "linux",
    ) -> None:
        _require_open_files()
        self._folder = _private_folder()
        self._numbers = itertools.count(1)
        self._arguments = (str(self._folder), ready, *preload)
        self._env = {**os.environ, **_fixed_environment(self._folder), **(env or {})}
        self._server = self._fork_server() if forked else None

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fork_server(self) -> ForkServer:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return ForkServer(self._arguments, self._env)

    def make_ready(self, content: bytes) -> None:
        """Hands this over to the kernels that follow, where they are forked."""
        if self._server is not None:
            part = self._folder / "part"
            part.write_bytes(content)
            part.replace(self._folder / HANDED_OVER)
            self._server.make_ready()

    def manager(self) -> AsyncKernelManager:
        """A manager whose kernel is not started yet."""
        manager = _Manager(
            connection_file=str(self._folder / f"{next(self._numbers)}.json"), transport="ipc"
        )
        if self._server is not None:
            if not self._server.is_running:
                self._server.close()
                self._server = self._fork_server()
            manager.provisioner = ForkedProvisioner(
                kernel_id=manager.connection_file, kernel_spec=_SPEC, parent=manager
            )
            manager.provisioner.server = self._server
        return manager

    async def start(self, manager: AsyncKernelManager, cwd: Path) -> None:
        """Start the manager's kernel in this folder, with no history file.

        Raises CompanionError where no process can be started.
        """
        try:
            await manager.start_kernel(
                cwd=str(cwd),
                env=dict(self._env),
                extra_arguments=["--HistoryManager.hist_file=:memory:"],
            )
        except OSError as error:
            raise CompanionError(f"no kernel could be started: {error.strerror}") from error

    async def connect(self, manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        """Wait until the kernel answers on both channels that nbclient listens to.

        `wait_for_ready` of jupyter_client does the same and takes 0.2 s longer for each kernel.
        Raises CompanionError for a kernel that dies or stays silent.
        """
        client.start_channels(stdin=False, hb=False, control=False)
        client.allow_stdin = False
        deadline = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < deadline:
            client.kernel_info()
            with contextlib.suppress(Empty):
                await client.get_shell_msg(timeout=1)
                await client.get_iopub_msg(timeout=0.2)
                return
            if not await manager.is_alive():
                raise CompanionError("the kernel died before it was ready")
        raise CompanionError(f"the kernel was not ready after {STARTUP_SECONDS} seconds")

    def close(self) -> None:
        """End what is left and remove the folder."""
        if self._server is not None:
            self._server.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _require_open_files() -> None:
    """Raises CompanionError where fewer files may be open than sockets of kernels need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < OPEN_FILES:
        if 0 <= hard < OPEN_FILES:
            what = f"only {hard} files may be open at once, too few for the kernels of notebooks"
            raise CompanionError(what, hint=f"allow more: ulimit -n {OPEN_FILES}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def _private_folder() -> Path:
    """A new folder for sockets, whose paths the system limits to about 100 characters."""
    try:
        folder = tempfile.mkdtemp(prefix=prefix())
        if len(folder) > _LONGEST_FOLDER:
            os.rmdir(folder)
            folder = tempfile.mkdtemp(prefix=prefix(), dir="/tmp")
    except OSError as error:
        raise CompanionError(f"no temporary folder for kernels: {error.strerror}") from error
    return Path(folder)


def _fixed_environment(folder: Path) -> dict[str, str]:
    """Settings without which a run would depend on the user's machine or on chance."""
    return {
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "",
    }


class _Manager(AsyncKernelManager):
    """Starts kernels of the interpreter that runs this, whatever is registered by that name."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return _SPEC
