"""Checks locators against what was published; the fragment must be printed where they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from .links import LOCATORS
from .numerals import AFTER, BEFORE, IndexEntry, Numeral, count_words, numerals
from .package import Resource
from .published import Published, Sections, normalise, split_article

REVIEW = "review"


def match_numerals(fragment: str, section: str, index: Iterable[IndexEntry]) -> list[int]:
    """The positions (from 0) in the index's section at which the fragment's numerals are printed.

    They must follow each other, and no word next to them may contradict the index. A
    fragment without a numeral matches nowhere.
    """
    wanted = numerals(fragment)
    entries = [entry for entry in index if entry.section == section]
    if not wanted:
        return []
    return [
        start
        for start in range(len(entries) - len(wanted) + 1)
        if all(
            _agree(numeral, entries[start + i], i > 0, i + 1 < len(wanted))
            for i, numeral in enumerate(wanted)
        )
    ]


def _agree(numeral: Numeral, entry: IndexEntry, whole_before: bool, whole_after: bool) -> bool:
    cited = entry.before.endswith("[")
    if numeral.text != entry.numeral or (numeral.cited and not cited):
        return False
    before, after = entry.before.rstrip("[").split(), entry.after.rstrip("]").split()
    return _fits(numeral.before[::-1], before[::-1], BEFORE, whole_before) and (
        (cited and bool(entry.after)) or _fits(numeral.after, after, AFTER, whole_after)
    )


def _fits(found: Sequence[str], known: Sequence[str], most: int, whole: bool) -> bool:
    """Whether words counted from a numeral outwards agree; fewer known than `most` are all."""
    if whole and len(found) < len(known):
        return False
    if count_words(known) < most and len(found) > len(known):
        return False
    return all(a == b for a, b in zip(found, known, strict=False))


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
        f"{'/'.join(filter(None, place))}: “{fragment}” in {section}: {message}"
        for place, section, fragment in _locators(resources)
        if (message := problem(section, fragment, published, text))
    ]


def _locators(tables: Iterable[Resource]) -> Iterator[tuple[tuple[str, str, str], str, str]]:
    for table in tables:
        for key, row in table.rows.items():
            if "fragment" not in row or row.get("source") != REVIEW:
                continue
            place = (table.name, key, "")
            if table.name == LOCATORS:
                place = (row["resource"], row["row"], row["column"])
            yield place, row["section"], row["fragment"]


def located(resources: Iterable[Resource]) -> list[tuple[str, str]]:
    """Section and fragment of every locator into the review, those of single cells included."""
    return [(section, fragment) for _, section, fragment in _locators(resources)]


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
    if numerals(fragment) and any(entry.section == section for entry in published.index):
        entries = len(match_numerals(fragment, section, published.index))
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
