"""What a command does not import: its start is waited for every time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

DRAWING = {"matplotlib", "numpy", "pandas", "scipy", "PIL"}
EXECUTING = {"IPython", "ipykernel", "jupyter_client", "nbclient", "nbformat", "tornado", "zmq"}
TYPESETTING = {"typst", "pypandoc"}
GRAMMARS = {"lark", "rfc3987_syntax"}
READING = {"frictionless", "jinja2", "jsonschema", "lxml", "openpyxl", "pydantic", "yaml"}


def imported(*words: str) -> set[str]:
    """The modules that a command has loaded at its end."""
    code = (
        "import json, sys\n"
        "from review_companion.cli import main\n"
        "try:\n"
        f"    main({list(words)!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_imports_no_library() -> None:
    assert not imported("--help") & {
        *DRAWING, *EXECUTING, *TYPESETTING, *GRAMMARS, *READING, "asyncio", "dataclasses"
    }  # fmt: skip


def test_check_draws_executes_and_typesets_nothing(fixture_copy: Path) -> None:
    """Of a copy: nothing remembers what an earlier check of it found."""
    found = imported("--project", str(fixture_copy), "check")
    assert "jinja2" in found, "the definitions are evaluated"
    assert not found & {*DRAWING, *EXECUTING, *TYPESETTING, *GRAMMARS}


def test_check_lays_figures_out_and_draws_none(fixture_copy: Path) -> None:
    (fixture_copy / "data/figures.yml").write_text("f: {kind: flow, table: table-1}\n", "utf-8")
    found = imported("--project", str(fixture_copy), "check")
    assert "review_companion.figures.canvas" in found
    assert not found & DRAWING
