"""Data and environment of a report by SHA-256, program and libraries by version."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from ..review import Review
from .digests import combined, input_digests
from .manifest import locked_versions

PARTS = {
    "Data": ("data/",),
    "Locked environment": ("requirements.lock",),
}
PROGRAM = "review-companion"
NAMED = ("pypandoc-binary", "typst", "nbclient", "pandas", "matplotlib")


@dataclass(frozen=True)
class Inventory:
    """`digests`: part -> SHA-256 over its files; `versions`: program, and library as locked."""

    digests: Mapping[str, str]
    versions: Mapping[str, str]

    def to_html(self) -> str:
        """Two tables."""
        digests = {
            name: f"<code>{' '.join(_split(digest))}</code>"
            for name, digest in self.digests.items()
        }
        versions = {name: html.escape(version) for name, version in self.versions.items()}
        return (
            f"{_table('Part', 'SHA-256 over its files', digests)}\n"
            f"{_table('Program or library', 'Version', versions)}"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        lines = [f"{name}: {digest}" for name, digest in self.digests.items()]
        return {"text/html": self.to_html(), "text/plain": "\n".join(lines)}


def inventory(review: Review) -> Inventory:
    """What every number of the report is made from; nothing else that a render reads."""
    files = input_digests(review.root)
    digests = {
        part: combined({name: value for name, value in files.items() if name.startswith(names)})
        for part, names in PARTS.items()
    }
    locked = locked_versions(review.root / "requirements.lock")
    libraries = {name: locked[name] for name in NAMED if name in locked}
    return Inventory(digests, {PROGRAM: version(PROGRAM), **libraries})


def _split(digest: str) -> list[str]:
    return [digest[at : at + 16] for at in range(0, len(digest), 16)]


def _table(head: str, other: str, rows: Mapping[str, str]) -> str:
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{text}</td></tr>' for name, text in rows.items()
    )
    return (
        f'<table class="inventory"><thead><tr><th scope="col">{head}</th>'
        f'<th scope="col">{other}</th></tr></thead><tbody>{body}</tbody></table>'
    )
