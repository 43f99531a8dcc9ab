"""The state of all that a render reads, and the environment it runs in."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..cache import FOLDER, Cache
from ..evidence.digests import (
    PROGRAM,
    combined,
    input_digests,
    is_for_notebooks,
    without_program,
)

DATA = "data/"


@dataclass(frozen=True)
class Inputs:
    """SHA-256 of every input of a project by name, taken at one moment."""

    root: Path
    digests: dict[str, str]

    @cached_property
    def everything(self) -> str:
        """One digest over all of them but the program, for page and PDF."""
        return combined(without_program(self.digests))

    @cached_property
    def data(self) -> str:
        """One digest over the data."""
        return combined(self._of(DATA))

    @cached_property
    def for_notebooks(self) -> str:
        """One digest over all that a notebook may read, the program left out."""
        return combined({k: v for k, v in self.digests.items() if is_for_notebooks(k)})

    @cached_property
    def code(self) -> str:
        """One digest over the package's code, the locked versions and what is installed."""
        program = combined(self._of(PROGRAM, "requirements"))
        return combined({"code": program, "environment": environment()})

    def cache(self, *, finds: bool = True) -> Cache:
        """What renders and checks of the project made before with this code."""
        return Cache(self.root / FOLDER, self.code, finds)

    def hold(self, within: str = "") -> bool:
        """Whether they, or those whose names begin so, are what they were: nothing was saved."""
        return input_digests(self.root, (within,)) == self._of(within)

    def _of(self, *prefixes: str) -> dict[str, str]:
        return {k: v for k, v in self.digests.items() if k.startswith(prefixes)}


def read_inputs(root: Path) -> Inputs:
    """The inputs as they are now."""
    return Inputs(root, input_digests(root))


def environment() -> str:
    """A digest of the Python version, the platform and the installed packages with versions."""
    installed = sorted(
        entry.name
        for folder in sys.path
        if folder.endswith("site-packages") and Path(folder).is_dir()
        for entry in Path(folder).glob("*.dist-info")
    )
    system = (platform.system(), platform.release(), platform.machine(), *platform.libc_ver())
    return combined({"python": sys.version, "on": system, "packages": installed})
