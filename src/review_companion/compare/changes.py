"""Compares two reports: their conclusions, verdicts, numbers, sentences and data cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..markup import templates
from ..model import EVERY, Origin
from ..tables.build import TEMPLATE

_ROW = re.compile(r"\[.*\]")
LONGEST_ROW = 120
LIKE = 0.5  # as much are two versions of a sentence alike
MOST_PAIRED = 60
T = TypeVar("T")
KeyedRows = Mapping[str, Mapping[str, Any]]
FORMS = {
    "text": "changes.txt",
    "markdown": "changes.md",
    "html": "page.html",
    "fragment": "fragment.html",
}


class Difference(NamedTuple):
    """A row that only one state has (`column` is empty), or a cell that differs."""

    row: str
    column: str
    before: Any
    after: Any


def differing(
    old: Mapping[str, T], new: Mapping[str, T]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Name, before and after of all that differs, in the order of the newer state."""
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)


def differences(old: KeyedRows, new: KeyedRows) -> Iterator[Difference]:
    """Rows that are gone, new rows, then the differing cells of the other rows."""
    yield from (Difference(row, "", old[row], None) for row in old if row not in new)
    yield from (Difference(row, "", None, new[row]) for row in new if row not in old)
    for row in old:
        for found in differing(old[row], new[row]) if row in new else ():
            yield Difference(row, *found)


@dataclass(frozen=True)
class Reported:
    """What a value, a table cell or a claim says; `origins` as "resource[row].column".

    `word` is its conclusion: a verdict, a direction; empty for other things.
    """

    label: str
    shown: str
    origins: frozenset[str] = frozenset()
    word: str = ""


class ReadingOrder(NamedTuple):
    """Numbers, or tables that hold them, as a report shows them; `first` are in chapter one."""

    names: tuple[str, ...] = ()
    first: int = 0


NOT_READ = ReadingOrder()


@dataclass(frozen=True)
class Snapshot:
    """A report, or the project it comes from, at one time; `name` says where it was read.

    `cells` maps "resource[row].column" to the string in the data, `figures` a name to a digest of
    what is drawn; `sentences` are in reading order, and come from a page or a source (`prose`):
    only equal kinds can be compared. None where the source does not have them.
    """

    name: str
    numbers: Mapping[str, Reported]
    findings: Mapping[str, Reported]
    cells: Mapping[str, str] | None = None
    sentences: tuple[str, ...] | None = None
    figures: Mapping[str, str] | None = None
    prose: str = "page"
    reading: ReadingOrder = NOT_READ


def reported_numbers(traces: Iterable[Mapping[str, Any]]) -> dict[str, Reported]:
    """Every traced value and table cell by name."""
    return {
        trace["name"]: Reported(trace["label"], trace["text"], _origins(trace), _conclusion(trace))
        for trace in traces
        if trace["kind"] != "claim"
    }


def _conclusion(trace: Mapping[str, Any]) -> str:
    """The conclusion in a trace's text, without its figures, if it is a word."""
    word = str(trace["text"]).partition(",")[0]
    return "" if trace["formula"] == TEMPLATE or any(map(str.isdigit, word)) else word


def reported_findings(claims: Iterable[Mapping[str, Any]]) -> dict[str, Reported]:
    """Every claim by id: its verdict, and what was recomputed."""
    return {
        claim["id"]: Reported(
            claim.get("label", ""),
            f"{claim['verdict']} ({claim['recomputed']})".removesuffix(" ()"),
            _origins(claim),
            claim["verdict"],
        )
        for claim in claims
    }


def _origins(record: Mapping[str, Any]) -> frozenset[str]:
    """Those of a record as it is made, or as JSON has it."""
    origins = record["origins"]
    return frozenset(str(Origin(**o) if isinstance(o, dict) else o) for o in origins)


@dataclass(frozen=True)
class Change:
    """One thing that changed; `before` is None where it is new, `after` None where it is gone.

    `because` names the changed cells from which it was made. `conclusion_changed` is true for a
    value whose conclusion is another now.
    """

    name: str
    label: str
    before: str | None
    after: str | None
    because: tuple[str, ...] = ()
    conclusion_changed: bool = False


@dataclass(frozen=True)
class Changes:
    """What changed from `old` to `new`, by kind; `notes` say what could not be compared.

    Changed conclusions come first, the cells from which they were made last. "conclusions" are
    values whose conclusion changed, such as the direction of a class; "key numbers" are those of
    the first chapter.
    """

    old: str
    new: str
    kinds: Mapping[str, Sequence[Change]]
    notes: tuple[str, ...] = ()


def compare_snapshots(old: Snapshot, new: Snapshot) -> Changes:
    """All that differs, each kind in the order of the newer one."""
    notes: list[str] = []
    cells = _compared(old.cells, new.cells, "data cells", notes)
    sentences = _sentences(old, new, notes)
    figures = _compared(old.figures, new.figures, "figures", notes)
    changed = {cell.name for cell in cells}
    verdicts = list(_traced(old.findings, new.findings, changed))
    numbers = list(_traced(old.numbers, new.numbers, changed))
    conclusions = [c for c in numbers if c.conclusion_changed and not _is_copy(c, new)]
    others = _by_row([c for c in numbers if c not in conclusions], "/")
    with_places = _as_read(others, new.reading)
    kinds = {
        "conclusions": [c for c, _ in _as_read(conclusions, new.reading)],
        "verdicts": sorted(verdicts, key=lambda verdict: not verdict.conclusion_changed),
        "key numbers": [c for c, place in with_places if place < new.reading.first],
        "sentences": sentences,
        "numbers": [c for c, place in with_places if place >= new.reading.first],
        "figures": list(map(_drawn, figures)),
        "data cells": _by_row(cells, "."),
    }
    return Changes(old.name, new.name, kinds, tuple(notes))


