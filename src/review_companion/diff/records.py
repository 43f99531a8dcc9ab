"""Numbers and findings from the records of `trace.json` and `claims.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .snapshot import Said


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
