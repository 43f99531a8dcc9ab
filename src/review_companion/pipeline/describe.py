"""What a report says about itself: title, authors, version, the run, the crate."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..evidence.digests import CRATE, read_manifest, sha256
from ..evidence.records import every_trace
from ..evidence.run_crate import README, WORKFLOW, crate_text
from ..package.files import PROJECT_FILE
from ..review import Review
from ..typeset.config import Book
from ..typeset.metadata import Metadata
from ..writing import write_whole
from .inputs import Inputs
from .settings import Settings

ABOUT = Path(__file__).with_name("about.md")


def describe(settings: Settings, book: Book, review: Review, inputs: Inputs) -> Metadata:
    """Release, date and digest of the data, citation, and the one time that reaches a file."""
    descriptor = review.package.descriptor
    created = str(descriptor.get("created", "1980-01-01"))[:10]
    version = str(descriptor.get("version", ""))
    author = ", ".join(book.authors)
    return Metadata(
        version=version,
        data_date=created,
        digest=inputs.data,
        citation=" ".join(
            [
                f"{author} ({created[:4]}).",
                *(_ended(part) for part in (book.title, book.subtitle) if part),
                f"Version {version}, data as of {created}.",
                *(f"Accompanies doi:{doi}." for doi in _reviewed(review)),
            ]
        ),
        licence=_licence(descriptor),
        timestamp=_timestamp(created),
        edition=book.edition,
    )


def _licence(descriptor: Mapping[str, Any]) -> str:
    """The licences that the data package declares, by name, else by title or address."""
    declared = descriptor.get("licenses") or []
    names = (next(filter(None, map(each.get, ("name", "title", "path"))), "") for each in declared)
    return ", ".join(filter(None, map(str, names)))


def _reviewed(review: Review) -> list[str]:
    """The DOI of the review itself, the first of the sources, if it has one."""
    sources = review.package.resources.get("sources")
    rows = [*sources.rows.values()] if sources else []
    return [row["doi"] for row in rows[:1] if row.get("doi")]


def _ended(title: str) -> str:
    """A title as a sentence: one that ends with a mark of its own gets no full stop."""
    return title if title.endswith((".", "?", "!", "…")) else f"{title}."


def _timestamp(created: str) -> int:
    """Seconds since 1970: `SOURCE_DATE_EPOCH`, else the data package's release date."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return int(epoch)
    return int(datetime.fromisoformat(created).replace(tzinfo=UTC).timestamp())


def write_about(root: Path, stage: Path, book: Book) -> None:
    """What the folder holds, and the configuration that names the notebooks in order."""
    about = ABOUT.read_text("utf-8").format(title=book.title, description=_description(book))
    write_whole(stage / README, about)
    write_whole(stage / WORKFLOW, (root / PROJECT_FILE).read_bytes())


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
