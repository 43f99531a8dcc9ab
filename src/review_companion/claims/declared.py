"""What a claim declares, in whichever file, quotes of the article, and says of its verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import CompanionError, nearest
from ..package.locators import problem
from ..package.numerals import Numeral, numerals
from ..package.published import Published, read_published
from ..package.yaml_nodes import place_of

PREFIX = "auto/"  # of the names of standing checks
COMMENTS = "because severity found concerns innocent settle changes matter label".split()
MOST_WORDS = 8
NEEDED = ("sections.csv", "numerals.csv", "keys.csv")
_TAG = re.compile(r"\{[{%#].*?[#%}]\}", re.DOTALL)
NAME = re.compile(r"(\b(Table|Figure|Fig\.) \d+|\b[A-Z]\w+( et al\.)? (19|20)\d\d)$")
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


def quotation_errors(claims: Iterable[DeclaredClaim], folder: Path) -> Iterator[CompanionError]:
    """What is wrong with fragments and notes, each with file and line.

    `folder` holds what was published; without it only the length of fragments is checked.
    """
    published = None
    if all((folder / name).is_file() for name in NEEDED):
        published = read_published(folder)
    for claim in claims:
        yield from _of_fragment(claim, published)
        for text in claim.sentences:
            figures = figures_in_digits(_TAG.sub("…", text))
            if typed := next((figure for figure in figures if not figure.cited), None):
                what = f"claim {claim.id}: the figure {typed.text} is typed in a note"
                hint = "name its value: {{ v('…') }}, {{ printed }} or {{ recomputed }}"
                yield CompanionError(what, where=place_of(text, claim.where), hint=hint)


def _of_fragment(claim: DeclaredClaim, published: Published | None) -> Iterator[CompanionError]:
    if not claim.fragment:
        return
    where = place_of(claim.fragment, claim.where)
    words = len(claim.fragment.split())
    is_cell = claim.section in published.tables if published else claim.section.startswith("table-")
    if words > MOST_WORDS and not is_cell:  # cells of tables are quoted whole
        what = f"claim {claim.id}: the fragment has {words} words; {MOST_WORDS} may be quoted"
        yield CompanionError(what, where=where, hint="keep the figure and the words around it")
    if published is None:
        return
    found = problem(claim.section, claim.fragment, published)
    if found:
        hint = None
        if claim.section not in published.sections:
            hint = nearest(claim.section, sorted(published.sections), "sections")
        what = f"claim {claim.id}: “{claim.fragment}” in {claim.section}: {found}"
        yield CompanionError(what, where=where, hint=hint)


def figures_in_digits(text: str) -> Iterator[Numeral]:
    """The numerals in digits that are data.

    The number of a table and the year after an author's name belong to names.
    """
    for numeral in numerals(text):
        named = NAME.search(text[: numeral.start] + numeral.text)
        if any(c.isdigit() for c in numeral.text) and not named:
            yield numeral
