"""Checks locators against what was published: the fragment must be printed where they say.

And finds the numerals of the article that no locator, claim or declared exception accounts for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ..model import Claim
from .links import LOCATORS
from .numerals import numerals
from .package import Package, Resource
from .problems import Problem
from .published import (
    IndexEntry,
    Published,
    Sections,
    by_section,
    index_entries,
    normalise,
    read_index,
    split_article,
)
from .tolerant_csv import Tables
from .yaml_files import read_entries, require_allowed

REVIEW = "review"
EXCEPTIONS = "exceptions.yml"


def match_numerals(fragment: str, entries: Sequence[IndexEntry]) -> list[int]:
    """The positions (from 0) in a section's entries at which the fragment's numerals are printed.

    They must follow each other, and no word next to them may contradict the index. A
    fragment without a numeral matches nowhere.
    """
    wanted = list(index_entries("", [fragment]))
    starts = range(len(entries) - len(wanted) + 1) if wanted else ()
    return [i for i in starts if _agree(wanted, entries[i : i + len(wanted)])]


def _agree(wanted: Sequence[IndexEntry], printed: Sequence[IndexEntry]) -> bool:
    """Whether the numerals are those printed; the words between them are the same, those around
    them may be fewer."""
    for i, (ours, theirs) in enumerate(zip(wanted, printed, strict=True)):
        cited = theirs.before.endswith("[")
        if ours.numeral != theirs.numeral or (ours.before.endswith("[") and not cited):
            return False
        before, known = (entry.before.rstrip("[").split() for entry in (ours, theirs))
        if before != (known if i else known[len(known) - len(before) :]):
            return False
        after, known = (entry.after.rstrip("]").split() for entry in (ours, theirs))
        is_last = i + 1 == len(wanted)
        if not (cited and theirs.after) and after != (known[: len(after)] if is_last else known):
            return False
    return True


def check_locators(
    resources: Iterable[Resource], published: Published, article: str | None = None
) -> list[str]:
    """Every locator into the review that is not printed, or not just once, where it says.

    `article` is the text of a local copy; without it, prose is checked by its numerals alone.
    Raises CompanionError for an article that `published` does not divide.
    """
    prose = split_article(article, published.parts) if article is not None else {}
    text = {**prose, **published.tables}
    return [
        f"{place}: “{fragment}” in {section}: {message}"
        for place, section, fragment in located(resources)
        if (message := problem(section, fragment, published, text))
    ]


def place_problems(tables: Tables, published: Published) -> Iterator[Problem]:
    """A warning for each row that the review does not print where the row says.

    The prose of the article is not at hand: there, only numerals and the words next to them count.
    """
    for table in tables.values():
        if not {"source", "section", "fragment"} <= set(table.columns):
            continue
        for number, row in table.rows:
            if row["source"] != REVIEW:
                continue
            if why := problem(row["section"], row["fragment"], published):
                column = "fragment" if row["section"] in published.sections else "section"
                expected = f"words of {row['section']}" if column == "fragment" else "a section"
                said = f"it {why}" if why.startswith(("is ", "fits ")) else why
                what = {"severity": "warning", "expected": expected, "message": said}
                yield table.problem(number, row, column, code="place", **what)


def stale_index(published: Published, file: str) -> Iterator[Problem]:
    """A warning for each cell and note of a table whose numerals the index has otherwise."""
    for section, lines in published.tables.items():
        found = [each[1:] for each in index_entries(section, lines)]  # not their numbers
        if found != [each[1:] for each in published.by_section.get(section, ())]:
            said = (
                f"the numerals of {section} are not as transcribed; `companion index ARTICLE` anew"
            )
            yield Problem(file, severity="warning", code="stale-index", message=said)


def located(tables: Iterable[Resource]) -> Iterator[tuple[str, str, str]]:
    """What has a place in the review (rows, single cells), and the section and fragment there."""
    for table in tables:
        for key, row in table.rows.items():
            if "fragment" not in row or row.get("source") != REVIEW:
                continue
            place = f"{table.name}/{key}"
            if table.name == LOCATORS:
                place = f"{row['resource']}/{row['row']}/{row['column']}"
            yield place, row["section"], row["fragment"]


def problem(
    section: str, fragment: str, published: Published, text: Sections | None = None
) -> str | None:
    """Why a fragment is not in its section, or is there more than once; None if it is there once.

    `text` are the sections that can be read (default: the published tables).
    """
    text = published.tables if text is None else text
    if section not in published.sections:
        return "there is no such section"
    if not fragment.strip():
        return "the fragment is empty"
    times = occurrences(fragment, text[section]) if section in text else 1
    if not times:
        return "is not there"
    if section in published.by_section and numerals(fragment):
        entries = len(match_numerals(fragment, published.by_section[section]))
        if not entries:
            return "its numerals are not there, or not next to these words"
        if entries > 1:
            return f"fits {entries} places of the index; take in a word before or the next numeral"
        return None
    return None if times == 1 else f"is there {times} times; a locator must be unique"


def occurrences(fragment: str, paragraphs: Iterable[str]) -> int:
    """How often the text has the fragment as whole words, both normalised."""
    wanted = normalise(fragment)
    if not wanted:
        return 0
    start = r"(?<!\w)" if wanted[0].isalnum() else ""
    end = r"(?!\w)" if wanted[-1].isalnum() else ""
    pattern = re.compile(f"{start}{re.escape(wanted)}{end}")
    return sum(len(pattern.findall(normalise(paragraph))) for paragraph in paragraphs)


def text_fragment_url(page: str, fragment: str) -> str:
    """A link that makes a browser scroll to the fragment in the page.

    `page` is the final address: a redirect may drop the fragment. The encoding is that of a
    TextDirective (WICG, Scroll to Text Fragment, section 3.3), in which "-", "," and "&" are
    encoded too. A footnote's mark loses its caret.
    """
    encoded = quote(re.sub(r"\^(?=\w)", "", fragment), safe="").replace("-", "%2D")
    return f"{page}{'' if '#' in page else '#'}:~:text={encoded}"


Patterns = Mapping[str, str]  # a pattern for the whole of each column that it names
Exceptions = Mapping[str, Sequence[Patterns]]


def read_exceptions(path: Path) -> Exceptions:
    """The rules of each class of numerals that state nothing to check, from `exceptions.yml`.

    Raises CompanionError with file and line for what is wrong with one.
    """
    classes = read_entries(path)
    for entry in classes.values():
        require_allowed(entry, "exception")
    return {name: entry["rules"] for name, entry in classes.items()}


@dataclass(frozen=True)
class Unaccounted:
    """The numerals (of `total`) that nothing accounts for, and exception rules that match none."""

    entries: tuple[IndexEntry, ...]
    total: int
    idle: tuple[tuple[str, Patterns], ...]


def unaccounted(package: Package, claims: Iterable[Claim]) -> Unaccounted:
    """Compares the index of the article's numerals with locators, claims and exceptions."""
    index = read_index(package.folder / "published" / "numerals.csv")
    exceptions = read_exceptions(package.folder / EXCEPTIONS)
    places = [(section, fragment) for _, section, fragment in located(package)]
    places += [(claim.locator.section, claim.locator.fragment) for claim in claims]
    return coverage(index, places, exceptions)


def coverage(
    index: Sequence[IndexEntry], located: Iterable[tuple[str, str]], exceptions: Exceptions
) -> Unaccounted:
    """What no (section, fragment) reaches and no exception fits.

    A fragment reaches the entries of its numerals if it is found once in its section.
    """
    sections, accounted, idle = by_section(index), set[int](), []
    for section, fragment in dict.fromkeys(located):
        entries = sections.get(section, [])
        starts = match_numerals(fragment, entries)
        if len(starts) == 1:
            reached = entries[starts[0] : starts[0] + len(numerals(fragment))]
            accounted |= {entry.entry for entry in reached}
    for name, rules in exceptions.items():
        for rule in rules:
            covered = {
                entry.entry
                for entry in index
                if all(re.fullmatch(str(p), getattr(entry, c)) for c, p in rule.items())
            }
            accounted |= covered
            if not covered:
                idle.append((name, rule))
    left = tuple(entry for entry in index if entry.entry not in accounted)
    return Unaccounted(left, len(index), tuple(idle))
