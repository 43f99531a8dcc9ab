"""Commands that start and keep a review: new, tidy, remove-study, rename, add-column."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CompanionError
from .common import project_root, shortest

if TYPE_CHECKING:
    from ..exchange.edits import Edits


def new(arguments: argparse.Namespace) -> int:
    """Writes a review that renders at once, and says how to go on."""
    from ..exchange.starting import start, start_from

    if bool(arguments.sheet) != bool(arguments.mapping):
        raise CompanionError(
            "--from SHEET and --mapping FILE go together",
            hint="FILE: “studies: {label: Author, year: Year}”, with the sheet's own headings",
        )
    folder, what = shortest(arguments.folder), "an invented review"
    if arguments.sheet:
        start_from(arguments.folder, arguments.sheet, arguments.mapping)
        what = f"a review with the studies of {arguments.sheet.name}"
    else:
        start(arguments.folder)
    print(f"{folder}: {what}, to make yours; {folder}/README.md says how")
    print(f"next: cd {folder} && {_program()} render")
    return 0


def _program() -> str:
    """This program as it can be run from another folder."""
    return (
        "companion" if shutil.which("companion") else shlex.quote(str(Path(sys.argv[0]).resolve()))
    )


def tidy(arguments: argparse.Namespace) -> int:
    """Names each file written; 1 if one is left that only a person can correct."""
    from ..exchange.edits import tidied
    from ..writing import write_files

    files, left = tidied(project_root(arguments) / "data")
    write_files(files)
    print(*left, sep="\n", end="\n" if left else "")
    clean = "nothing to write: the CSV files are in the package's own form"
    print(*([f"written clean: {shortest(path)}" for path in files] or [clean]), sep="\n")
    return 1 if left else 0


def remove_study(arguments: argparse.Namespace) -> int:
    """Shows what names a study, and takes it out."""
    from ..exchange.removing import removal

    return _done(removal(project_root(arguments), arguments.study), arguments.yes)


def rename(arguments: argparse.Namespace) -> int:
    """Shows where a study's key stands, and changes it."""
    from ..exchange.renaming import renaming

    return _done(renaming(project_root(arguments), arguments.old, arguments.new), arguments.yes)


def add_column(arguments: argparse.Namespace) -> int:
    """Shows the line of the schema and the column, and writes them."""
    from ..exchange.columns import new_column

    given = (arguments.table, arguments.name, arguments.kind, arguments.about)
    return _done(new_column(project_root(arguments), *given), arguments.yes)


def _done(edits: Edits, yes: bool) -> int:
    """Shows what is touched, asks on a terminal, and writes all of it."""
    print(edits)
    if not yes and not _agreed():
        print("nothing was changed")
        return 1
    edits.write()
    print(f"\nwrote {len(edits.files)} file(s); `companion check` says whether all is well")
    return 0


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise CompanionError("nothing was changed", hint="add --yes to do it")
    try:
        return input("\nDo this? [y/N] ").strip().casefold() in ("y", "yes")
    except EOFError:
        return False
