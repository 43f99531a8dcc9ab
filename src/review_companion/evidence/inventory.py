"""What a report was made from: data and environment by SHA-256, programs by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..markup import templates
from ..review import Review
from .digests import combined, input_digests, locked_versions

PARTS = {
    "Data": ("data/",),
    "Locked environment": ("requirements.lock",),
}
PROGRAM = "review-companion"
NAMED = ("pypandoc-binary", "typst", "nbclient", "pandas", "matplotlib")
_TEMPLATES = templates(Path(__file__).parent / "templates")


@dataclass(frozen=True)
class Inventory:
    """`digests`: part -> SHA-256 over its files; `versions`: program, and library as locked."""

    digests: Mapping[str, str]
    versions: Mapping[str, str]

    def to_html(self) -> str:
        """Two tables."""
        return _TEMPLATES.get_template("inventory.html").render(inventory=self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        lines = [f"{name}: {digest}" for name, digest in self.digests.items()]
        return {"text/html": self.to_html(), "text/plain": "\n".join(lines)}


def inventory(review: Review) -> Inventory:
    """The inputs of the report's numbers; not the inputs that only typesetting reads."""
    digests = {part: combined(input_digests(review.root, names)) for part, names in PARTS.items()}
    locked = locked_versions(review.root / "requirements.lock")
    libraries = {name: locked[name] for name in NAMED if name in locked}
    return Inventory(digests, {PROGRAM: version(PROGRAM), **libraries})
