"""Writes the reference pages that follow from the code: `python -m docs.generate`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docs.examples import (
    FORMS,
    FUNCTIONS,
    PARAMETERS,
    TABLES,
    VALUES,
    Example,
    drawn,
    evaluator,
    result_of,
)
from docs.reference import reference_page

from review_companion.claims.standing import rules
from review_companion.cli import PROJECT
from review_companion.commands import commands
from review_companion.expressions.functions import FUNCTIONS as KNOWN
from review_companion.model import Origin
from review_companion.package.yaml_files import keys, schema_parts

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "tests" / "fixture_review" / "data"

CLI = """\
# Commands

Generated from the command line itself (`make docs`). `companion COMMAND --help` says the same.

Exit status: 0 done; 1 a check or a verification found something; 2 bad use or bad input (one \
message, no traceback); 130 interrupted.
"""

CLAIMS = """\
# Claims

Generated from the code and from the claims of the tests' invented review (`make docs`). A claim \
is a statement of the article: what is printed, where, and an [expression](expressions.md) that \
recomputes it. `companion check` says what is wrong with one, by file and line, and holds every \
fragment against the article's index (`published/numerals.csv`): a quotation that is invented, or \
of more than eight words, is an error, and so is a figure that is typed in a note.

A claim of which nothing needs to be said is a line of `data/claims.csv`:
"""

ENTRIES = """\
Only the first five columns are needed. A claim with readings, a judgement or an explanation is \
an entry of `data/claims.yml`, under its section:
"""

EACH = """\
In explanations no figure is typed: `{{ printed }}`, `{{ recomputed }}` and `{{ v('name') }}`, a \
named value, are filled in. A statement whose check reads nothing but the claim's own place is \
never reproduced: that would compare a thing with itself.

What is said of every row of a table is one entry:

```yaml
table-1:
  t1-{{ row.study }}-total:
    for-each: samples[group == "total"]
    of: number
    label: patients in the study
    check: mentioned(row.number)
```
"""

STANDING = """\
## Standing checks

These claims nobody declares: each follows from the `roles` of columns in `schema.yml`, for every \
row, with a name such as `auto/percentage/alpha-2001/lit`. A check that would hold a figure beside \
nothing but itself makes no claim, and a bound that holds (a part is no larger than its whole) \
makes none either. `claims.yml` comments on one under `standing:`, with the keys of “What is said \
of it”, `matter` and `label`; `because` silences it with a reason.

```yaml
standing:
  auto/part/alpha-2001/amber:
    because: The part is counted in another year.
```
"""

EXPRESSIONS = """\
# Expressions

Generated from examples that are tests (`make docs`; `docs/examples.py`). Whatever is computed in \
`data/` is written in this language: Python's own expression syntax, over the tables of the data. \
Nothing is ever run: a text is read into a closed set of forms, and anything else is an error that \
names file, line and column. Every cell that an expression reads is remembered, and every cell by \
which a row was chosen (looked at).

- A resource is a name, and so is a named value (`patients-total` is written `patients_total`). A \
row has a key, never a position. A column follows a dot, and a foreign key is followed by another.
- A rule of a table in `schema.yml` is a condition on the columns of each of its rows: \
`ci_low <= estimate <= ci_high`, `value.given == unit.given`. `check` names the rows that break it.
- Within brackets a bare name is a column of the rows that are chosen from. A word that a column \
of these rows neither allows nor holds is an error; elsewhere, one that it does not allow.
- An empty cell is *not reported*. What is asked of it is open, neither true nor false, and a row \
for which a condition is open is not chosen. Calculating with it is an error that names the cell; \
with a row in hand it gives nothing. `column.given` says whether a cell is filled.
- Numbers are exact: whole numbers, decimals with their printed digits, fractions.
- In a notebook `review("…")` answers any expression with its value, its cells and their places; \
`review.frame("samples")` is a resource for pandas, `review.data("table-1")` all behind a table.

## The tables of the examples

