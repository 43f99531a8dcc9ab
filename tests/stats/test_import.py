from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import review_companion.stats as stats

pytestmark = pytest.mark.integration

MODULES = sorted(path.stem for path in Path(stats.__file__).parent.glob("[!_]*.py"))
HEAVY = ("numpy", "scipy", "pandas")


def test_importing_every_module_loads_no_heavy_library() -> None:
    lines = "\n".join(f"import review_companion.stats.{name}" for name in MODULES)
    code = f"import sys\n{lines}\nprint([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(MODULES) > 8
    assert done.stdout.strip() == "[]"
