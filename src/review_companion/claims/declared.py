"""What a claim declares, whether as a line of `claims.csv` or as an entry of `claims.yml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..errors import CompanionError

PREFIX = "auto/"  # of the names of standing checks
COMMENTS = "because severity found concerns innocent settle changes matter label".split()
MARK = "*"
MARK_HINT = "put the printed figure between asterisks: “yielded *194* articles”"


@dataclass(frozen=True)
class Reading:
    """One way to read a statement: in words, and the expression that it comes to."""

    label: str
    check: str
    printed: str = ""


@dataclass(frozen=True)
class DeclaredClaim:
    """A claim as it is written. What is empty is inferred, or does not apply to the claim.

    `notes` maps a verdict to its explanation; `severity`, `innocent`, `settle` and `changes` apply
    to these verdicts, or to every finding where there are none. `each` selects rows, each of which
    makes a claim, `of` names the column whose cell such a claim is about. A standing check may have
    a `doubt` (where that holds, a failure is ambiguous rather than inconsistent), and may be a
    `bound`, which makes a claim only where it is broken.
    """

    id: str
    where: str
    section: str = ""
    fragment: str = ""
    printed: str = ""
    label: str = ""
    check: str = ""
    readings: tuple[Reading, ...] = ()
    judged: str = ""
    because: str = ""
    basis: str = ""
    studies: tuple[str, ...] | None = None
    matter: str = ""
    found: str = ""
    concerns: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    severity: str = ""
    innocent: str = ""
    settle: str = ""
    changes: str = ""
    each: str = ""
    of: str = ""
    doubt: str = ""
    bound: bool = False

    def commented(self, comment: DeclaredClaim) -> DeclaredClaim:
        """A standing check, extended by what `claims.yml` says about it."""
        said = {name: text for name in COMMENTS if (text := getattr(comment, name))}
        studies = self.studies if comment.studies is None else comment.studies
        notes = {**self.notes, **comment.notes}
        return replace(self, **said, notes=notes, studies=studies, where=comment.where)

    @property
    def checks(self) -> tuple[str, ...]:
        """Every expression of the claim."""
        return tuple(filter(None, (self.check, *(r.check for r in self.readings))))

    @property
    def sentences(self) -> Iterator[str]:
        """What the claim says in sentences of its own."""
        said = (self.because, *self.notes.values(), self.innocent, self.settle, self.changes)
        return filter(None, said)


def split_marked(text: str, where: str) -> tuple[str, str]:
    """A fragment without its marks, and the printed figure between them.

    Raises CompanionError unless exactly one figure is marked.
    """
    parts = text.split(MARK)
    if len(parts) == 3 and parts[1].strip():
        return "".join(parts), parts[1].strip()
    what = {
        1: "printed is missing: nothing in the fragment is marked",
        2: "a mark is opened in the fragment and not closed",
        3: "there is nothing between the marks of the fragment",
    }.get(len(parts), "more than one figure is marked in the fragment")
    raise CompanionError(what, where=where, hint=MARK_HINT)


def complete(claim: DeclaredClaim) -> DeclaredClaim:
    """The claim, after a check that it is complete. Raises CompanionError with its place."""
    for name in ("section", "label"):
        if not getattr(claim, name) and not claim.of:
            raise CompanionError(f"{name} is missing", where=claim.where)
    if not claim.printed and not claim.of:
        raise CompanionError("printed is missing", where=claim.where, hint=MARK_HINT)
    forms = [n for n in ("readings", "judged", "because") if getattr(claim, n)]
    if len(forms) > 1 or (claim.check and claim.readings):
        hint = "a claim has a check, or readings, or a judgement, or a reason why there is none"
        found = forms if len(forms) > 1 else ["check", "readings"]
        raise CompanionError(
            f"{' and '.join(found)} exclude each other", where=claim.where, hint=hint
        )
    if claim.of and not claim.each:
        raise CompanionError("“of” goes with “for-each”", where=claim.where)
    return claim
