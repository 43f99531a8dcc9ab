"""What a report said at two times, compared: cells → numbers → verdicts → sentences, figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from ..model import EVERY
from .comparison import differing


@dataclass(frozen=True)
class Said:
    """What a value, a table cell or a claim says; `origins` as "resource[row].column"."""

    label: str
    shown: str
    origins: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Snapshot:
    """`name` says where it was read.

    `cells` maps "resource[row].column" to the string in the data, `figures` a name to a digest
    of what is drawn; `sentences` are in reading order, of the form `prose` ("page" or "source"):
    only equal forms can be compared. None where the source does not say. `order` names numbers,
    or tables of them, as a reader meets them.
    """

    name: str
    numbers: Mapping[str, Said]
    findings: Mapping[str, Said]
    cells: Mapping[str, str] | None = None
    sentences: tuple[str, ...] | None = None
    figures: Mapping[str, str] | None = None
    prose: str = "page"
    order: tuple[str, ...] = ()


def numbers(traces: Iterable[Mapping[str, Any]]) -> dict[str, Said]:
    """Every traced value and table cell by name."""
    return {
        trace["name"]: Said(trace["label"], trace["text"], _origins(trace))
        for trace in traces
        if trace["kind"] != "claim"
    }


def findings(claims: Iterable[Mapping[str, Any]]) -> dict[str, Said]:
    """Every claim by id: its verdict, and what was recomputed."""
    return {
        claim["id"]: Said(claim.get("label", ""), _verdict(claim), _origins(claim))
        for claim in claims
    }


def _verdict(claim: Mapping[str, Any]) -> str:
    recomputed = claim["recomputed"]
    return f"{claim['verdict']} ({recomputed})" if recomputed else str(claim["verdict"])


def _origins(record: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(f"{o['resource']}[{o['row']}].{o['column']}" for o in record["origins"])


_ROW = re.compile(r"\[.*\]")
LIKE = 0.5
MOST_PAIRED = 60
LONGEST_ROW = 120


@dataclass(frozen=True)
class Change:
    """One thing that changed; `before` None where it is new, `after` None where it is gone.

    `because` names the changed cells which it was made from.
    """

    name: str
    label: str
    before: str | None
    after: str | None
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What changed from `old` to `new`; `notes` say what could not be compared."""

    old: str
    new: str
    cells: tuple[Change, ...] = ()
    numbers: tuple[Change, ...] = ()
    verdicts: tuple[Change, ...] = ()
    sentences: tuple[Change, ...] = ()
    figures: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def kinds(self) -> dict[str, tuple[Change, ...]]:
        """The changes by kind: what a conclusion may hang on first, the cells behind it last."""
        return {
            "verdicts": self.verdicts,
            "sentences": self.sentences,
            "numbers": self.numbers,
            "figures": self.figures,
            "data cells": self.cells,
        }

    def __bool__(self) -> bool:
        return any(self.kinds.values())


def compare(old: Snapshot, new: Snapshot) -> Changes:
    """All that differs, each kind in the order of the newer one."""
    notes: list[str] = []
    cells = _compared(old.cells, new.cells, "data cells", notes)
    changed = {change.name for change in cells}
    sentences: tuple[Change, ...] = ()
    if old.sentences is None or new.sentences is None or old.prose != new.prose:
        notes.append("sentences are compared between two pages or two revisions only")
    else:
        sentences = tuple(_sentences(old.sentences, new.sentences))
    return Changes(
        old.name,
        new.name,
        _by_row(cells, _cell_parts),
        _as_read(_by_row(_traced(old.numbers, new.numbers, changed), _number_parts), new.order),
        _turned_first(_traced(old.findings, new.findings, changed)),
        sentences,
        tuple(map(_drawn, _compared(old.figures, new.figures, "figures", notes))),
        tuple(notes),
    )


