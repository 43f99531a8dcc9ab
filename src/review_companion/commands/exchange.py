"""Commands for those who extract: export-xlsx, import-xlsx, missing, agree."""

from __future__ import annotations

import argparse

from ..errors import CompanionError
from .common import project_root, shortest


def export_xlsx(arguments: argparse.Namespace) -> int:
    """Writes a workbook, a sheet per table."""
    from ..exchange.workbook import workbook
    from ..package.package import load_package
    from ..writing import require_unedited, write_files

    if arguments.blank and not arguments.study:
        raise CompanionError(
            "--blank needs --study ID", hint="for example: --study new-2027 --blank"
        )
    root = project_root(arguments)
    name = f"{arguments.study or 'data'}{'-blank' if arguments.blank else ''}.xlsx"
    target = arguments.file or root / "build" / name
    made = {target: workbook(load_package(root / "data"), arguments.study, arguments.blank)}
    if not arguments.overwrite:
        require_unedited(made)
    write_files(made)
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
    """Says what a study lacks for each table and claim; 1 if a cell or claim cannot be made."""
    from ..exchange.missing import missing as find
    from ..review import open_review

    found = find(open_review(project_root(arguments)), arguments.study)
    print(found)
    return 1 if found.cells or found.failing else 0


def agree(arguments: argparse.Namespace) -> int:
    """Compares two extractions of the same studies."""
    from ..exchange.extraction_agreement import adjudication_csv, compare, report
    from ..writing import require_unedited, write_files

    data = project_root(arguments) / "data"
    comparison = compare(arguments.first, arguments.second or data, data)
    print(report(comparison))
    if arguments.adjudicate:
        made = {arguments.adjudicate: adjudication_csv(comparison)}
        if not arguments.overwrite:
            require_unedited(made)
        write_files(made)
        print(f"adjudication file: {shortest(arguments.adjudicate)}")
    return 0
