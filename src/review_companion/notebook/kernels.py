"""Kernels for notebooks: forked from a process that has imported the heavy libraries.

Where a process cannot be forked safely (anywhere but Linux), each kernel starts by itself.
Kernels listen on sockets in a private folder, not on TCP ports, where others could listen in.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Any, Self

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from review_companion.errors import CompanionError

HEAVY = ("pandas", "matplotlib.pyplot", "review_companion.review")
STARTUP_SECONDS = 60
_SPEC = KernelSpec(
    argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    display_name="Python 3 (ipykernel)",
    language="python",
)


class KernelPool:
    """Makes kernel managers; closing it ends every kernel that is left.

    `preload` names the modules that kernels find imported; `env` adds to their environment.
    Nothing here waits: the libraries load while the caller goes on.
    """

    def __init__(
        self,
        *,
        preload: Sequence[str] = HEAVY,
        env: Mapping[str, str] | None = None,
        forked: bool = sys.platform == "linux",
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="companion-"))
        self._numbers = itertools.count(1)
        self._preload = tuple(preload)
        self._env = {**os.environ, **_fixed_environment(self._folder), **(env or {})}
        self._server = _ForkServer(self._preload, self._env) if forked else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def manager(self) -> AsyncKernelManager:
        """A manager whose kernel is not started yet."""
        manager = _Manager(
            connection_file=str(self._folder / f"{next(self._numbers)}.json"), transport="ipc"
        )
        if self._server is not None:
            if not self._server.is_running:
                self._server.close()
                self._server = _ForkServer(self._preload, self._env)
            manager.provisioner = _ForkedProvisioner(
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


def _fixed_environment(folder: Path) -> dict[str, str]:
    """Settings without which a run would depend on the user's machine or on chance."""
    return {
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
    }


class _Manager(AsyncKernelManager):
    """Starts kernels of the interpreter that runs this, whatever is registered by that name."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return _SPEC


class _ForkServer:
    """This side of `review_companion.notebook.forkserver`."""

    def __init__(self, preload: Sequence[str], env: Mapping[str, str]) -> None:
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "review_companion.notebook.forkserver"]
        with theirs:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno()), *preload],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=dict(env),
            )

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    async def fork(self, arguments: Sequence[str], cwd: str) -> _ForkedProcess:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                ours.sendall(json.dumps({"arguments": arguments, "cwd": cwd}).encode() + b"\n")
                socket.send_fds(self._control, [b"k"], [theirs.fileno()])
            first = await asyncio.get_running_loop().sock_recv(ours, 64)
        except OSError:
            first = b""
        except BaseException:
            ours.close()
            raise
        if not first:
            ours.close()
            raise CompanionError(
                "the process that starts kernels has died",
                hint="perhaps memory ran out; render again, with --jobs 1",
            )
        return _ForkedProcess(ours, first)

    def close(self) -> None:
        """Closing the socket makes the other side kill its kernels and end."""
        self._control.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _ForkedProcess:
    """What `LocalProvisioner` needs of a `Popen`, for a process that is not our child."""

    stdin = stdout = stderr = None

    def __init__(self, channel: socket.socket, received: bytes) -> None:
        self._channel = channel
        self._received = received
        self.pid = int(received.split(b"\n")[0])
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status once it is there; -SIGKILL if nobody is left to tell it."""
        if self.returncode is None:
            with contextlib.suppress(BlockingIOError):
                self._take(self._channel.recv(64))
        return self.returncode

    async def ended(self) -> None:
        """Wait for the exit status, at once instead of by polling."""
        while self.returncode is None:
            self._take(await asyncio.get_running_loop().sock_recv(self._channel, 64))

    def wait(self) -> int | None:
        """The exit status; `LocalProvisioner` asks only when `poll` has given it."""
        return self.poll()

    def _take(self, received: bytes) -> None:
        self._received += received
        lines = self._received.split(b"\n")
        if len(lines) > 2:
            self.returncode = int(lines[1])
        elif not received:
            self.returncode = -signal.SIGKILL
        if self.returncode is not None:
            self._channel.close()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class _ForkedProvisioner(LocalProvisioner):
    """Forks the kernel instead of starting a Python."""

    server: _ForkServer
    process: Any

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        arguments = cmd[cmd.index("-f") :]
        self.process = await self.server.fork(arguments, options["cwd"])
        self.pid = self.pgid = self.process.pid
        self.cwd = options["cwd"]
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        await super().kill(restart)
        await self.process.ended()
