"""The command for journal clubs: every file of a session in one folder."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from .common import command, option, project_root, shortest

FOLDER = Path("build/journal-club")
EDITIONS = ("participant", "facilitator", "slides")


@command(
    "club",
    "write every file of a journal-club session",
    option("--out", type=Path, metavar="DIR", help="folder for the files"),
    option("--study", metavar="ID", help="study for the blank workbook (default: the session’s)"),
    option("--quiet", action="store_true", help="print nothing but the files"),
)
def club(arguments: argparse.Namespace) -> int:
    """Renders the editions, writes worksheets and a blank workbook, and says where they are."""
    root = project_root(arguments)
    out = (arguments.out or root / FOLDER).resolve()
    out.mkdir(parents=True, exist_ok=True)
    made = [*_editions(root, out, arguments.quiet), *_sheets(root, out, arguments.study)]
    print(*(shortest(path) for path in made), sep="\n")
    return 0


def _editions(root: Path, out: Path, quiet: bool) -> list[Path]:
    from ..build.progress import Printer
    from ..build.render import render
    from ..build.session import Session
    from ..build.settings import Settings, Watch

    made = []
    printer = Printer(sys.stderr, quiet=quiet)
    with Session(root) as session:
        for edition in EDITIONS:
            settings = Settings(root, edition=edition)
            done = render(settings, Watch(printer.event, printer.planned), session)
            for page in sorted(done.folder.glob("companion.*")):
                made.append(out / f"{edition}{page.suffix}")
                shutil.copyfile(page, made[-1])
    return made


def _sheets(root: Path, out: Path, study: str | None) -> list[Path]:
    from ..exchange.workbook import export_xlsx
    from ..questions.appraisal import to_csv
    from ..questions.club import open_club

    club = open_club("facilitator", root)
    for dropped in club.generated.dropped:
        print(f"left out: {dropped.title} ({dropped.reason})", file=sys.stderr)
    chosen = study or club.session.focus
    appraisal = out / "appraisal.csv"
    appraisal.write_text(to_csv(club.appraisals), "utf-8")
    if not chosen:
        return [appraisal]
    workbook = out / f"{chosen}-blank.xlsx"
    export_xlsx(club.review.package, workbook, study=chosen, blank=True)
    return [appraisal, workbook]
