"""What a notebook's execution depends on: the digests of the names that it asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from ..audit.digests import sha256
from ..audit.records import claim_record, origin_records, trace_record
from ..model import Result
from ..review import Review


def _result(result: Result) -> list[Any]:
    return [str(result.value), result.unit, origin_records(result.origins), result.formula]


def _value(review: Review, name: str) -> Any:
    return [*review.shown(name), _result(review.result(name))]


def _table(review: Review, name: str) -> Any:
    table = review.table(name)
    cells = [[cell.text, _result(cell.result)] for row in table.rows.values() for cell in row]
    return [repr(table.columns), list(table.rows), table.caption, table.notes, table.classes, cells]


def _figure(review: Review, name: str) -> Any:
    spec = review.figures_declared[name]
    return [spec, _table(review, spec["table"])]


def _text(review: Review, name: str) -> Any:
    return [str(review.sentences_declared[name])]


def _comparison(review: Review, name: str) -> Any:
    return [review.comparison(name).to_markdown(), _table(review, name)]


def _claims(review: Review, name: str) -> Any:
    return [claim_record(claim) for claim in review.ledger]


def _resource(review: Review, name: str) -> Any:
    return [[key, dict(row)] for key, row in review.package[name].rows.items()]


def _traces(review: Review, name: str) -> Any:
    return [trace_record(trace) for trace in review.traces()]


_KINDS: dict[str, Callable[[Review, str], Any]] = {
    "value": _value,
    "table": _table,
    "figure": _figure,
    "comparison": _comparison,
    "text": _text,
    "claims": _claims,
    "resource": _resource,
    "traces": _traces,
}


def fingerprint(review: Review, asked: Iterable[str]) -> str:
    """SHA-256 over value and origins of every "kind:name" asked for.

    A name that no longer exists raises CompanionError: then the notebook must run to say so.
    """
    parts = {}
    for entry in sorted(asked):
        kind, _, name = entry.partition(":")
        parts[entry] = _KINDS[kind](review, name)
    return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode())
