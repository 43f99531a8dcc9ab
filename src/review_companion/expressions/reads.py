"""What an evaluation reads: rows and the record of the cells that it touched."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model import Origin
from ..package.package import Resource


@dataclass
class Reads:
    """Collects what one evaluation reads; see `Result` for the meaning of each set."""

    read: set[Origin] = field(default_factory=set)
    looked: set[Origin] = field(default_factory=set)
    membership: set[str] = field(default_factory=set)
    parameters: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)  # values that are included already

    def include(self, other: Reads) -> None:
        self.read |= other.read
        self.looked |= other.looked
        self.membership |= other.membership
        self.parameters |= other.parameters
        self.names |= other.names

    def include_as_looked(self, other: Reads) -> None:
        """Includes what a filter read: it decided, and is not part of the value."""
        self.looked |= other.read
        self.looked |= other.looked
        self.membership |= other.membership
        self.parameters |= other.parameters


@dataclass(frozen=True)
class RowRef:
    """A row of a resource, by its key."""

    resource: Resource
    key: str

    def origin(self, column: str) -> Origin:
        return Origin(self.resource.name, self.key, column)
