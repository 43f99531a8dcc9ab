"""One spoilt project and what the program says of it: a clear message, or a valid result."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
from pathlib import Path

from tests.fuzz import mutations

from review_companion.cli import main
from review_companion.errors import CompanionError
from review_companion.notebooks.notebook_files import read_notebook
from review_companion.notebooks.parameters import declared
from review_companion.typeset.code_cells import read_options
from review_companion.typeset.config import read_book
from review_companion.typeset.prose import CellPlace

FIXTURE = Path(__file__).parents[1] / "fixture_review"
KINDS = ("package", "notebook", "workbook", "configuration")
LONGEST_LINE = 2_000


class Wrong(AssertionError):
    """What the program did, and should not."""


def run(kind: str, seed: int, folder: Path) -> str:
    """Spoils a copy of the invented review in `folder`; "clean" or "told".

    Raises whatever the program raises, and Wrong for a message that is none.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(FIXTURE, folder)
    rng = random.Random(f"{kind}/{seed}")
    return {
        "package": _package,
        "notebook": _notebook,
        "workbook": _workbook,
        "configuration": _configuration,
    }[kind](folder, rng)


def _package(folder: Path, rng: random.Random) -> str:
    for mutate in rng.choices(mutations.MUTATIONS, k=rng.randint(1, 3)):
        with contextlib.suppress(IndexError, OSError):  # nothing is left to spoil
            mutate(folder, rng)
    return _command("--project", str(folder), "check")


def _workbook(folder: Path, rng: random.Random) -> str:
    path = folder / "book.xlsx"
    _command("--project", str(folder), "export-xlsx", str(path))
    mutations.change_workbook(path, rng)
    return _command("--project", str(folder), "import-xlsx", str(path))


def _notebook(folder: Path, rng: random.Random) -> str:
    mutations.change_notebook(folder, rng)
    path = next((folder / "notebooks").glob("*.ipynb"))
    try:
        notebook = read_notebook(path)
        declared(notebook, path.name)
        for number, cell in enumerate(notebook["cells"], start=1):
            if cell["cell_type"] == "code":
                place = CellPlace(path.name, number)
                read_options(cell["source"], place, echo=True, warning=True)
    except CompanionError as error:
        return _told(str(error))
    return "clean"


def _configuration(folder: Path, rng: random.Random) -> str:
    mutations.change_configuration(folder, rng)
    try:
        read_book(folder)
    except CompanionError as error:
        return _told(str(error))
    return "clean"


def _command(*arguments: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main(arguments)
    text = said.getvalue()
    if status not in (0, 1, 2):
        raise Wrong(f"status {status}")
    if status and not text.strip():
        raise Wrong("nothing is said")
    return "clean" if status == 0 else _told(text)


def _told(text: str) -> str:
    if any(not line.isprintable() and "\x1b" in line for line in text.splitlines()):
        raise Wrong("a terminal would obey the message")
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise Wrong(f"a line of more than {LONGEST_LINE} characters")
    if "Traceback" in text or "object at 0x" in text:
        raise Wrong(text[-600:])
    return "told"
