"""Temporary folders named for their process, so that the next run removes those of a killed one."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import zlib
from pathlib import Path


def prefix() -> str:
    """How the temporary folders of this process begin: the machine and the process."""
    return f"{_here()}{os.getpid()}-"


def _here() -> str:
    return f"companion-{zlib.crc32(platform.node().encode()):08x}-"


def sweep() -> None:
    """Removes the temporary folders of processes of this machine that no longer run."""
    for path in Path(tempfile.gettempdir()).glob(f"{_here()}*"):
        number = path.name.removeprefix(_here()).partition("-")[0]
        if number.isdecimal() and not _is_alive(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
