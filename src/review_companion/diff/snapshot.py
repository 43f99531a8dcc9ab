"""What a report said at one time, from whatever it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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
    only equal forms can be compared. None where the source does not say.
    """

    name: str
    numbers: Mapping[str, Said]
    findings: Mapping[str, Said]
    cells: Mapping[str, str] | None = None
    sentences: tuple[str, ...] | None = None
    figures: Mapping[str, str] | None = None
    prose: str = "page"