def _sentences(old: Snapshot, new: Snapshot, notes: list[str]) -> list[Change]:
    if old.sentences is None or new.sentences is None or old.prose != new.prose:
        notes.append("sentences are compared between two pages or two revisions only")
        return []
    pairs = paired(old.sentences, new.sentences)
    return [Change("", "", before, after) for before, after in pairs]


def paired(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[str | None, str | None]]:
    """Sentences that only one version has; a new one is paired with the old one most like it."""
    gone = list((Counter(old) - Counter(new)).elements())
    for sentence in (Counter(new) - Counter(old)).elements():
        before = _most_like(sentence, gone)
        if before is not None:
            gone.remove(before)
        yield before, sentence
    yield from ((sentence, None) for sentence in gone)


def _most_like(sentence: str, candidates: list[str]) -> str | None:
    best, found = LIKE, None
    for candidate in candidates[:MOST_PAIRED]:
        matcher = SequenceMatcher(None, candidate, sentence, autojunk=False)
        if matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, found = ratio, candidate
    return found


def _is_copy(change: Change, new: Snapshot) -> bool:
    """Whether a text is only that of a changed cell, and so concludes nothing."""
    return change.after in {(new.cells or {}).get(cell) for cell in change.because}


def _compared(
    old: Mapping[str, str] | None, new: Mapping[str, str] | None, what: str, notes: list[str]
) -> list[Change]:
    if old is None or new is None:
        notes.append(f"{what} cannot be compared: one of the two does not carry them")
        return []
    return [Change(name, "", before, after) for name, before, after in differing(old, new)]


def _drawn(change: Change) -> Change:
    """The change of a figure, which has no text: only that it is drawn from other numbers."""
    before = None if change.before is None else "drawn"
    drawn = "drawn anew" if before else "drawn"
    return replace(change, before=before, after=None if change.after is None else drawn)


def _traced(
    old: Mapping[str, Reported], new: Mapping[str, Reported], changed: set[str]
) -> Iterator[Change]:
    """What says something else, with the changed cells that it was or is made from."""
    texts = ({name: item.shown for name, item in side.items()} for side in (old, new))
    of_all_rows = {cell: _ROW.sub(f"[{EVERY}]", cell) for cell in changed}
    for name, before, after in differing(*texts):
        items = [side[name] for side in (new, old) if name in side]
        origins = frozenset().union(*(item.origins for item in items))
        cells = sorted(c for c, column in of_all_rows.items() if {c, column} & origins)
        words = {item.word for item in items}
        turned = len(words) > 1 and "" not in words
        yield Change(name, items[0].label, before, after, tuple(cells), turned)


def _as_read(numbers: Iterable[Change], reading: ReadingOrder) -> list[tuple[Change, int]]:
    """Changes with their places, as read; those that no chapter shows last, values first."""
    places: dict[str, int] = {}
    for place, name in enumerate(reading.names):
        for table in accumulate(name.split("/"), "{}/{}".format):
            places.setdefault(table, place)
    found = []
    for change in numbers:
        table = change.name.partition("/")[0]
        found.append((change, places.get(change.name, places.get(table, len(places)))))
    return sorted(found, key=lambda each: (each[1], "/" in each[0].name))


def _by_row(changes: Iterable[Change], separator: str) -> list[Change]:
    """Changes, with the cells of a row that is new or gone as one change."""
    groups: dict[tuple[str, bool, str], list[Change]] = {}
    for change in changes:
        row, is_new = change.name.rpartition(separator)[0], change.before is None
        whole = row and (is_new or change.after is None)
        groups.setdefault((row, is_new, "" if whole else change.name), []).append(change)
    return [
        cells[0] if len(cells) == 1 else _whole_row(row, cells)
        for (row, *_), cells in groups.items()
    ]


def _whole_row(name: str, cells: list[Change]) -> Change:
    """The change of a row that is new or gone."""
    is_new = cells[0].before is None
    texts = [cell.after if is_new else cell.before for cell in cells]
    said = f"a row of {len(cells)} cells: {', '.join(filter(None, texts))}"
    if len(said) > LONGEST_ROW:
        said = f"{said[: LONGEST_ROW - 1]}…"
    return Change(name, "", None, said) if is_new else Change(name, "", said, None)


def summary(changes: Changes) -> str:
    """One line: how many of each kind changed."""
    counts = [
        f"{len(found)} {kind[:-1] if len(found) == 1 else kind}"
        for kind, found in changes.kinds.items()
        if found
    ]
    return f"changed: {', '.join(counts)}" if counts else "no difference"


def _said(text: str | None, missing: str) -> str:
    return missing if text is None else f"“{text}”" if text else "(empty)"


def _plain(text: str) -> str:
    """Text that Markdown shows unchanged, with as few escapes as possible."""
    return "".join("\\" + c if c in "\\`*_{}[]<>#|~^" else c for c in text)


_TEMPLATES = templates(
    Path(__file__).parent / "templates", summary=summary, said=_said, plain=_plain
)


def written(changes: Changes, form: str = "text", most: int | None = None) -> str:
    """Text, Markdown, a page of HTML or a part of one; at most `most` of each kind (None: all)."""
    return _TEMPLATES.get_template(FORMS[form]).render(changes=changes, most=most)
