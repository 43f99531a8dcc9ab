"""Pairs the rows of two extractions: by key, then by likeness within a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..model import Row

Grouped = Mapping[str, tuple[str, Row]]

LEAST_LIKENESS = 0.5


@dataclass(frozen=True)
class Pairs:
    """Keys of paired rows (first, second), and those that found no partner."""

    matched: tuple[tuple[str, str], ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def pair_rows(first: Grouped, second: Grouped, columns: Sequence[str]) -> Pairs:
    """Pairs rows (key -> group and cells) that share a key, then the most alike of a group.

    Likeness is the share of columns, among those given in either row, in which the cells are
    equal; rows less than half alike are not paired. Equally alike rows are paired in order.
    """
    matched = [(key, key) for key in first if key in second and first[key][0] == second[key][0]]
    left = [key for key in first if (key, key) not in matched]
    right = [key for key in second if (key, key) not in matched]
    candidates = [
        (-likeness, i, j)
        for i, one in enumerate(left)
        for j, two in enumerate(right)
        if first[one][0] == second[two][0]
        and (likeness := _likeness(first[one][1], second[two][1], columns)) >= LEAST_LIKENESS
    ]
    taken_left, taken_right = set(), set()
    for _, i, j in sorted(candidates):
        if i not in taken_left and j not in taken_right:
            taken_left.add(i)
            taken_right.add(j)
            matched.append((left[i], right[j]))
    return Pairs(
        tuple(matched),
        tuple(key for i, key in enumerate(left) if i not in taken_left),
        tuple(key for j, key in enumerate(right) if j not in taken_right),
    )


def _likeness(one: Row, two: Row, columns: Sequence[str]) -> float:
    pairs = [(one.get(c, ""), two.get(c, "")) for c in columns]
    given = [a == b for a, b in pairs if a or b]
    return sum(given) / len(given) if given else 0.0
