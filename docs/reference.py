"""The reference of every YAML file, of cell options and of `review`.

Files and options are explained by their JSON Schema (`package/definitions.schema.json`), calls by
their docstrings.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence

from review_companion.club.session import SCHEMA as CLUB
from review_companion.evaluation import Evaluation
from review_companion.package.yaml_files import keys, schema_parts
from review_companion.review import Review

Table = Callable[[Sequence[str], Sequence[Sequence[str]]], Iterator[str]]

TOP = """\
# Files, options and `review`

Generated from the code (`make docs`). What the data package of this repository holds is its \
[codebook](../data/README.md); how to change a report is \
[a page of its own](changing-the-report.md), and so are [claims](claims.md) and \
[expressions](expressions.md). A key that is not listed is an error of \
`companion check`, with file, line and the nearest that is.
"""
TIMES = """\
## How long a command takes

One run of each on this repository's report (13 studies, 366 lines of claims), a machine with two \
cores that did other work; seconds of processor time, which tell less of the machine's load than \
seconds on the wall.
"""


def reference_page(table: Table) -> str:
    """Markdown on every file, option and method."""
    page = [TOP]
    for name, part in schema_parts().items():
        if not name.startswith("claim: "):  # they have a page of their own
            rows = [(f"`{key}`", meaning) for key, meaning in keys(name).items()]
            page += [f"## {part['title']}\n", *table(("Key", "Meaning"), rows)]
    for name, part in schema_parts(CLUB).items():
        if "title" in part and "properties" in part:
            rows = [(f"`{key}`", meaning) for key, meaning in keys(name, file=CLUB).items()]
            page += [f"## {part['title']}\n", *table(("Key", "Meaning"), rows)]
    page.append(
        "`data/sentences.yml` is name → template (Jinja2): `v` a traced number, `w` in words where "
        "small, `n` with its noun, `x` the bare value, `rows(table)`, `say(sentence)`, "
        "`parameter(name)`, `plural(number, one, many)`.\n"
    )
    page += ["## What `review.` can do\n", *table(("Call", "Gives"), list(_methods()))]
    return "\n".join([*page, TIMES, *table(("Command", "Seconds"), MEASURED)]).rstrip() + "\n"


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


def _methods() -> Iterator[tuple[str, str]]:
    """The public calls of a review in the order of the code, with what they give."""
    yield '`review("…")`', _first(Review.__call__)
    for name, member in {**vars(Evaluation), **vars(Review)}.items():
        if name.startswith("_") or not inspect.isfunction(member) or name in INTERNAL:
            continue
        given = [str(p) for p in inspect.signature(member).parameters.values()][1:]
        yield f"`review.{name}({', '.join(_short(given))})`", _first(member)


INTERNAL = set(
    """
with_parameter_sets with_values under part reuse reuse_definitions variant shown titles
""".split()
)


def _short(parameters: Iterable[str]) -> Iterator[str]:
    """Parameters without their types."""
    for text in parameters:
        name, _, default = text.partition(" = ")
        yield name.partition(":")[0] + (f"={default}" if default else "")


def _first(member: object) -> str:
    return (inspect.getdoc(member) or "").split("\n\n")[0].replace("\n", " ").rstrip(".")
