"""Writes the crate of a finished render; when it ran stands in `build/run.json` alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..evidence.digests import sha256
from ..evidence.manifest import CRATE, read_manifest
from ..evidence.records import every_trace
from ..evidence.run_crate import README, WORKFLOW, crate_text
from ..review import Review
from ..typeset.config import Book
from ..writing import write_whole
from .settings import Settings

CONFIGURATION = "_quarto.yml"


ABOUT = """# {title}

{description}.

- `companion.html` is the report: one file, no network. `companion.pdf` is the same for paper.
- `audit.html` and `audit.pdf`, where there are such, hold every statement and every trace.
- `tables/`, `figures/`: what the report shows, as files. Cells are the text that a reader sees,
  nothing added: one that begins with `=`, `+`, `-` or `@` is text, and a spreadsheet program is to
  be told so (import the columns as text).
- `claims.json`: every checked statement with its verdict and the cells behind it.
- `values.json`, `trace.json`: every number with its formula and the cells that it came from.
- `manifest.json`: SHA-256 of every input and output. `ro-crate-metadata.json`: the same run as a
  research object; `workflow.yml` is the configuration that was rendered.

`companion verify` in this folder's project recomputes all of it and says what differs;
`companion verify companion.html` checks the page by itself. That proves that its numbers and
verdicts follow from the data that it carries, and that it was not damaged; not that nobody rewrote
its prose and sealed it anew. Against that stand manifest and crate, and the project itself.
"""


def write_about(root: Path, stage: Path, book: Book) -> None:
    """What the folder holds, and the configuration that names the notebooks in order."""
    about = ABOUT.format(title=book.title, description=_description(book))
    write_whole(stage / README, about)
    write_whole(stage / WORKFLOW, (root / CONFIGURATION).read_bytes())


def run_of(
    settings: Settings,
    book: Book,
    review: Review,
    executed: Mapping[str, str],
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """What the manifest says of the run: what was asked for, what was executed with what."""
    return {
        **settings.run,
        "title": book.title,
        "description": _description(book),
        "executed": [[name, sha256(text.encode())] for name, text in executed.items()],
        "values": {**review.parameters, **parameters},
    }


def crate_of(review: Review, manifest: Mapping[str, Any]) -> str:
    """The crate of a folder with this manifest, whose data the review holds."""
    read = {origin.resource for trace in every_trace(review) for origin in trace.result.read}
    return crate_text(review.package, manifest, sorted(read))


def write_crate(stage: Path, review: Review) -> None:
    """Writes the crate of a folder whose manifest is finished."""
    write_whole(stage / CRATE, crate_of(review, read_manifest(stage)))


def _description(book: Book) -> str:
    return book.subtitle or book.description or book.title
