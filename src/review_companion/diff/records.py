"""Numbers and findings from the records of `trace.json` and `claims.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .snapshot import Finding, Number


def numbers(traces: Iterable[Mapping[str, Any]]) -> dict[str, Number]:
    """Every traced value and table cell by name."""
    return {
        trace["name"]: Number(trace["label"], trace["text"], _origins(trace))
        for trace in traces
        if trace["kind"] != "claim"
    }


def findings(claims: Iterable[Mapping[str, Any]]) -> dict[str, Finding]:
    """Every claim by id."""
    return {
        claim["id"]: Finding(
            claim.get("label", ""), claim["verdict"], claim["recomputed"], _origins(claim)
        )
        for claim in claims
    }


def _origins(record: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(f"{o['resource']}[{o['row']}].{o['column']}" for o in record["origins"])
