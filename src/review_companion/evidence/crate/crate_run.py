"""What a crate describes, and the small parts of JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...package.package import Package

Entity = dict[str, Any]

WORKFLOW = "workflow.yml"
README = "README.md"
ORGANISATION = "#contributors"
ENGINE = "#review-companion"
TYPESETTING = "#typesetting"
OUTPUTS = {"page": "companion.html", "pdf": "companion.pdf", "traces": "trace.json"}


@dataclass(frozen=True)
class Run:
    """What the crate describes: all of it follows from the data package and the manifest."""

    package: Package
    manifest: Mapping[str, Any]
    derived_from: Sequence[str] = field(default=())

    @property
    def title(self) -> str:
        return str(self.manifest["run"]["title"])

    @property
    def description(self) -> str:
        return str(self.manifest["run"]["description"])

    @property
    def executed(self) -> Mapping[str, str]:
        """Notebook -> SHA-256 of its executed copy, in reading order."""
        return dict(self.manifest["run"]["executed"])

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Every parameter, at its default or not."""
        found: Mapping[str, Any] = self.manifest["run"]["values"]
        return found

    @property
    def version(self) -> str:
        return str(self.package.descriptor.get("version", ""))

    @property
    def licence(self) -> Mapping[str, str]:
        found = self.package.descriptor.get("licenses") or [{}]
        licence: Mapping[str, str] = found[0]
        return licence


def ref(identifier: str) -> dict[str, str]:
    """A reference to an entity."""
    return {"@id": identifier}


def refs(identifiers: Iterable[str]) -> dict[str, str] | list[dict[str, str]]:
    """References to several; one stands without a list, as RO-Crate 1.1 recommends."""
    found = [ref(identifier) for identifier in identifiers]
    return found[0] if len(found) == 1 else found


def entity(at: str, kind: str | list[str], **fields: Any) -> Entity:
    """An entity; fields that hold nothing are left out."""
    present = {name: value for name, value in fields.items() if value not in ("", None, [])}
    return {"@id": at, "@type": kind, **present}
