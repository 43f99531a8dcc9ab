"""This side of the fork server: asks for kernels and makes their processes known to Jupyter."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ..errors import CompanionError


class ForkServer:
    """A running `review_companion.notebooks.forkserver`; `arguments` are what follows its FD."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str]) -> None:
        self._was_asked = False
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "review_companion.notebooks.forkserver"]
        with theirs:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno()), *arguments],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=dict(env),
            )

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def make_ready(self) -> None:
        """Has the server take what lies in the folder; nothing is waited for."""
        with contextlib.suppress(OSError):
            self._control.sendall(b"r")

    async def fork(self, arguments: Sequence[str], cwd: str) -> ForkedProcess:
        self._was_asked = True
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
        return ForkedProcess(ours, first)

    def close(self) -> None:
        """Closing the socket makes the other side kill its kernels and end.

        Where it has no kernels, its imports need not be waited for.
        """
        self._control.close()
        if not self._was_asked:
            self._process.kill()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class ForkedProcess:
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


class ForkedProvisioner(LocalProvisioner):
    """Forks the kernel instead of starting a Python."""

    server: ForkServer
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
