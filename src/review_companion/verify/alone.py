"""Verifies a page by itself: recomputes its numbers and verdicts from the data it carries."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from ..errors import CompanionError
from ..evidence.appendix import appendix
from ..evidence.digests import folder_digest, sha256
from ..evidence.page_check import entry_problems, page_problems, shown_texts
from ..evidence.page_data import ELEMENT, from_json
from ..evidence.records import claims_text, traces_text
from ..evidence.rendered_page import SEAL, Page, seal_problem
from ..package.files import read_text
from ..temporary import prefix


@dataclass
class Verification:
    """The result of a verification; `notes` say what was checked, or could not be."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify_page(path: Path) -> Verification:
    """Verifies a page alone: no network, no project.

    Raises CompanionError where the file cannot be read at all, or is not the page of a report.
    """
    outcome = Verification()
    page = Page(read_text(path))
    if ELEMENT not in page.carried and not SEAL.search(page.text):
        raise CompanionError(
            "is not a page that can be checked: it has no seal and carries no data",
            where=str(path),
            hint="give a rendered folder or its companion.html; of an edition, its folder",
        )
    sealed = seal_problem(page.text)
    if sealed:
        outcome.problems.append(f"{path.name}: {sealed}")
    if ELEMENT not in page.carried:
        outcome.problems.append(f"{path.name}: the page carries no data to check it with")
        return outcome
    with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
        try:
            _verify(page, path.name, Path(folder), outcome)
        except CompanionError as error:
            outcome.problems.append(f"{path.name}: the data that it carries: {error}")
    return outcome


def _verify(page: Page, name: str, folder: Path, outcome: Verification) -> None:
    carried = from_json(page.carried[ELEMENT])
    review = carried.unpacked(folder)
    problems = []
    if folder_digest(folder / "data") != carried.data:
        problems.append("the data that it carries are not those whose digest it names")
    problems += page_problems(page, shown_texts(review))
    if carried.program != version("review-companion"):
        made = f"{name} was made by version {carried.program} of this program"
        outcome.notes.append(f"{made}: the texts of the appendix were not compared")
    else:
        for what, text, digest in (
            ("statements", claims_text(review), carried.claims),
            ("traces", traces_text(review), carried.traces),
        ):
            if sha256(text.encode()) != digest:
                said = f"the {what} recomputed are not those whose digest the page carries"
                problems.append(said)
        if page.has_entries:
            problems += entry_problems(page.entries, appendix(review).to_html())
        else:
            outcome.notes.append(f"{name} has no audit appendix")
    outcome.problems += [f"{name}: {problem}" for problem in problems]
    outcome.notes.append(
        f"{len(page.shown)} traced pieces of text and {len(review.ledger.claims)} statements "
        "recomputed from the data that the page carries"
    )
