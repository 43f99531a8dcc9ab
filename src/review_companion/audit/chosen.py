"""The audit entries of some traces only: for an edition that shows few numbers."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Trace
from ..review import Review
from .appendix import Appendix
from .entries import Entry, entry
from .places import Places


def chosen(review: Review, traces: Iterable[Trace]) -> Appendix:
    """An appendix of these traces, in the form of the report's own."""
    places = Places(review.package)
    claims = {f"claim/{claim.id}": claim for claim in review.ledger}
    groups: dict[str, list[Entry]] = {}
    for trace in traces:
        made = entry(trace, review.package, places, claims.get(trace.name))
        groups.setdefault(made.group, []).append(made)
    titles = {name: str(spec.get("caption", "")) for name, spec in review.tables_declared.items()}
    return Appendix({name: tuple(found) for name, found in groups.items()}, titles)
