"""Changes as text, Markdown or HTML: templates, and one line that counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..markup import templates
from .changes import Changes


def summary(changes: Changes) -> str:
    """One line: how many of each kind changed."""
    counts = [
        f"{len(found)} {kind[:-1] if len(found) == 1 else kind}"
        for kind, found in changes.kinds.items()
        if found
    ]
    return f"changed: {', '.join(counts)}" if counts else "no difference"


def _said(text: str | None, missing: str) -> str:
    return missing if text is None else f"“{text}”" if text else "(empty)"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, with no more marks than it needs."""
    return "".join("\\" + c if c in "\\`*_{}[]<>#|~^" else c for c in text)


_TEMPLATES = templates(
    Path(__file__).parent / "templates", summary=summary, said=_said, plain=_plain
)


def _filled(name: str, changes: Changes, most: int | None = None) -> str:
    return _TEMPLATES.get_template(name).render(changes=changes, most=most)


def to_text(changes: Changes, most: int | None = None) -> str:
    """Plain lines, at most `most` of each kind (None: all)."""
    return _filled("changes.txt", changes, most)


def to_fragment(changes: Changes, most: int | None = None) -> str:
    """As HTML, part of a page."""
    return _filled("fragment.html", changes, most)


FORMATS: dict[str, Callable[[Changes, int | None], str]] = {
    "text": to_text,
    "markdown": partial(_filled, "changes.md"),
    "html": partial(_filled, "page.html"),
}
