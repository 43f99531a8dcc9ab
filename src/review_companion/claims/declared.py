"""What claims declare, as lines of `claims.csv` or entries of `claims.yml`, quote and say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, starmap
from pathlib import Path
from typing import Any

from ..errors import CompanionError, nearest
from ..model import Verdict
from ..package.locators import problem as quotation_problem
from ..package.numerals import Numeral, numerals
from ..package.problems import Problem, errors
from ..package.published import Published, read_published
from ..package.tolerant_csv import read_file
from ..package.yaml_files import keys, read_yaml, require_allowed
from ..package.yaml_nodes import Node, Written, check_keys, place_of

PREFIX = "auto/"  # of the names of standing checks
COMMENTS = "because severity found concerns innocent settle changes matter label".split()
LINES, ENTRIES = "claims.csv", "claims.yml"
NEEDED = ("claim", "section", "fragment", "label", "check")
OPTIONAL = ("printed", "because", "basis")
HEADER = f"its first line is {','.join(NEEDED)}"
STANDING = "standing"
VERDICTS = tuple(map(str, Verdict))
PARTS = tuple(f"claim: {part}" for part in "place check verdict said inferred each".split())
TEXTS = tuple(key for key in keys(*PARTS) if key not in {"for-each", "readings", "studies"})
MOST_WORDS = 8
PUBLISHED = ("sections.csv", "numerals.csv", "keys.csv")
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


def is_standing(name: str) -> bool:
    """Whether a name is that of a standing check."""
    return name.startswith(PREFIX)


NamedClaim = tuple[str, DeclaredClaim | CompanionError]
Said = tuple[str, str, Any]  # the section above it, the name of a claim, what is said of it


def read_claims(folder: Path) -> tuple[NamedClaim, ...]:
    """The claims that a folder's two files declare, by section, or what is wrong with one.

    Raises CompanionError for a file that cannot be read.
    """
    found: dict[str, DeclaredClaim | CompanionError] = {}
    for section, name, spec in chain(_lines(folder), _entries(folder)):
        claim: DeclaredClaim | CompanionError
        try:
            claim = _comment(name, spec) if section == STANDING else _claim(section, name, spec)
        except CompanionError as error:
            claim = error
        if name in found and isinstance(claim, DeclaredClaim):
            first = getattr(found[name], "where", "")
            what, hint = f"{name} is in {first} already", "each claim has a name of its own"
            claim = CompanionError(what, where=claim.where, hint=hint)
            name = f"{name} again"
        found[name] = claim
    return tuple(by_part(found))


def by_part(found: Mapping[str, DeclaredClaim | CompanionError]) -> list[NamedClaim]:
    """Claims grouped by part of the article, and within it by section, in the files' order."""
    placed = list(_placed(found))
    parts = _order_of_parts(part for part, _, _ in placed)
    first: dict[str, int] = {}  # the place of each section
    for number, (_, section, _) in enumerate(placed):
        first.setdefault(section, number)
    placed.sort(key=lambda one: (parts.index(one[0]), first[one[1]]))
    return [named for _, _, named in placed]


def _placed(
    found: Mapping[str, DeclaredClaim | CompanionError],
) -> Iterator[tuple[str, str, NamedClaim]]:
    """Each claim with its part and section; what is wrong with one stays where the last one is."""
    part = section = ""
    for name, claim in found.items():
        if isinstance(claim, DeclaredClaim):
            section = "/".join(claim.section.split("/")[:2])
            part = section.split("/")[0]
        yield part, section, (name, claim)


def _order_of_parts(parts: Iterable[str]) -> list[str]:
    """Each part once; one that the second file alone has, after the one that it follows there."""
    order: list[str] = []
    before = ""
    for part in parts:
        if part not in order:
            order.insert(order.index(before) + 1 if before in order else 0, part)
        before = part
    return order


def _lines(folder: Path) -> Iterator[Said]:
    """The lines of `claims.csv`; nothing where there is no such file."""
    path = folder / LINES
    if not path.exists():
        return
    table, problems = read_file(path, (*NEEDED, *OPTIONAL))
    optional = {f'the column "{name}" is missing' for name in OPTIONAL}
    wrong = [p for p in errors(problems) if p.message not in optional]
    if wrong or table is None:
        raise _no_lines((wrong or problems)[0])
    for number, cells in table.rows:
        texts = {name: cell.strip() for name, cell in cells.items()}
        spec = Node((name, Written(text, LINES, number)) for name, text in texts.items() if text)
        spec.file, spec.line = LINES, number
        yield "", spec.pop("claim", spec.where), spec


