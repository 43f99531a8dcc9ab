"""What an evaluation may see, and the record of what it saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..data.package import Package
from ..errors import CompanionError
from ..expressions.reads import Reads as Reads
from ..expressions.reads import RowRef as RowRef


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
