"""Where a cell is printed, in words that a reader finds it by, and as a link into the article."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from ..model import Locator
from ..package.locators import text_fragment_url
from ..package.package import Package
from ..package.published import read_tables
from ..text import section_in_words

_TABLE = re.compile(r"(table-\d+)(?:/([^/]+)/([^/]+))?")


class PlaceNames:
    """Names and links of the places in one package's article.

    Sections of a table are named by its printed row and column headings, and linked by the table's
    caption, since a short figure such as "45" is found in many places of a page.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._printed = _printed(package.folder / "published")

    def words(self, section: str, with_row: bool = True) -> str:
        """A place in words, such as "Table 1, Alpha et al. 2001, Median follow-up (months)".

        Sections of prose have names. `with_row=False` leaves out the row, for several cells of one
        printed column.
        """
        found = _TABLE.fullmatch(section)
        if not found or not found[2]:
            return section_in_words(section)
        table, row, column = found.groups()
        side = self._printed.get(f"{table}/{row}/study", row.replace("-", " "))
        rows = ["heading" if row == "header" else side] if with_row else []
        head = self._printed.get(f"{table}/header/{column}", column.replace("-", " "))
        return ", ".join([section_in_words(table), *map(_plain, (*rows, head))])

    def key(self, locator: Locator) -> tuple[str, str]:
        """What distinguishes places: the column of a printed table, else section and fragment."""
        found = _TABLE.fullmatch(locator.section)
        if found and found[2]:
            return f"{found[1]}/{found[3]}", ""
        return locator.section, locator.fragment

    def url(self, locator: Locator) -> str:
        """The passage on the source's page; empty where the source has no address."""
        page = self._address(locator.source)
        if not page:
            return ""
        table = _TABLE.match(locator.section)
        if table is None:
            return text_fragment_url(page, locator.fragment) if locator.fragment else page
        caption = self._printed.get(f"{table[1]}/caption", "")
        label = section_in_words(table[1])
        text = caption.removeprefix(label).strip()
        return text_fragment_url(page, text) if text else page

    def _address(self, source: str) -> str:
        sources = self._package.resources.get("sources")
        row = sources.rows.get(source, {}) if sources else {}
        return row.get("url", "")


def _plain(text: str) -> str:
    """A printed heading without footnote marks."""
    return re.sub(r"\^\w", "", text)


@lru_cache(maxsize=8)
def _printed(folder: Path) -> dict[str, str]:
    """Section of a table -> its printed text; empty where no transcription is kept."""
    if not (folder / "keys.csv").is_file():
        return {}
    return {section: lines[0] for section, lines in read_tables(folder).items() if lines}
