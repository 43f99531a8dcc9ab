"""The audit entries of some traces only: for an edition that shows few numbers."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Trace
from ..review import Review
from .appendix import Appendix, grouped
from .entries import entry
from .places import Places


def chosen(review: Review, traces: Iterable[Trace]) -> Appendix:
    """An appendix of these traces, in the form of the report's own."""
    places = Places(review.package)
    claims = {f"claim/{claim.id}": claim for claim in review.ledger}
    found = (entry(t, review.package, places, claims.get(t.name)) for t in traces)
    return grouped(review, found)
