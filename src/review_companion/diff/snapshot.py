"""What a report said at one time, from whatever it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


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
