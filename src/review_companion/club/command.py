"""What the journal club adds to the program: its command, and its part of `check`."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..commands import project_root, shortest
from ..errors import CompanionError

if TYPE_CHECKING:
    from ..package.problems import Problem
    from ..review import Review

FOLDER = Path("build/journal-club")


def club(arguments: argparse.Namespace) -> int:
    """Renders the session's editions, writes the worksheet, and says where they are."""
    from ..pipeline.inputs import read_inputs
    from ..pipeline.validation import check_data
    from ..writing import require_unedited, write_files
    from .pages import open_club
    from .worksheets import to_csv

    root = project_root(arguments)
    out = (arguments.out or root / FOLDER).resolve()
    inputs = read_inputs(root)
    check_data(inputs, inputs.cache())
    session = open_club(root)
    for dropped in session.generated.dropped:
        print(f"left out: {dropped.title} ({dropped.reason})", file=sys.stderr)
    sheets = {out / "appraisal.csv": to_csv(session.appraisals).encode("utf-8")}
    if not arguments.overwrite:
        require_unedited(sheets)
    out.mkdir(parents=True, exist_ok=True)
    pages = _editions(root, session.session.editions, out, arguments.quiet)
    write_files(sheets)
    print(*(shortest(path) for path in (*pages, *sheets)), sep="\n")
    return 0


def _editions(root: Path, editions: Iterable[str], out: Path, quiet: bool) -> list[Path]:
    from ..pipeline.progress import Printer
    from ..pipeline.render import render
    from ..pipeline.render_session import RenderSession
    from ..pipeline.settings import Settings, Watch

    made = []
    printer = Printer(sys.stderr, quiet=quiet)
    session = RenderSession(root)
    for edition in editions:
        settings = Settings(root, edition=edition)
        done = render(settings, Watch(printer.event, printer.planned), session)
        for page in sorted(done.folder.glob("companion.*")):
            made.append(out / f"{edition}{page.suffix}")
            shutil.copyfile(page, made[-1])
    return made


def problems(review: Review) -> list[Problem]:
    """What a render would find wrong with the session: its plans, its worksheets."""
    from ..checks.definitions import in_folder, problem_of
    from ..package.problems import Problem
    from .generate import generate
    from .question import QUESTIONS
    from .session import FILE, read_definitions, read_session, session_problems
    from .worksheets import APPRAISAL, EXTRACTION, read_appraisal, read_extraction

    plan = review.folder / FILE
    if not plan.is_file():
        return []
    file = str(shortest(plan))
    try:
        session, specs = read_session(review), read_definitions(review, QUESTIONS)
        found = list(session_problems(session, specs))
        if not found and (wrong := generate(review, session).wrong):
            return [
                in_folder(problem_of(error, QUESTIONS, specs[name]), shortest(review.folder))
                for name, error in wrong.items()
            ]
        for name, read in ((EXTRACTION, read_extraction), (APPRAISAL, read_appraisal)):
            if (review.folder / name).is_file():
                read(review)
    except CompanionError as error:
        return [in_folder(problem_of(error, FILE), shortest(review.folder))]
    return [Problem(file, code="session", message=message) for message in found]
