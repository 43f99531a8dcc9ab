"""What a render is asked for, and what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ..cache import Cache
    from ..notebooks.execute import Event

PUBLISHED = Path("report/rendered")


@dataclass(frozen=True)
class Settings:
    """What a render is asked for.

    `parameters` as texts; `out` None for the default folder; `formats` None for all that the
    edition has (a preview has a page whatever the edition); `without` are files that are not made.
    """

    root: Path
    parameters: Mapping[str, str] = field(default_factory=dict)
    engine: str = "embedded"
    edition: str = ""
    out: Path | None = None
    jobs: int | None = None
    use_cache: bool = True
    formats: tuple[Literal["html", "pdf"], ...] | None = None
    without: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Only a plain render writes the published report."""
        if self.out is not None:
            return self.out
        if self.engine != "embedded":
            return self.root / "build" / self.engine
        if self.edition:
            return self.root / "build" / self.edition
        if self.parameters:
            name = ",".join(f"{k}={v}" for k, v in sorted(self.parameters.items()))
            return self.root / "build" / "".join(c if _is_plain(c) else "-" for c in name)
        return self.root / PUBLISHED

    @property
    def run(self) -> dict[str, Any]:
        """What the manifest says of these settings; `jobs` and the cache change no byte."""
        return {
            "parameters": dict(self.parameters),
            "engine": self.engine,
            "edition": self.edition,
        }


def _is_plain(character: str) -> bool:
    return character.isalnum() or character in "=,_-"


@dataclass(frozen=True)
class Report:
    """What a render did; `executed` and `cached` name notebooks.

    `steps` are its parts with their seconds, which differ from run to run and stay out of the
    report; `warnings` name what was published all the same, and should not stay so.
    """

    folder: Path
    seconds: float
    executed: tuple[str, ...] = ()
    cached: tuple[str, ...] = ()
    unchanged: bool = False
    steps: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def _ignore(*_: Any) -> None:
    pass


@dataclass(frozen=True)
class Watch:
    """Callbacks for a caller that follows a render.

    `planned` is called with the number of steps that will be reported to `event`; `before_switch`
    with the published folder, if there is one, the one that replaces it, and the render's cache.
    """

    event: Callable[[Event], None] = _ignore
    planned: Callable[[int], None] = _ignore
    before_switch: Callable[[Path, Path, Cache], None] = _ignore
