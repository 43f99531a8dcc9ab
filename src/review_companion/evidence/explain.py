"""A trace in words: formula, cells, places, verdict, and where the report shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ..errors import CompanionError, similar_names
from ..markup import templates
from ..model import Trace
from ..review import Review
from .records import every_trace
from .rendered_page import Page, plain_text
from .trace_entries import PlaceNames, anchor, entry

MOST_LISTED, MOST_NEAR = 60, 8
HEADINGS, APPENDIX = ("h2", "h3", "h4"), "traces"
_TEMPLATES = templates(Path(__file__).parent / "templates")


def explain(review: Review, name: str, page: Page | None = None) -> str:
    """The trace of a value, a table cell ("table/row/column") or a claim ("claim/id").

    `page` is the rendered report, if there is one. Raises CompanionError for an unknown name, with
    similar ones.
    """
    traces = {trace.name: trace for trace in every_trace(review)}
    claims = {f"claim/{claim.id}": claim for claim in review.ledger}
    found = _find(name, traces)
    claim = claims.get(found.name)
    described = entry(found, PlaceNames(review.package), claim, MOST_LISTED)
    shown = _appearances(found.name, page)
    return _TEMPLATES.get_template("explain.txt").render(vars(described), shown=shown)


def _find(name: str, traces: Mapping[str, Trace]) -> Trace:
    anchors = {anchor(known): trace for known, trace in traces.items()}
    for trace in (traces.get(name), traces.get(f"claim/{name}"), anchors.get(name.lstrip("#"))):
        if trace is not None:
            return trace
    near = [trace.name for trace in traces.values() if trace.text == name]
    near += [known for known in traces if known.lower().startswith(f"{name.lower()}/")]
    near += similar_names(name, traces, MOST_NEAR)
    near += [known for known in traces if name.lower() in known.lower()]
    hint = "names are those of values.yml, table/row/column, or claim/id"
    if near:
        hint = f"did you mean {', '.join(list(dict.fromkeys(near))[:MOST_NEAR])}?"
    raise CompanionError(f"nothing is named “{name}”", hint=hint)


def _appearances(name: str, page: Page | None) -> Iterator[str]:
    """The sections of the report that show the trace."""
    if page is None:
        yield "there is none yet; run `companion render`"
        return
    headings: list[tuple[str, str, str]] = []
    found: dict[int, None] = {}
    for element in page.root.iter():
        if element.get("class") == APPENDIX:
            break
        if element.tag in HEADINGS and element.get("id"):
            headings.append((element.tag, element.get("id"), plain_text(element)))
        elif element.get("data-trace") == name and headings:
            found[len(headings) - 1] = None
    titles = Counter(title for *_, title in headings)
    for at in found:
        level, target, title = headings[at]
        above = [t for lv, _, t in headings[:at] if lv < level] if titles[title] > 1 else []
        yield f"{': '.join([*above[-1:], title])} (#{target})"
    if not found:
        yield "only in the audit appendix"


def read_rendered(path: Path) -> Page | None:
    """The rendered page, if there is one that can be read."""
    with suppress(OSError, UnicodeDecodeError):
        return Page(path.read_text("utf-8"), str(path))
    return None