def _compared(
    old: Mapping[str, str] | None, new: Mapping[str, str] | None, what: str, notes: list[str]
) -> tuple[Change, ...]:
    if old is None or new is None:
        notes.append(f"{what} cannot be compared: one of the two does not carry them")
        return ()
    return tuple(Change(name, "", before, after) for name, before, after in differing(old, new))


def _drawn(change: Change) -> Change:
    """A figure has no text: that it is drawn from other numbers is all there is to say."""
    before, after = (digest and "drawn" for digest in (change.before, change.after))
    return replace(change, before=before, after=(after and before and "drawn anew") or after)


def _traced(
    old: Mapping[str, Said], new: Mapping[str, Said], changed: set[str]
) -> tuple[Change, ...]:
    found = []
    texts = ({name: item.shown for name, item in side.items()} for side in (old, new))
    for name, before, after in differing(*texts):
        items = [side[name] for side in (new, old) if name in side]
        origins = frozenset().union(*(item.origins for item in items))
        cells = sorted(c for c in changed if c in origins or _ROW.sub(f"[{EVERY}]", c) in origins)
        found.append(Change(name, items[0].label, before, after, tuple(cells)))
    return tuple(found)


def _turned_first(verdicts: tuple[Change, ...]) -> tuple[Change, ...]:
    """Those with another verdict before those that recompute another number alone."""
    return tuple(sorted(verdicts, key=lambda v: _word(v.before) == _word(v.after)))


def _word(verdict: str | None) -> str:
    return (verdict or "").partition(" (")[0]


def _as_read(numbers: tuple[Change, ...], order: Iterable[str]) -> tuple[Change, ...]:
    """In the order in which a reader meets them: those of the first screen first.

    Then what no chapter shows, named values before the cells of tables.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(order):
        parts = name.split("/")
        for length in range(len(parts), 0, -1):
            places.setdefault("/".join(parts[:length]), place)

    def met(change: Change) -> tuple[int, bool]:
        table = change.name.partition("/")[0]
        nowhere = len(places)
        return places.get(change.name, places.get(table, nowhere)), "/" in change.name

    return tuple(sorted(numbers, key=met))


def _cell_parts(name: str) -> tuple[str, str]:
    row, _, column = name.rpartition(".")
    return row, column


def _number_parts(name: str) -> tuple[str, str]:
    row, _, column = name.rpartition("/")
    return row, column


def _by_row(
    changes: tuple[Change, ...], parts: Callable[[str], tuple[str, str]]
) -> tuple[Change, ...]:
    """A row that is new or gone as a whole is one change."""
    rows: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        row, column = parts(change.name)
        state = "new" if change.before is None else "gone" if change.after is None else column
        rows.setdefault((row, state), []).append(change)
    found = [
        _row(row, members) if row and state in ("new", "gone") and len(members) > 1 else members
        for (row, state), members in rows.items()
    ]
    return tuple(change for each in found for change in each)


def _row(row: str, cells: list[Change]) -> list[Change]:
    texts = [cell.after if cell.before is None else cell.before for cell in cells]
    said = f"a row of {len(cells)} cells: {', '.join(filter(None, texts))}"
    said = said if len(said) <= LONGEST_ROW else f"{said[: LONGEST_ROW - 1]}…"
    is_new = cells[0].before is None
    return [Change(row, "", None if is_new else said, said if is_new else None)]


def _sentences(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    """Sentences that only one has; a new one beside the old one that it is most like."""
    gone = list((Counter(old) - Counter(new)).elements())
    for sentence in (Counter(new) - Counter(old)).elements():
        before = _most_like(sentence, gone)
        if before is not None:
            gone.remove(before)
        yield Change("", "", before, sentence)
    yield from (Change("", "", sentence, None) for sentence in gone)


def _most_like(sentence: str, candidates: list[str]) -> str | None:
    best, found = LIKE, None
    for candidate in candidates[:MOST_PAIRED]:
        matcher = SequenceMatcher(None, candidate, sentence, autojunk=False)
        if matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, found = ratio, candidate
    return found
