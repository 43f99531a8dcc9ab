"""Changes as text, Markdown or HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator

from .changes import Change, Changes

EMPTY = "(empty)"


def summary(changes: Changes) -> str:
    """One line: how many of each kind changed."""
    counts = [f"{len(found)} {_noun(kind, len(found))}"
              for kind, found in changes.kinds.items() if found]  # fmt: skip
    return f"changed: {', '.join(counts)}" if counts else "no difference"


def to_text(changes: Changes, most: int | None = None) -> str:
    """Plain lines, at most `most` of each kind (None: all)."""
    lines = [f"{changes.old} → {changes.new}: {summary(changes)}"]
    for kind, found in changes.kinds.items():
        if found:
            lines += ["", f"{kind} ({len(found)})", *_listed(found, most, _text_line)]
    return "\n".join([*lines, *(f"note: {note}" for note in changes.notes)]) + "\n"


def to_markdown(changes: Changes) -> str:
    """Headings and lists, as for a release note."""
    lines = [f"**{_plain(summary(changes))}**"]
    for kind, found in changes.kinds.items():
        if found:
            lines += ["", f"## {kind.capitalize()} ({len(found)})", ""]
            lines += [f"- {line}" for line in _listed(found, None, _markdown_line)]
    lines += ["", *(f"Note: {note}." for note in changes.notes)] if changes.notes else []
    return "\n".join(lines) + "\n"


def to_html(changes: Changes) -> str:
    """A page of its own."""
    title = html.escape(f"{changes.old} → {changes.new}")
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{to_fragment(changes)}\n</main>\n</body>\n</html>\n"
    )


def to_fragment(changes: Changes, most: int | None = None) -> str:
    """The same as part of a page."""
    parts = [f"<p>{html.escape(summary(changes))}</p>"]
    for kind, found in changes.kinds.items():
        if found:
            items = "\n".join(f"<li>{line}</li>" for line in _listed(found, most, _html_line))
            parts.append(f"<h2>{kind.capitalize()} ({len(found)})</h2>\n<ul>\n{items}\n</ul>")
    parts += [f"<p>Note: {html.escape(note)}.</p>" for note in changes.notes]
    return "\n".join(parts)


FORMATS: dict[str, Callable[[Changes], str]] = {
    "text": to_text,
    "markdown": to_markdown,
    "html": to_html,
}


def _listed(
    found: tuple[Change, ...], most: int | None, line: Callable[[Change], str]
) -> Iterator[str]:
    yield from (line(change) for change in found[:most])
    if most is not None and len(found) > most:
        yield f"  … and {len(found) - most} more"


def _noun(kind: str, count: int) -> str:
    return kind[:-1] if count == 1 else kind


def _text_line(change: Change) -> str:
    head = f"  {change.name}" + (f" ({change.label})" if change.label else "")
    because = f"  [from {', '.join(change.because)}]" if change.because else ""
    if not change.name:
        return f"  − {change.before or '(new)'}\n  + {change.after or '(gone)'}"
    return f"{head}: {_said(change.before, '(new)')} → {_said(change.after, '(gone)')}{because}"


def _said(text: str | None, missing: str) -> str:
    return missing if text is None else f"“{text}”" if text else EMPTY


def _markdown_line(change: Change) -> str:
    before = "(new)" if change.before is None else f"~~{_plain(change.before or EMPTY)}~~"
    after = "(gone)" if change.after is None else f"**{_plain(change.after or EMPTY)}**"
    label = f" ({_plain(change.label)})" if change.label else ""
    head = f"`{change.name}`{label}: " if change.name else ""
    because = f" from {', '.join(f'`{cell}`' for cell in change.because)}" if change.because else ""
    return f"{head}{before} → {after}{because}"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join("\\" + c if c in "\\`*_{}[]<>#|~^" else c for c in text)


def _html_line(change: Change) -> str:
    old, new = (html.escape(text or EMPTY) for text in (change.before, change.after))
    before = "<em>new</em>" if change.before is None else f"<del>{old}</del>"
    after = "<em>gone</em>" if change.after is None else f"<ins>{new}</ins>"
    label = f" {html.escape(change.label)}" if change.label else ""
    head = f"<code>{html.escape(change.name)}</code>{label}: " if change.name else ""
    cells = ", ".join(f"<code>{html.escape(cell)}</code>" for cell in change.because)
    return f"{head}{before} → {after}{f' from {cells}' if cells else ''}"


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "del{color:#8a1c1c}ins{color:#14532d;font-weight:600;text-decoration:none}"
)
