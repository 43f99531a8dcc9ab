"""Makes a render verifiable: records of claims and traces, data in the page, checks and seals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CheckFailed
from ..evidence.appendix import LISTS, appendix, entries_in
from ..evidence.digests import file_digest, sha256
from ..evidence.page_data import ELEMENT, ENTRIES, pack_text, packed, page_data
from ..evidence.records import claims_text, values_text
from ..evidence.rendered_page import PAGES, Page, missing_cells, page_problems, seal, shown_texts
from ..evidence.untraced import FILE, SET_BY_PROGRAM, read_no_trace, untraced_by_heading
from ..review import Review
from ..typeset.metadata import Attachment, Payload
from ..writing import write_whole

KIND = "untraced"
MOST_PROBLEMS = 20
NO_TRAIL = (
    "no chapter shows the audit trail: numbers lead to no trace; add a chapter with"
    " `review_companion.evidence.appendix.appendix(review)` in a code cell"
)
UNTRACED = (
    'a number without a trace; take it from the data with `{python} v("…")`, or declare in '
    f"data/{FILE} why it is not data"
)


@dataclass(frozen=True)
class Records:
    """`claims.json`, `trace.json` and `values.json` as text."""

    claims: str
    traces: str
    values: str


def records(review: Review, traces: str) -> Records:
    """The records of a review, of which the traces are given."""
    return Records(claims_text(review), traces, values_text(review))


def payloads(
    review: Review, made: Records, inputs: str, outputs: Iterable[Mapping[str, Any]] | None
) -> tuple[Payload, ...]:
    """What the page carries; `inputs` is one digest over all inputs.

    `outputs` of the notebooks hold the entries of its numbers, where these are another volume's.
    """
    content = page_data(review, inputs, made.claims, made.traces)
    page = (Payload(ELEMENT, content.to_json()),)
    if outputs is None:
        return page
    shown = next((entries_in(each["data"]) for each in outputs if LISTS in each["data"]), None)
    return (*page, Payload(ENTRIES, pack_text(shown or appendix(review).html)))


def attachments(review: Review, made: Records) -> tuple[Attachment, ...]:
    """What the PDF carries: the data folder, the claims and the traces."""
    return (
        Attachment(
            "data.tar.bz2", packed(review.package.folder), "application/x-bzip2", "The data package"
        ),
        Attachment(
            "claims.json", made.claims.encode(), "application/json", "Every claim with its verdict"
        ),
        Attachment(
            "trace.json", made.traces.encode(), "application/json", "Every number with its trace"
        ),
    )


def read_pages(stage: Path) -> dict[str, Page]:
    """The pages of a render, by the name of their file."""
    paths = [stage / name for name in PAGES]
    return {path.name: Page(path.read_text("utf-8"), path.name) for path in paths if path.is_file()}


def seal_pages(stage: Path, pages: Mapping[str, Page], review: Review) -> None:
    """Compares the pages with the traces, and the traces with the data, then seals the pages.

    Raises CheckFailed where a page shows something traced that the data do not give, or that leads
    to no entry, and for a trace that names a cell which is not in the data. An engine that makes no
    single page has nothing to seal.
    """
    texts = shown_texts(review) if pages else {}
    problems = [
        f"{n}: {problem}" for n, page in pages.items() for problem in page_problems(page, texts)
    ]
    problems += missing_cells(review) if pages else []
    if problems:
        shown = "\n".join(problems[:MOST_PROBLEMS])
        raise CheckFailed(f"{shown}\n{len(problems)} problem(s); nothing was published")
    for name, page in pages.items():
        write_whole(stage / name, seal(page.text))


def untraced_numbers(
    pages: Mapping[str, Page], review: Review, cache: Cache, *, is_edition: bool
) -> tuple[str, ...]:
    """One line for each number on a page that is neither traced nor declared to be no data.

    A report without an audit trail gets a warning; an edition may leave it out. Pages that were
    read before are in the cache.
    """
    has_entries = any(page.has_entries for page in pages.values())
    if not pages or (is_edition and not has_entries):
        return ()
    found = [text for page in pages.values() for text in _untraced(page, review, cache)]
    more = [f"{len(found) - MOST_PROBLEMS} more"] if len(found) > MOST_PROBLEMS else []
    listed = [f"{text}: {UNTRACED}" for text in found[:MOST_PROBLEMS]]
    return (*(() if has_entries else (NO_TRAIL,)), *listed, *more)


def _untraced(page: Page, review: Review, cache: Cache) -> list[str]:
    declared = review.package.folder / FILE
    digest = file_digest(declared) if declared.is_file() else ""
    made_from = {"page": sha256(page.text.encode()), "declared": digest}

    def find() -> list[str]:
        kinds = (*SET_BY_PROGRAM, *read_no_trace(review.package.folder))
        return list(untraced_by_heading(page, kinds))

    return cache.once(KIND, made_from, find)
