"""What a report said at one time, from whatever it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A traced value or table cell as printed; `origins` as "resource[row].column"."""

    label: str
    text: str
    origins: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        return self.text


@dataclass(frozen=True)
class Finding:
    """A claim's verdict and what was recomputed."""

    label: str
    verdict: str
    recomputed: str
    origins: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        return f"{self.verdict} ({self.recomputed})" if self.recomputed else self.verdict


@dataclass(frozen=True)
class Snapshot:
    """`name` says where it was read.

    `cells` maps "resource[row].column" to the string in the data, `figures` a name to a digest
    of what is drawn; `sentences` are in reading order, of the form `prose` ("page" or "source"):
    only equal forms can be compared. None where the source does not say.
    """

    name: str
    numbers: Mapping[str, Number]
    findings: Mapping[str, Finding]
    cells: Mapping[str, str] | None = None
    sentences: tuple[str, ...] | None = None
    figures: Mapping[str, str] | None = None
    prose: str = "page"
