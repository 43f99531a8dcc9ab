"""The reference of every YAML file, of cell options and of `review`: read from the code.

A key that the code knows and nothing here explains stops `make docs`, and so does the reverse.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from review_companion.package import schema
from review_companion.package.coverage import _RULE
from review_companion.package.defaults import SETTINGS
from review_companion.pipeline import known_keys
from review_companion.review import Review
from review_companion.tables.build import COLUMN_KEYS
from review_companion.typeset import code_cells, editions, options

Meanings = Mapping[str, str]
Table = Callable[[Sequence[str], Sequence[Sequence[str]]], Iterator[str]]

TOP = """\
# Files, options and `review`

Generated from the code (`make docs`). What the data package of this repository holds is its \
[codebook](../data/README.md); how to change a report is \
[a page of its own](changing-the-report.md), and so are [claims](claims.md) and \
[expressions](expressions.md). A key that is not listed is an error of \
`companion check`, with file, line and the nearest that is.
"""
REVIEW: Meanings = {
    "name": "a short name, small letters and hyphens",
    "title": "title of the data",
    "description": "one or two sentences",
    "version": "of the data",
    "created": "date of the release, with time and zone",
    "licenses": "list of {name, title, path}",
    "contributors": "list of {title, role}",
    "article": "the review, as it is cited",
    "groups": "groups of `samples.csv`; `total` is all participants",
    "class": "what a class of `exposures.csv` is called in headings",
    "characteristics": "columns of `studies.csv` by name, as in `schema.yml`, each shown in the "
    "table of the studies",
}
OF_A_TABLE: Meanings = {
    "title": "name of the table",
    "about": "what a row is",
    "path": "file, where it is not the table's name with `.csv`",
    "columns": "its columns by name; the first is the key; `place:` stands for those of the place",
    "rules": "expressions that hold for each row",
    "roles": "what its columns are to each other: [standing checks](claims.md#standing-checks)",
}
WORDS: Meanings = {
    "integer": "a whole number",
    "number": "a number, which keeps its printed digits",
    "boolean": "true or false",
    "date": "year-month-day",
    "required": "no cell is empty",
    "unique": "no value stands twice",
    "not printed": "of our own making: not looked for at its place",
    "worded": "a code that is held against the words of its place; with a value, the codes it "
    "concerns",
    "begins the key": "the key of the row begins with this cell",
    "about": "what it holds (text alone, without braces, is the same)",
    "title": "its name, where the column's own in plain words would not do",
    "key of": "the table whose rows it names",
    "one of": "what it may be",
    "min": "the least",
    "max": "the most",
    "pattern": "a regular expression for the whole cell",
    "unit": "its unit",
    "printed": "false: not looked for at its place",
    "words": "code → words by which the article says it",
    "beside": "columns in which these words are looked for, too",
    "of": "the column whose figure the words stand beside",
    "same as": "a column of a linked row that it agrees with",
    "among": "the column whose rows it is compared within",
    "by": "columns by which these are told apart",
    "exempt": "values of which this is not asked",
    "named": "words that stand beside its figure",
    "with": "code → columns that are filled where it stands",
    "without": "code → columns that are empty where it stands",
    "rows in": "code → the table that has rows for it",
    "unique with": "columns with which it is unique",
}
ROLES: Meanings = {
    "percent": "a percentage",
    "events": "its count",
    "total": "its denominator",
    "total of": "a row whose total is the denominator",
    "count": "a count",
    "unit": "what is counted",
    "part of": "the row of which this one is a part",
    "each": "the unit of the persons that have at least one each",
    "alike": "columns that are alike in rows about the same persons",
    "adds up to": "the row that parts add up to",
    "duration": "a time",
    "of": "the row that it belongs to",
    "statistic": "a figure that lies within its limits, such as a median",
    "estimate": "an effect",
    "limits": "its lower and its upper limit",
    "p": "its p-value",
    "p sign": "=, < or > before it",
    "arms": "percentage of the exposed, of the others",
    "tables": "two percentages, each with its total",
    "direction": "which way the effect goes",
    "direction basis": "what the direction is read from",
    "significant": "whether the article calls it significant",
    "significance basis": "what that is read from",
    "resource": "a table that a row is about",
    "row": "its row",
    "column": "its column",
    "number": "a figure that is printed again",
    "printed": "where it is",
    "scale": "`log` for ratios",
    "level": "of the interval, where it is not 95",
    "sides": "of the test, where it is not two",
    "higher": "the word for it",
    "lower": "the word for it",
    "equal": "the word for it",
}
NO_TRACE: Meanings = {
    "reason": "why these numbers are no data",
    "patterns": "regular expressions, each for a text",
    "within": "elements and classes whose text holds no datum",
}
EXCEPTION: Meanings = {
    "reason": "why these numerals state nothing to check",
    "rules": f"a list of {{{', '.join(_RULE)}}}: regular expressions, each for a whole column of "
    "`published/numerals.csv`",
}
QUARTO: Mapping[str, Meanings] = {
    "": {
        "project": "see below", "book": "see below", "format": "see below",
        "execute": "see below", "companion": "see below",
        "bibliography": "a CSL JSON file, or a list of them", "csl": "a citation style",
        "lang": "en or de", "toc": "whether there is a table of contents",
        "toc-depth": "its depth", "number-sections": "whether sections are numbered",
        "filters": "for Quarto alone", "citeproc": "for Quarto alone",
        "link-citations": "for Quarto alone",
    },
    "project": {
        "type": "book", "output-dir": "where Quarto writes", "resources": "for Quarto alone",
        "render": "for Quarto alone",
    },
    "book": {
        "title": "of the report", "subtitle": "below it", "author": "one, or a list",
        "date": "year-month-day", "description": "for the title page",
        "chapters": "notebooks and Markdown files in order; {part, chapters} groups them",
        "appendices": "the same, behind them",
    },
    "format": {"html": "`default`, or options", "typst": "`default`, or options"},
    "format.html": {
        "theme": "for Quarto alone", "css": "for Quarto alone",
        "toc": "of the page alone", "toc-depth": "for Quarto alone",
        "number-sections": "of the page alone",
    },
    "format.typst": {"citeproc": "for Quarto alone", "keep-typ": "for Quarto alone"},
    "execute": {
        "enabled": "for Quarto alone", "echo": "whether code is shown",
        "warning": "whether warnings are",
    },
    "companion": {
        "style": "folder of the style, `report/style` unless told",
        "tables": "tables that are published as CSV",
        "audit": "the chapter that holds every trace",
        "audit-volume": "chapters of the second volume",
        "rows": "the chapter with the pages of single rows",
        "editions": "other books of the same project, see below",
        "synonyms": "a list of texts: words that the page's search takes for the same",
    },
}  # fmt: skip
EDITION: Meanings = {
    "title": "the report's unless told",
    "subtitle": "the report's unless told",
    "label": "what readers see of its name",
    "chapters": "its chapters",
    "appendices": "behind them",
    "formats": "html and pdf unless told",
    "look": "style files beside the report's own",
    "parameters": "set in the notebooks that declare them",
    "toc": "as above",
    "number-sections": "as above",
    "files": "whether tables, claims and traces are written beside it",
}
CELL: Meanings = {
    "label": "`tbl-…` or `fig-…`: numbered, and referred to as `@tbl-…`",
    "tbl-cap": "caption of a table",
    "fig-cap": "caption of a figure",
    "fig-alt": "what a figure shows; obligatory with `fig-…`",
    "tbl-colwidths": "widths of the columns, a list",
    "echo": "whether the code is shown",
    "include": "false: runs, shows nothing",
    "output": "false: nothing; `asis`: Markdown",
    "warning": "whether warnings are shown",
    "classes": "classes of the output, for the style",
}
TIMES = """\
## How long a command takes