def _no_lines(problem: Problem) -> CompanionError:
    """Why `claims.csv` cannot be read."""
    expected = f"expected {problem.expected}" if problem.expected else ""
    what = "; ".join(filter(None, [expected, problem.message]))
    if problem.value:
        what = f"“{problem.value}”: {what}"
    return CompanionError(what, where=f"{LINES}:{problem.row or 1}", hint=HEADER)


def _entries(folder: Path) -> Iterator[Said]:
    """The entries of `claims.yml`."""
    for section, group in read_yaml(folder / ENTRIES).items():
        if not isinstance(group, Node):
            hint = "a section holds claims, each with a name"
            where = place_of(group, ENTRIES)
            raise CompanionError(f"“{section}” must hold claims", where=where, hint=hint)
        for name, spec in group.items():
            yield section, name, spec


def _claim(section: str, name: str, spec: Any) -> DeclaredClaim:
    given = _given(name, spec, keys(*PARTS), "a claim")
    given.setdefault("section", section)
    quotes_cell = "of" in given and "fragment" not in given  # its locator has the fragment
    if "printed" not in given and not quotes_cell:
        text = given.get("fragment", "")
        given["fragment"], given["printed"] = split_marked(text, place_of(text, spec.where))
    if is_standing(name):
        what, hint = f"{name} is a name of a standing check", "comment on it under “standing:”"
        raise CompanionError(what, where=spec.where, hint=hint)
    return complete(DeclaredClaim(name, spec.where, **given))


def _comment(name: str, spec: Any) -> DeclaredClaim:
    """A comment of `claims.yml` on a standing check."""
    known = (*COMMENTS, *VERDICTS, "studies")
    given = _given(name, spec, known, "a comment on a standing check")
    if not is_standing(name):
        what, hint = f"“{name}” is not a standing check", f"such as {PREFIX}part/alpha-2001/old"
        raise CompanionError(what, where=spec.where, hint=hint)
    return DeclaredClaim(name, spec.where, **given)


def _given(name: str, spec: Any, known: Iterable[str], what: str) -> dict[str, Any]:
    """The fields of a claim that are given. Raises CompanionError for a faulty one."""
    if not isinstance(spec, Node):
        raise CompanionError(f"{what} must be a mapping", where=place_of(name, ENTRIES))
    if name == spec.where:
        raise CompanionError("the claim has no name", where=spec.where)
    check_keys(spec, known, what)
    require_allowed(spec, *PARTS)
    given: dict[str, Any] = {key: _text(spec[key]) for key in TEXTS if key in spec}
    notes = {key: given.pop(key) for key in VERDICTS if key in given}
    if "for-each" in spec:
        given["each"] = _text(spec["for-each"])
    if "studies" in spec:
        given["studies"] = tuple(spec["studies"])
    readings = tuple(starmap(_reading, spec.get("readings", {}).items()))
    return {**given, "notes": notes, "readings": readings}


def _reading(label: str, said: Any) -> Reading:
    if isinstance(said, Mapping):
        return Reading(label, _text(said["check"]), _text(said.get("printed", "")))
    return Reading(label, _text(said))


def _text(value: Any) -> str:
    """A text; a number as it is written."""
    return value if isinstance(value, str) else Written(str(value))


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
    forms = [name for name in ("readings", "judged", "because") if getattr(claim, name)]
    if forms == ["readings"] and claim.check:
        forms = ["check", "readings"]
    if len(forms) > 1:
        what = f"{' and '.join(forms)} exclude each other"
        hint = "a claim has a check, or readings, or a judgement, or a reason why there is none"
        raise CompanionError(what, where=claim.where, hint=hint)
    if claim.of and not claim.each:
        raise CompanionError("“of” goes with “for-each”", where=claim.where)
    return claim


def quotation_errors(claims: Iterable[DeclaredClaim], folder: Path) -> Iterator[CompanionError]:
    """What is wrong with fragments and notes, each with file and line.

    `folder` holds what was published; without it only the length of fragments is checked.
    """
    published = None
    if all((folder / name).is_file() for name in PUBLISHED):
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
    found = quotation_problem(claim.section, claim.fragment, published)
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
