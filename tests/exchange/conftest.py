"""A small package to damage, as the tests of the data have it."""

from __future__ import annotations

from pathlib import Path

from tests.package.conftest import edit, folder

from review_companion.exchange.workbook import workbook
from review_companion.package.package import load_package
from review_companion.writing import write_files

__all__ = ["edit", "folder"]


def export_xlsx(data: Path, book: Path, study: str | None = None, blank: bool = False) -> None:
    write_files({book: workbook(load_package(data), study, blank)})
