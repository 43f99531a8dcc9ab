"""What makes a render checkable: records of claims and traces, data carried, a page that holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..audit.carried import ELEMENT, carried, pack
from ..audit.page import Page, seal
from ..audit.page_check import page_problems, shown_texts, unresolved
from ..audit.records import claims_text, every_trace, traces_text, values_text
from ..audit.untraced import FILE, read_no_trace, untraced_by_heading
from ..errors import CheckFailed
from ..render.protocol import Attachment, Payload
from ..review import Review
from .cache import write_whole

PAGE = "companion.html"
MOST_PROBLEMS = 20
UNTRACED = (
    'a number without a trace; take it from the data with `{python} v("…")`, or declare in '
    f"data/{FILE} why it is no datum"
)


@dataclass(frozen=True)
class Records:
    """`claims.json`, `trace.json` and `values.json` as text."""

    claims: str
    traces: str
    values: str


def records(review: Review) -> Records:
    """The records of a review."""
    return Records(claims_text(review), traces_text(review), values_text(review))


def payload(review: Review, made: Records, inputs: str) -> Payload:
    """What the page carries; `inputs` is one digest over all inputs."""
    content = carried(
        review.package.folder,
        inputs,
        made.claims,
        made.traces,
        {k: v for k, v in review.parameters.items() if v != review.defaults[k]},
        review.beside,
    )
    return Payload(ELEMENT, content.to_json())


def attachments(review: Review, made: Records) -> tuple[Attachment, ...]:
    """What the PDF carries: the data folder and the claims."""
    return (
        Attachment(
            "data.tar.bz2", pack(review.package.folder), "application/x-bzip2", "The data package"
        ),
        Attachment(
            "claims.json", made.claims.encode(), "application/json", "Every claim with its verdict"
        ),
    )


def seal_page(stage: Path, review: Review) -> None:
    """Holds the page against the traces, and the traces against the data, then seals the page.

    Raises CheckFailed where the page shows something traced that the data do not give, or that
    leads to no entry, and for a trace that names a cell which is not in the data. An engine that
    makes no single page has nothing to hold.
    """
    path = stage / PAGE
    if not path.is_file():
        return
    page = Page(path.read_text("utf-8"))
    problems = [f"{PAGE}: {problem}" for problem in page_problems(page, shown_texts(review))]
    problems += unresolved(review, every_trace(review))
    if problems:
        shown = "\n".join(problems[:MOST_PROBLEMS])
        raise CheckFailed(f"{shown}\n{len(problems)} problem(s); nothing was published")
    write_whole(path, seal(page.text))


def untraced_numbers(stage: Path, review: Review) -> tuple[str, ...]:
    """One line for each number on the page that is neither traced nor declared to be no datum.

    Not asked of an edition without the audit trail, nor where the review declares nothing.
    """
    path, kinds = stage / PAGE, read_no_trace(review.package.folder)
    if not kinds or not path.is_file():
        return ()
    page = Page(path.read_text("utf-8"))
    if not page.has_entries:
        return ()
    found = list(untraced_by_heading(page.text, kinds))
    more = [f"{len(found) - MOST_PROBLEMS} more"] if len(found) > MOST_PROBLEMS else []
    return (*(f"{text}: {UNTRACED}" for text in found[:MOST_PROBLEMS]), *more)
