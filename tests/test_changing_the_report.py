"""The steps of `docs/changing-the-report.md`, read from the page and done on a new review."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from review_companion.cli import main
from review_companion.notebooks.inline import find_expressions
from review_companion.review import open_review

PAGE = Path(__file__).parents[1] / "docs" / "changing-the-report.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`(data/[a-z-]+\.(?:yml|csv))`")
NOTEBOOK = "notebooks/findings.ipynb"


def steps() -> Iterator[tuple[str, str, str]]:
    """(kind, file that was named last, content) of each block of the page."""
    text = PAGE.read_text("utf-8")
    for found in BLOCK.finditer(text):
        named = FILE.findall(text[: found.start()])
        yield found[1], named[-1] if named else "", found[2]


def append(path: Path, text: str) -> None:
    before = path.read_text("utf-8") if path.is_file() else ""
    if path.name == "claims.csv":
        text = text.rstrip("\n") + ",\n"
    path.write_text(before + text, "utf-8")


def add_cell(path: Path, kind: str, source: str) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    cell = {"cell_type": kind, "id": f"new-{len(notebook['cells'])}", "metadata": {}}
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    notebook["cells"].append({**cell, **code, "source": source.splitlines(keepends=True)})
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def shows(root: Path) -> None:
    """Every cell that the page added gives something."""
    review = open_review(root)
    for cell in json.loads((root / NOTEBOOK).read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if not cell["id"].startswith("new-"):
            continue
        if cell["cell_type"] == "markdown":
            for found in find_expressions(source):
                assert eval(found.code, {"v": review.v})
            continue
        *lines, last = source.strip().splitlines()
        names = {"review": review}
        exec("\n".join(lines), names)
        assert eval(last, names) is not None


def test_every_step_leaves_a_sound_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    root, kinds = tmp_path / "plants", []
    for kind, file, content in steps():
        kinds.append(kind)
        if kind == "console":
            for line in content.splitlines():
                words = shlex.split(line.removeprefix("$ "))
                if words[0] == "cd":
                    monkeypatch.chdir(words[1])
                else:
                    assert main(words[1:]) == 0, line
        elif kind in ("markdown", "python"):
            add_cell(root / NOTEBOOK, "code" if kind == "python" else kind, content)
        else:
            append(root / file, content)
    assert set(kinds) == {"console", "markdown", "yaml", "csv", "python"}
    capsys.readouterr()
    assert main(["check"]) == 0, capsys.readouterr().out
    assert "0 error(s)" in capsys.readouterr().out
    shows(root)
    claims = {claim.id for claim in open_review(root).ledger}
    assert {"screened", "ferns-fewer"} <= claims


def test_the_page_names_every_method_of_a_review_that_it_lists() -> None:
    review = open_review(Path(__file__).parents[1])
    named = re.findall(r"`review\.(\w+)\(", PAGE.read_text("utf-8"))
    assert len(set(named)) > 8
    assert [name for name in named if not hasattr(review, name)] == []
