"""Commands of the audit: verify, explain, index, locate, coverage, suggest."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import CompanionError
from . import project_root, project_root_if_any, shortest

PUBLISHED = Path("report/rendered")
PROVES = (
    "a page alone shows that its numbers and verdicts follow from its data and that it is "
    "undamaged, not that nobody rewrote its prose: for that, verify its folder in the project"
)


def verify(arguments: argparse.Namespace) -> int:
    """Prints what differs, one line each; 1 if anything does."""
    from ..verify.folder import verify_folder
    from ..verify.recomputed import verify_page

    root = project_root_if_any(arguments)
    path = arguments.report or (root or Path()) / PUBLISHED
    if not path.exists():
        hint = "run `companion render`"
        raise CompanionError("there is nothing here", where=str(path), hint=hint)
    if path.is_file():
        outcome = verify_page(path)
        outcome.notes.append(PROVES)
    else:
        outcome = verify_folder(path, root, rerender=not arguments.no_render)
    print(*outcome.problems, sep="\n", end="\n" if outcome.problems else "")
    print(*outcome.notes, sep="\n", end="\n" if outcome.notes else "", file=sys.stderr)
    count = len(outcome.problems)
    print(f"{shortest(path)}: {f'{count} problem(s)' if count else 'verified, nothing differs'}")
    return 1 if count else 0


def explain(arguments: argparse.Namespace) -> int:
    """Prints the trace of a value, table cell or claim."""
    from ..evidence.explain import explain as explained
    from ..evidence.explain import read_rendered
    from ..review import open_review

    root = project_root(arguments)
    page = read_rendered(root / PUBLISHED / "companion.html")
    print(explained(open_review(root), arguments.name, page), end="")
    return 0


def index(arguments: argparse.Namespace) -> int:
    """Writes data/published/sections.csv (to be corrected by hand) and numerals.csv."""
    from ..exchange.indexing import index as indexed
    from ..writing import write_files

    folder = project_root(arguments) / "data" / "published"
    files = indexed(arguments.article, folder)
    write_files(files)
    same = "nothing to write: the index is that of this text"
    print(*([f"wrote {shortest(path)}" for path in files] or [same]), sep="\n")
    if folder / "sections.csv" in files:
        print("look through sections.csv, correct it, and run this again")
    return 0


def locate(arguments: argparse.Namespace) -> int:
    """Prints every fragment that is not printed where the data say; 1 if there is one."""
    from ..exchange.indexing import article_text
    from ..package.locators import check_locators
    from ..package.package import load_package
    from ..package.published import read_published

    folder = project_root(arguments) / "data"
    published = read_published(folder / "published")
    article = article_text(arguments.article) if arguments.article else None
    findings = check_locators(load_package(folder), published, article)
    print(*findings, sep="\n", end="\n" if findings else "")
    print(f"{len(findings)} place(s) that do not hold")
    return 1 if findings else 0


def coverage(arguments: argparse.Namespace) -> int:
    """Prints each numeral of the article that nothing accounts for; 1 if there is one."""
    from ..package.locators import unaccounted
    from ..review import open_review

    review = open_review(project_root(arguments))
    found = unaccounted(review.package, review.ledger)
    for entry in found.entries:
        context = f"{entry.before} [{entry.numeral}] {entry.after}"
        print(f"{entry.section}: {context} (numeral {entry.entry})")
    for name, rule in found.idle:
        rule_text = ", ".join(f"{column}: {pattern}" for column, pattern in rule.items())
        print(f"exceptions.yml: a rule of “{name}” fits nothing: {rule_text}")
    print(f"{len(found.entries)} of {found.total} numerals are not accounted for")
    return 1 if found.entries or found.idle else 0


def suggest(arguments: argparse.Namespace) -> int:
    """Prints lines for claims.csv; other expressions with the same value go to stderr."""
    from ..exchange.indexing import suggest as suggested
    from ..package.files import csv_text
    from ..review import open_review

    proposed = list(suggested(open_review(project_root(arguments))))
    for found in proposed:
        print(csv_text([found.line]), end="")
        name, *_ = found.line
        if others := [candidate.check for candidate in found.candidates[1:]]:
            print(f"  {name}: or {', or '.join(others[:3])}", file=sys.stderr)
    print(
        f"{len(proposed)} claim(s) proposed: append those that are meant to claims.csv",
        file=sys.stderr,
    )
    return 0
