"""All claims of a ledger; `for-each` and standing checks make one for each row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from ..errors import CompanionError, nearest
from ..expressions import Evaluator, Reads, RowRef
from ..expressions.evaluator import identifier
from ..expressions.templates import TrackedRow, fill
from ..model import EVERY, Origin
from ..package.locators import occurrences
from ..package.numerals import numbers_printed, numerals
from ..package.package import Package
from ..package.yaml_nodes import Written, place_of
from .declared import DeclaredClaim, NamedClaim, by_part, complete, split_marked
from .standing import standing_checks

FILLED = ("id", "section", "fragment", "printed", "label", "matter", "found")
KEY = "key"
_ROW = re.compile(r"\brow(?=\.\w)")


@dataclass(frozen=True)
class MadeClaim:
    """A claim, and the row that makes it, if one does.

    `cells` chose the row or occur in the claim's words.
    """

    claim: DeclaredClaim
    row: RowRef | None = None
    cells: frozenset[Origin] = frozenset()

    @property
    def rests_on(self) -> tuple[object, ...]:
        """All that its verdict rests on besides what is evaluated for it."""
        return self.claim, self.row and (self.row.resource.name, self.row.key), self.cells

    def in_words(self, formula: str) -> str:
        """A formula with the row's key in place of `row`, as a reader sees it."""
        if self.row is None or re.search(r"\bfor row in\b", formula):
            return formula
        resource, key = self.row.resource, f'"{self.row.key}"'
        row = f"{identifier(resource.name)}[{key}]"
        # by functions: in a text, re.sub would read a backslash of the key as its own
        formula = re.sub(rf"\brow\.{re.escape(resource.key)}\b", lambda _: key, formula)
        return _ROW.sub(lambda _: row, formula)


LedgerEntry = tuple[str, MadeClaim | CompanionError]
Comments = Mapping[str, DeclaredClaim | CompanionError]


def ledger_entries(
    evaluator: Evaluator, declared: Iterable[NamedClaim], comments: Comments
) -> list[LedgerEntry]:
    """Every claim, those of `for-each` row by row, standing checks last in their section."""
    checks = {made.claim.id: made for made in _standing_claims(evaluator, comments)}
    found = {
        **_declared_claims(evaluator, declared),
        **checks,
        **_faulty_comments(comments, checks),
    }
    claims = {n: made.claim if isinstance(made, MadeClaim) else made for n, made in found.items()}
    return [(name, found[name]) for name, _ in by_part(claims)]


def _declared_claims(
    evaluator: Evaluator, declared: Iterable[NamedClaim]
) -> dict[str, MadeClaim | CompanionError]:
    """The claims of the two files, by name, or what is wrong with one."""
    found: dict[str, MadeClaim | CompanionError] = {}
    for name, claim in declared:
        try:
            for made in _made_by(claim, evaluator):
                if made.claim.id in found:
                    what = f"{made.claim.id}: there is a claim of this name already"
                    hint = "the name of a claim of each row holds {{ row.key }}, or a column"
                    hint = hint if made.row else "each claim has a name of its own"
                    raise CompanionError(what, where=made.claim.where, hint=hint)
                found[made.claim.id] = made
        except CompanionError as error:
            found[name] = error
    return found


def _made_by(claim: DeclaredClaim | CompanionError, evaluator: Evaluator) -> list[MadeClaim]:
    """The claim itself, or one for each row of its `for-each`."""
    if isinstance(claim, CompanionError):
        raise claim
    if not claim.each:
        return [MadeClaim(claim)]
    rows = list(claims_of(claim, evaluator))
    if not rows:
        what = f"for-each of {claim.id} selects no row"
        where = place_of(claim.each, claim.where)
        raise CompanionError(what, where=where, hint="correct or remove it")
    return rows


def _faulty_comments(comments: Comments, checks: Collection[str]) -> dict[str, CompanionError]:
    """What is wrong with comments on standing checks; there may be no check of that name."""
    found: dict[str, CompanionError] = {}
    for name, comment in comments.items():
        if isinstance(comment, CompanionError):
            found[name] = comment
        elif name not in checks:
            what, hint = f"no standing check is named {name}", nearest(name, checks, "known")
            found[name] = CompanionError(what, where=comment.where, hint=hint)
    return found


