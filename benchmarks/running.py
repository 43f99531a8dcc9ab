"""Runs a command and says how long it took, in seconds, and what its largest process held."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LIMIT_SECONDS = 600


@dataclass(frozen=True)
class Measured:
    """`seconds` None where the limit was reached; `cpu` over all processes; `peak` in MB."""

    seconds: float | None
    cpu: float
    peak: float


def measure(command: Sequence[str], cwd: Path, limit: float = LIMIT_SECONDS) -> Measured:
    """Runs it in a process between, so that each command's own children are counted.

    Raises RuntimeError with what it said where it fails.
    """
    began = time.perf_counter()
    code = f"import sys; sys.argv = ['-', {str(limit)!r}, *sys.argv[1:]]; " + _CHILD
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=cwd, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    status, seconds_inside, cpu, peak = done.stdout.splitlines()[-1].split()
    if status == "late":
        return Measured(None, float(cpu), float(peak))
    return Measured(min(seconds, float(seconds_inside)), float(cpu), float(peak))


_CHILD = """
import contextlib, ctypes, os, resource, signal, subprocess, time
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # processes that outlive the command count, too
began = time.perf_counter()
process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                           start_new_session=True)
try:
    _, said = process.communicate(timeout=float(sys.argv[1]))
    status = "done"
except subprocess.TimeoutExpired:
    os.killpg(process.pid, signal.SIGKILL)
    _, said = process.communicate()
    status = "late"
seconds = time.perf_counter() - began
with contextlib.suppress(ChildProcessError):
    while True:
        os.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
if status == "done" and process.returncode:
    sys.stderr.write(said.decode("utf-8", "replace"))
    sys.exit(1)
"""


def cpu_of_tree() -> float:
    """CPU seconds of this process and all below it, those that ended included."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            fields = path.read_text().rpartition(")")[2].split()
            pid = int(path.parent.name)
            parents[pid], used[pid] = int(fields[1]), sum(map(int, fields[11:15]))

    def is_below(pid: int) -> bool:
        return pid == os.getpid() or (pid in parents and is_below(parents[pid]))

    return sum(ticks for pid, ticks in used.items() if is_below(pid)) / os.sysconf("SC_CLK_TCK")


def machine() -> str:
    """Processor, number of cores, memory, system, Python, and how busy it was."""
    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [x.partition(":")[2].strip() for x in cpuinfo.read_text().splitlines()
                 if x.startswith("model name")]  # fmt: skip
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = ".".join(map(str, sys.version_info[:3]))
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {sys.platform}, Python {version}; "
        f"load average before the run: {load}"
    )
