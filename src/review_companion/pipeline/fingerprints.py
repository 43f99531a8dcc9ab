"""What a notebook's execution depends on: the digests of the names that it asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import CompanionError
from ..evidence.digests import sha256
from ..evidence.records import claim_record, origin_records, trace_record
from ..model import Result
from ..review import Review


def _result(result: Result) -> list[Any]:
    return [
        str(result.value),
        result.unit,
        origin_records(result.origins),
        sorted(result.membership),
        result.formula,
    ]


def _value(review: Review, name: str) -> Any:
    return [*review.shown(name), _result(review.result(name))]


def _table(review: Review, name: str) -> Any:
    table = review.table(name)
    cells = [[cell.text, _result(cell.result)] for row in table.rows.values() for cell in row]
    return [table.caption, table.to_html(), cells]


def _figure(review: Review, name: str) -> Any:
    spec = review.figures_declared[name]
    return [spec, _table(review, spec["table"])]


def _text(review: Review, name: str) -> Any:
    return str(review.sentences_declared[name])


def _comparison(review: Review, name: str) -> Any:
    return [review.comparison(name).to_markdown(), _table(review, name)]


def _claims(review: Review, name: str) -> Any:
    return [[claim_record(claim), claim.studies] for claim in review.ledger]


def _resource(review: Review, name: str) -> Any:
    return [[key, dict(row)] for key, row in review.package[name].rows.items()]


def _traces(review: Review, name: str) -> Any:
    return [trace_record(trace) for trace in review.traces()]


Kind = Callable[[Review, str], Any]
KINDS: dict[str, Kind] = {
    "value": _value,
    "table": _table,
    "figure": _figure,
    "comparison": _comparison,
    "text": _text,
    "claims": _claims,
    "resource": _resource,
    "traces": _traces,
}


class Fingerprints:
    """Digests of names for one review, each evaluated once.

    `everything` is a digest of all inputs, on which a name of another kind depends.
    """

    def __init__(self, review: Callable[[], Review], everything: str) -> None:
        self._review, self._everything = review, everything
        self._known: dict[str, str] = {}

    def __call__(self, asked: Iterable[str]) -> str:
        """SHA-256 over value and origins of every "kind:name" asked for.

        A name that no longer exists raises CompanionError: then the notebook must run to say so.
        """
        parts = {name: self._digest(name) for name in sorted(set(asked))}
        return sha256(json.dumps(parts, sort_keys=True).encode())

    def _digest(self, asked: str) -> str:
        if asked not in self._known:
            kind, _, name = asked.partition(":")
            self._known[asked] = self._evaluated(kind, name) if kind in KINDS else self._everything
        return self._known[asked]

    def _evaluated(self, kind: str, name: str) -> str:
        try:
            content = KINDS[kind](self._review(), name)
        except KeyError as error:
            raise CompanionError(f"there is no {kind} {error}") from None
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return sha256(text.encode())