def _standing_claims(evaluator: Evaluator, comments: Comments) -> Iterator[MadeClaim]:
    """The claims of the standing checks, with the comments of `claims.yml`."""
    for check in standing_checks(evaluator.package):
        rows: list[MadeClaim] = []
        with suppress(CompanionError):  # a word of the rule that no row of this table holds
            rows = list(claims_of(check, evaluator))
        for made in rows:
            comment = comments.get(made.claim.id)
            if isinstance(comment, DeclaredClaim):
                made = replace(made, claim=made.claim.commented(comment))
            yield made


class _Cells(TrackedRow):
    """The cells of a row for a template; `key` is the row's key with hyphens alone."""

    def __getitem__(self, path: str) -> str:
        return self._row.key.replace("/", "-") if path == KEY else super().__getitem__(path)


def claims_of(claim: DeclaredClaim, evaluator: Evaluator) -> Iterator[MadeClaim]:
    """A claim for each row that `for-each` selects."""
    chosen = evaluator.rows(claim.each)
    looked: dict[tuple[str, str], set[Origin]] = {}
    for origin in chosen.reads.read | chosen.reads.looked:
        looked.setdefault(origin[:2], set()).add(origin)
    for row in chosen.rows:
        reads = Reads()
        cells = _Cells(evaluator.package, reads, row)
        made = _filled(claim, row, cells, evaluator.package)
        chose = looked.get((row.resource.name, row.key), set())
        searched = looked.get((row.resource.name, EVERY), set())
        found = {row.origin(origin.column) for origin in searched}
        yield MadeClaim(made, row, frozenset(chose | found | reads.read))


def _filled(claim: DeclaredClaim, row: RowRef, cells: _Cells, package: Package) -> DeclaredClaim:
    names = {"row": cells}
    texts = {name: text for name in FILLED if (text := getattr(claim, name))}
    given: dict[str, Any] = {n: _fill(text, names, claim.where) for n, text in texts.items()}
    if claim.of:
        given |= _of_cell(claim, row, cells, package, "printed" in given)
    elif "printed" not in given and "fragment" in given:
        given["fragment"], given["printed"] = split_marked(given["fragment"], claim.where)
    return complete(replace(claim, each="", of="", **given))


def _fill(text: str, names: Mapping[str, Any], where: str) -> str:
    filled = " ".join(fill(text, names, where).split())
    return Written(filled, text.file, text.line) if isinstance(text, Written) else filled


def _of_cell(
    claim: DeclaredClaim, row: RowRef, cells: _Cells, package: Package, has_printed: bool
) -> dict[str, str]:
    """Where the cell is printed, and how; the cell itself as the check where none is given."""
    where = place_of(claim.of, claim.where)
    if claim.of not in row.resource.columns:
        hint = nearest(claim.of, row.resource.columns, "its columns")
        raise CompanionError(
            f"{row.resource.name} has no column “{claim.of}”", where=where, hint=hint
        )
    origin = row.origin(claim.of)
    locator = package.locator(origin)
    if locator is None:
        what = f"{origin} has no place in the article"
        raise CompanionError(what, where=where, hint="it needs a source, section and fragment")
    found = {"section": locator.section, "fragment": locator.fragment}
    if not has_printed:
        found["printed"] = printed_in(locator.fragment, cells, claim.of)
        if not found["printed"]:
            what = f"the fragment “{locator.fragment}” does not print what {origin} holds"
            raise CompanionError(what, where=where)
    return found if claim.check or claim.because else {**found, "check": f"row.{claim.of}"}


def printed_in(fragment: str, cells: _Cells, column: str) -> str:
    """The only figure of a fragment, or the one that equals the cell; "" if there is none."""
    figures = [numeral.text for numeral in numerals(fragment)]
    if len(figures) == 1:
        return figures[0]
    cell = cells[column]
    fitting = (figure for figure in figures if numbers_printed(figure)[cell])
    return next(fitting, cell if occurrences(cell, [fragment]) else "")