They are invented.
"""


def claims_page() -> str:
    """Markdown on how a claim is written: both files by example, and every key."""
    lines, entries = ((EXAMPLES / f"claims.{kind}").read_text("utf-8") for kind in ("csv", "yml"))
    page = [CLAIMS, f"```csv\n{lines}```\n", ENTRIES, f"```yaml\n{entries}```\n", EACH]
    for name in (name for name in schema_parts() if name.startswith("claim: ")):
        meanings = dict(keys(name))
        if name == "claim: said":
            told = keys("claim: verdict")
            meanings = {"`, `".join(told): next(iter(told.values())), **meanings}
        if name != "claim: verdict":
            rows = [(f"`{key}`", meaning) for key, meaning in meanings.items()]
            page += [f"## {schema_parts()[name]['title']}\n", *_table(("Key", "Meaning"), rows)]
    asked = [
        (
            f"`{n}`",
            f"`{'`, `'.join(r['wants'])}`",
            r["label"].replace("{cell}", "a cell"),
            r["found"],
        )
        for n, r in rules().items()
    ]
    page += [STANDING, *_table(("Rule", "Roles", "Holds against each other", "Finds"), asked)]
    return "\n".join(page).rstrip() + "\n"


def expressions_page() -> str:
    """Markdown that teaches the language: tables, forms, functions, each with its examples."""
    parts = [EXPRESSIONS]
    for name, text in TABLES.items():
        header, *rows = drawn(text)
        parts += [f"`{name}`\n", *_table(header, rows)]
    values = (f"`{name}` is `{text}`" for name, text in VALUES.items())
    given = (f"`{name}` is {str(value).lower()}" for name, value in PARAMETERS.items())
    parts.append(f"Named values: {', '.join(values)}. Parameters: {', '.join(given)}.\n")
    parts.append("## Forms\n")
    for title, examples in FORMS.items():
        parts += [f"### {title}\n", *_examples(examples)]
    for group in dict.fromkeys(function.group for function in KNOWN.values()):
        parts.append(f"## Functions: {group[:1].lower() + group[1:]}\n")
        for function in (f for f in KNOWN.values() if f.group == group):
            parts += [f"### `{function.form}`\n", function.doc + "\n"]
            parts += _examples(e for e in FUNCTIONS if _calls(e.expression, function.name))
    return "\n".join(parts).rstrip() + "\n"


def _calls(expression: str, name: str) -> bool:
    return re.search(rf"\b{name}\(", expression) is not None


def _examples(examples: Iterable[Example]) -> Iterator[str]:
    rows = [(_code(e.expression, e.row), e.value, _cells(e)) for e in examples]
    yield from _table(("Expression", "Value", "Cells"), rows)


def _code(expression: str, row: str) -> str:
    sign = "``" if "`" in expression else "`"
    resource, _, key = row.partition("/")
    in_hand = f" (row: `{resource}[{key}]`)" if row else ""
    return f"{sign}{expression}{sign}{in_hand}"


def _cells(example: Example) -> str:
    result = result_of(example, evaluator())
    told = [("read", result.read), ("looked at", result.looked)]
    return "; ".join(f"{how}: {', '.join(_grouped(cells))}" for how, cells in told if cells)


def _grouped(cells: Iterable[Origin]) -> Iterator[str]:
    """The cells of one column together: `samples[ash/all, birch/all].number`."""
    columns: dict[tuple[str, str], list[str]] = {}
    for cell in sorted(cells):
        columns.setdefault((cell.resource, cell.column), []).append(cell.row)
    for (resource, column), rows in columns.items():
        yield f"{resource}[{', '.join(rows)}].{column}"


def cli_page() -> str:
    """Markdown on every command: what it does, what it takes."""
    parts = [CLI, "Before any command:\n", *_arguments({"--project": PROJECT})]
    for name, command in sorted(commands().items()):
        parts += [f"## companion {name}\n", f"{_sentence(command.does)}\n"]
        parts += _arguments(command.takes)
    return "\n".join(parts).rstrip() + "\n"


def _arguments(takes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    rows = [(f"`{_form(name, settings)}`", settings["help"]) for name, settings in takes.items()]
    yield from _table(("Argument", "Meaning"), rows) if rows else ()


def _form(name: str, settings: Mapping[str, Any]) -> str:
    is_option = name.startswith("-")
    value = settings.get("metavar") or (name.lstrip("-").upper() if is_option else name)
    if "choices" in settings:
        value = f"{{{','.join(settings['choices'])}}}"
    if not is_option:
        return f"[{value}]" if settings.get("nargs") == "?" else value
    return name if settings.get("action") == "store_true" else f"{name} {value}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for cells in (header, ["---"] * len(header), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def pages() -> dict[Path, str]:
    """Path -> content of every generated page."""
    return {
        HERE / "claims.md": claims_page(),
        HERE / "cli.md": cli_page(),
        HERE / "expressions.md": expressions_page(),
        HERE / "reference.md": reference_page(_table),
    }


if __name__ == "__main__":
    for path, content in pages().items():
        path.write_text(content, encoding="utf-8")
