"""What an evaluation may see, and the record of what it saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..data.package import Package, Resource
from ..errors import CompanionError
from ..model import Origin


@dataclass
class Reads:
    """Collects what one evaluation reads; see `Result` for the meaning of each set."""

    read: set[Origin] = field(default_factory=set)
    looked: set[Origin] = field(default_factory=set)
    membership: set[str] = field(default_factory=set)
    parameters: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def include(self, other: Reads) -> None:
        self.read |= other.read
        self.looked |= other.looked
        self.membership |= other.membership
        self.parameters |= other.parameters
        self.names |= other.names


@dataclass(frozen=True)
class RowRef:
    """A row of a resource."""

    resource: Resource
    key: str

    def origin(self, column: str) -> Origin:
        return Origin(self.resource.name, self.key, column)


@dataclass(frozen=True)
class Scope:
    """The package, the parameters, the row in hand and the record, for one evaluation.

    With `intervals`, a printed number with decimals is read as the interval that rounds to it.
    """

    package: Package
    parameters: Mapping[str, Any]
    named: Callable[[str, Scope], Any]
    reads: Reads
    here: RowRef | None = None
    intervals: bool = False

    def parameter(self, name: str) -> Any:
        if name not in self.parameters:
            raise CompanionError(
                f"unknown parameter “{name}”",
                hint=f"known parameters: {', '.join(sorted(self.parameters))}",
            )
        value = self.parameters[name]
        self.reads.parameters.add((name, str(value)))
        return value
