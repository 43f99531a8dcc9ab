"""What a ledger asks: every declared claim, and every row of the standing checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from ..errors import CompanionError
from ..expressions import Evaluator
from ..package.package import Package
from .declared import Declared, nearest, place_of
from .each import Made, claims_of
from .read import Named, by_part
from .standing import standing

Asked = tuple[str, Declared | CompanionError, Made | None]
Comments = Mapping[str, Declared | CompanionError]


def asked(
    package: Package, evaluator: Evaluator, declared: Iterable[Named], comments: Comments
) -> list[Asked]:
    """Every claim, those of `for-each` row by row, standing checks last in their section."""
    found: dict[str, tuple[Declared | CompanionError, Made | None]] = {}
    for name, claim in declared:
        if not isinstance(claim, Declared) or not claim.each:
            found[name] = claim, None
            continue
        try:
            for made in _rows(claim, evaluator):
                if made.claim.id in found:
                    what = f"{made.claim.id}: a claim of this name stands already"
                    raise CompanionError(what, where=claim.where)
                found[made.claim.id] = made.claim, made
        except CompanionError as error:
            found[name] = error, None
    checks = {made.claim.id: made for made in _standing(package, evaluator, comments)}
    found |= {name: (made.claim, made) for name, made in checks.items()}
    for name, comment in comments.items():
        if name not in checks and isinstance(comment, Declared):
            what, hint = f"no standing check is named {name}", nearest(name, checks, "known")
            comment = CompanionError(what, where=comment.where, hint=hint)
        if isinstance(comment, CompanionError):
            found[name] = comment, None
    order = by_part({name: claim for name, (claim, _) in found.items()})
    return [(name, *found[name]) for name, _ in order]


def _rows(claim: Declared, evaluator: Evaluator) -> list[Made]:
    rows = list(claims_of(claim, evaluator))
    if not rows:
        what, hint = f"for-each of {claim.id} selects no row", "correct or remove it"
        raise CompanionError(what, where=place_of(claim.each, claim.where), hint=hint)
    return rows


def _standing(package: Package, evaluator: Evaluator, comments: Comments) -> Iterator[Made]:
    """What the standing checks ask of each row, with what is said of it in `claims.yml`."""
    for check in standing(package):
        rows: list[Made] = []
        with suppress(CompanionError):  # a word of the rule that no row of this table holds
            rows = list(claims_of(check, evaluator))
        for made in rows:
            comment = comments.get(made.claim.id)
            if isinstance(comment, Declared):
                made = replace(made, claim=made.claim.commented(comment))
            yield made
