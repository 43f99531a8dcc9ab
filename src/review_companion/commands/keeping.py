"""Commands for those who extract and keep a review: workbooks, agreement, new, tidy, rename …"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CompanionError
from . import project_root, shortest

if TYPE_CHECKING:
    from ..exchange.edits import Edits


def export_xlsx(arguments: argparse.Namespace) -> int:
    """Writes a workbook, a sheet per table."""
    from ..exchange.workbook import workbook
    from ..package.package import load_package
    from ..writing import write_files

    if arguments.blank and not arguments.study:
        hint = "for example: --study new-2027 --blank"
        raise CompanionError("--blank needs --study ID", hint=hint)
    root = project_root(arguments)
    name = f"{arguments.study or 'data'}{'-blank' if arguments.blank else ''}.xlsx"
    target = arguments.file or root / "build" / name
    if target.suffix.casefold() != ".xlsx":
        what, hint = "is not a name of a workbook", "give it a name that ends in .xlsx"
        raise CompanionError(what, where=str(target), hint=hint)
    made = workbook(load_package(root / "data"), arguments.study, arguments.blank)
    write_files({target: made}, overwrite=arguments.overwrite)
    print(shortest(target))
    return 0


def import_xlsx(arguments: argparse.Namespace) -> int:
    """Brings a workbook back into the CSV files; nothing is written unless all of it is valid."""
    from ..exchange.importing import import_xlsx as bring_back
    from ..package.problems import errors

    summary = bring_back(arguments.file, project_root(arguments) / "data")
    print(summary)
    return 1 if errors(summary.problems) else 0


def missing(arguments: argparse.Namespace) -> int:
    """Prints what a study lacks for each table and claim; 1 if a cell or claim cannot be made."""
    from ..exchange.missing import missing as find
    from ..review import open_review

    found = find(open_review(project_root(arguments)), arguments.study)
    print(found)
    return 1 if found.cells or found.failing else 0


def agree(arguments: argparse.Namespace) -> int:
    """Compares two extractions of the same studies."""
    from ..exchange.extraction_agreement import adjudication_csv, compare_extractions, report
    from ..writing import write_files

    data = project_root(arguments) / "data"
    comparison = compare_extractions(arguments.first, arguments.second or data, data)
    print(report(comparison))
    if arguments.adjudicate:
        made = {arguments.adjudicate: adjudication_csv(comparison)}
        write_files(made, overwrite=arguments.overwrite)
        print(f"adjudication file: {shortest(arguments.adjudicate)}")
    return 0


def new(arguments: argparse.Namespace) -> int:
    """Writes a review that renders at once, and prints what to do next."""
    from ..exchange.starting import start, start_from

    if bool(arguments.sheet) != bool(arguments.mapping):
        hint = "FILE: “studies: {label: Author, year: Year}”, with the sheet's own headings"
        raise CompanionError("--from SHEET and --mapping FILE go together", hint=hint)
    folder, what = shortest(arguments.folder), "an invented review"
    if arguments.sheet:
        start_from(arguments.folder, arguments.sheet, arguments.mapping)
        what = f"a review with the studies of {arguments.sheet.name}"
    else:
        start(arguments.folder)
    print(f"{folder}: {what}, to make yours; {folder}/README.md says how")
    here = shlex.quote(str(Path(sys.argv[0]).resolve()))
    program = "companion" if shutil.which("companion") else here
    print(f"next: cd {folder} && {program} render")
    return 0


def tidy(arguments: argparse.Namespace) -> int:
    """Prints each file written; 1 if one remains that only a person can correct."""
    from ..exchange.edits import bibliography_anew, tidied
    from ..writing import write_files

    root = project_root(arguments)
    files, left = tidied(root / "data")
    write_files(files)
    bibliography = bibliography_anew(root)
    write_files(bibliography)
    print(*left, sep="\n", end="\n" if left else "")
    clean = "nothing to write: the CSV files are in the package's own form"
    clean = "no other file to write" if left else clean
    print(*([f"written clean: {shortest(path)}" for path in files] or [clean]), sep="\n")
    for path in bibliography:
        print(f"written anew from the data: {shortest(path)}")
    return 1 if left else 0


def remove_study(arguments: argparse.Namespace) -> int:
    """Shows what names a study, and removes it."""
    from ..exchange.removal import removal

    return _confirm_and_write(removal(project_root(arguments), arguments.study), arguments.yes)


def rename(arguments: argparse.Namespace) -> int:
    """Shows where a study's key is used, and changes it."""
    from ..exchange.renaming import renaming

    return _confirm_and_write(
        renaming(project_root(arguments), arguments.old, arguments.new), arguments.yes
    )


def add_column(arguments: argparse.Namespace) -> int:
    """Shows the line of the schema and the column, and writes them."""
    from ..exchange.added_column import new_column

    given = (arguments.table, arguments.name, arguments.kind, arguments.about)
    return _confirm_and_write(new_column(project_root(arguments), *given), arguments.yes)


def _confirm_and_write(edits: Edits, yes: bool) -> int:
    """Shows the edits, asks on a terminal, and writes them."""
    print(edits)
    if not yes and not _confirmed():
        print("nothing was changed")
        return 1
    edits.write()
    print(f"\nwrote {len(edits.files)} file(s); `companion check` says whether all is well")
    return 0


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise CompanionError("nothing was changed", hint="add --yes to do it")
    try:
        return input("\nDo this? [y/N] ").strip().casefold() in ("y", "yes")
    except EOFError:
        return False