One run of each on this repository's report (13 studies, 366 lines of claims), a machine with two \
cores that did other work; seconds of processor time, which tell less of the machine's load than \
seconds on the wall.
"""


def reference_page(table: Table) -> str:
    """Markdown on every file, option and method; raises ValueError where one is not explained."""
    files = known_keys
    kinds = {f"`{kind}`": dict(keys) for kind, keys in files.KINDS.items()}
    words = (*schema.WORDS, *schema.VALUED)
    parts = [TOP]
    for title, keys in {
        "data/review.yml": _explained(REVIEW, SETTINGS),
        "data/schema.yml: a table": _explained(OF_A_TABLE, schema.OF_A_TABLE),
        "data/schema.yml: a column": _explained(WORDS, words),
        "data/schema.yml: a role": _explained(ROLES, (*schema.ROLE, *schema.OF_A_ROLE)),
        "data/values.yml": files.VALUE,
        "data/tables.yml": files.TABLE,
        "data/tables.yml: a column": _explained(files.COLUMN, COLUMN_KEYS),
        "data/figures.yml": files.FIGURE,
        **{f"data/figures.yml: {kind}": keys for kind, keys in kinds.items()},
        "data/parameters.yml": files.PARAMETER,
        "data/dossiers.yml": files.DOSSIER,
        "data/no-trace.yml": NO_TRACE,
        "data/exceptions.yml": EXCEPTION,
        **_quarto(),
        "An edition (companion: editions: NAME)": _explained(EDITION, editions.KEYS),
        "A cell: `#| option: value` at its head": _explained(CELL, code_cells.KNOWN),
    }.items():
        parts += [f"## {title}\n", *table(("Key", "Meaning"), _rows(keys))]
    parts.append(
        "`data/sentences.yml` is name → template (Jinja2): `v` a traced number, `w` in words where "
        "small, `n` with its noun, `x` the bare value, `rows(table)`, `say(sentence)`, "
        "`parameter(name)`, `plural(number, one, many)`.\n"
    )
    parts += ["## What `review.` can do\n", *table(("Call", "Gives"), list(_methods()))]
    return "\n".join([*parts, TIMES, *table(("Command", "Seconds"), MEASURED)]).rstrip() + "\n"


MEASURED = [
    ("`check`", "15"),
    ("`coverage`, `suggest`, `export-xlsx`, `locate`", "2 to 3"),
    ("`explain`", "6"),
    ("`missing`", "6"),
    ("`tidy`, `rename`, `add-column`", "2"),
    ("`remove-study`", "4"),
    ("`import-xlsx`", "5"),
    ("`diff` of two revisions", "11"),
    ("`verify --no-render`", "1"),
    ("`render`", "[how long it takes](performance.md)"),
]


def _quarto() -> dict[str, Meanings]:
    _explained(dict.fromkeys(QUARTO, ""), options.SUPPORTED)
    return {
        f"_quarto.yml{': ' if section else ''}{section}": _explained(QUARTO[section], known)
        for section, known in options.SUPPORTED.items()
    }


def _explained(meanings: Meanings, known: Collection[str]) -> Meanings:
    if different := set(meanings) ^ set(known):
        raise ValueError(f"not explained, or not known: {sorted(different)}")
    return meanings


def _rows(keys: Meanings) -> list[tuple[str, str]]:
    return [(f"`{key}`", meaning) for key, meaning in keys.items()]


def _methods() -> Iterator[tuple[str, str]]:
    """The public calls of a review in the order of the code, with what they give."""
    yield '`review("…")`', _first(Review.__call__)
    for name, member in vars(Review).items():
        if name.startswith("_") or not inspect.isfunction(member) or name in INTERNAL:
            continue
        given = [str(p) for p in inspect.signature(member).parameters.values()][1:]
        yield f"`review.{name}({', '.join(_short(given))})`", _first(member)


INTERNAL = {"along", "take", "asked", "variant", "shown"}


def _short(parameters: Iterable[str]) -> Iterator[str]:
    """Parameters without their types."""
    for text in parameters:
        name, _, default = text.partition(" = ")
        yield name.partition(":")[0] + (f"={default}" if default else "")


def _first(member: object) -> str:
    return (inspect.getdoc(member) or "").split("\n\n")[0].replace("\n", " ").rstrip(".")
