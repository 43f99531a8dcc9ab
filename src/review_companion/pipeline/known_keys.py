"""What may stand in the definition files of `data/`, each key with its meaning.

The reference (`docs/reference.md`) is written from it, and `companion check` holds the files to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import CompanionError
from ..package.problems import did_you_mean
from ..review import Review

Keys = Mapping[str, str]

VALUE: Keys = {
    "label": "what the number is, in words",
    "expression": "what it is computed from",
    "unit": "what is counted",
    "places": "decimals that are shown",
    "suffix": "text that stands behind it, such as %",
}
TABLE: Keys = {
    "caption": "its caption",
    "rows": "an expression for its rows; sorted with `.sort(…)`",
    "columns": "its columns, a list",
    "notes": "templates of the notes below it",
    "macros": "Jinja2 macros for its templates",
    "classes": "`filterable`, `landscape`, `compact` …: how page and PDF set it",
    "row-link": "what stands before a row's key in the address that its first cell leads to",
}
COLUMN: Keys = {
    "id": "its name: `table/row/id` is a cell",
    "header": "its heading",
    "template": "Jinja2 over the row: `row.column`, `row['study.label']`, `one('samples', …)`, "
    "`all('samples', …)`",
    "expression": "instead of a template: what is computed, with `row` in hand",
    "places": "decimals of an expression's value",
    "align": "`left` or `right`",
    "filter": "`select` lets readers choose among its texts",
    "overrides": "row key → another template for that row",
}
FIGURE: Keys = {
    "kind": "how it is drawn, see below",
    "table": "the table of `tables.yml` that it draws",
    "alt": "what it shows, for who cannot see it; repeated in the notebook",
    "told": "columns whose texts the alternative text ends with, the first naming the row",
    "legend": "a line below it",
    "only": "the one group of rows that is drawn",
}
KINDS: Mapping[str, Keys] = {
    "direction": {
        "label": "column that names a row",
        "direction": "column with the direction",
        "group": "column by which rows stand under headings",
        "columns": "column → heading of what is written beside the marks",
        "hollow": "{column, text}: for which a mark is hollow",
    },
    "dumbbell": {
        "label": "column that names a row",
        "exposed": "column with the one percentage",
        "comparison": "column with the other",
        "group": "column by which rows stand under headings",
        "details": "columns written below the name",
        "axis": "label of the axis",
    },
    "ratios": {
        "label": "column that names a row",
        "series": "a list of {estimate, low, high, name, name-column}",
        "details": "columns written beside an estimate",
        "sides": "what lies left and right of no effect",
        "derived": "whether the estimates were computed here",
        "axis": "label of the axis",
    },
    "spans": {
        "label": "column that names a row",
        "low": "column where a bar begins",
        "high": "column where it ends",
        "point": "column with a point",
        "notes": "columns written behind the bar",
        "axis": "label of the axis",
        "limit": "where the axis is cut",
        "mirror": "whether `low` lies before zero",
        "margin": "room for the notes",
        "keep-empty": "whether a row without figures keeps its line",
        "shapes": "text of `point-shape` → the mark",
        "dashed": "{column, texts}: for which a bar has a broken edge",
        "band": "two columns between which the sheet is shaded",
        "band-label": "what the band is",
    },
    "grid": {
        "label": "column that names a row",
        "columns": "column → short heading",
        "symbols": "text → {mark, color, open, half, tile}",
        "against-first": "whether a cell that differs from the first row's is framed",
        "upright": "whether headings stand upright",
        "label-width": "room for the names",
    },
    "pairs": {
        "first": "column with the one of a pair",
        "second": "column with the other",
        "ground": "column with what they share",
        "kinds": "the grounds, the stronger first",
        "shared": "column with what is counted in a pair's mark",
    },
    "flow": {"bands": "step → heading of the band that begins there"},
}
PARAMETER: Keys = {
    "default": "its value unless `-P` or a notebook says otherwise",
    "help": "what it does, in words",
    "choices": "what it may be: a list, or {of: table.column}",
}
DOSSIER: Keys = {
    "title": "template of the page's heading, over the row",
    "sort": "column by which the pages are ordered",
    "says": "a table whose cells are sentences about the row",
    "tables": "tables whose rows of that key are the facts",
    "omit": "columns of these that are left out, `column` or `table/column`",
}


def misspelt_keys(review: Review) -> Iterator[CompanionError]:
    """An error for each key that nothing reads, with file, line and the nearest."""
    for entry in review.values_declared.values():
        yield from _unknown(entry, VALUE)
    for entry in review.tables_declared.values():
        yield from _unknown(entry, TABLE)
    for entry in review.figures_declared.values():
        kind = str(entry.get("kind")) if isinstance(entry, dict) else ""
        yield from _unknown(entry, {**FIGURE, **KINDS[kind]}) if kind in KINDS else ()
    for entry in review.dossiers_declared.values():
        yield from _unknown(entry, DOSSIER)


def _unknown(entry: Any, known: Keys) -> Iterator[CompanionError]:
    for key in entry if isinstance(entry, dict) else ():
        if key not in known:
            where = getattr(entry, "where", None)
            hint = did_you_mean(key, known) or f"known: {', '.join(known)}"
            yield CompanionError(f"nothing reads “{key}”", where=where, hint=hint)
