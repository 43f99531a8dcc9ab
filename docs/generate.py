"""Writes the reference pages that follow from the code: `python -m docs.generate`."""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from review_companion.claims import consistency
from review_companion.claims.operators import CLAIM_OPERATORS
from review_companion.cli import parser
from review_companion.trace.operators import OPERATORS

HERE = Path(__file__).parent

CLI = """\
# Commands

Generated from the command line itself (`make docs`). `companion COMMAND --help` says the same.

Exit status: 0 done; 1 a check or a verification found something; 2 bad use or bad input (one \
message, no traceback); 130 interrupted.
"""

VOCABULARY = """\
# Vocabulary of expressions

Generated from the docstrings of the operators (`make docs`). Values, tables and claims in `data/` \
are declared with these operators and no others; an unknown one is an error that names the nearest.

An expression is a mapping with one key, the operator: `{sum: {of: samples.number, where: {group: \
total}}}`. A selection takes `of: resource.column` or `in: resource`, and may take `where` and \
`once-per: column`. In `where`, a column (or a dotted one, `study.year`, along a foreign key) has \
a value, a list (any of), `{not: …}`, `{at-least: n}`, `{at-most: n}`, `{present: true}` or \
`{param: name}`. Every cell that an operator reads, filters included, is remembered as an origin.
"""


def cli_page() -> str:
    """Markdown on every command: what it does, what it takes."""
    top = parser()
    parts = [CLI, *_options(top, "Before any command")]
    for name, command in commands(top).items():
        parts += [f"## companion {name}\n", f"{_sentence(command.description or '')}\n"]
        parts += _options(command)
    return "\n".join(parts).rstrip() + "\n"


def commands(top: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """The parsers of the commands by name, sorted."""
    group = next(a for a in top._actions if isinstance(a, argparse._SubParsersAction))
    return dict(sorted(group.choices.items()))


def arguments(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """Everything that a command takes, but `--help`."""
    left_out = (argparse._HelpAction, argparse._SubParsersAction)
    return [a for a in command._actions if not isinstance(a, left_out)]


def _options(command: argparse.ArgumentParser, title: str = "") -> Iterator[str]:
    rows = [(f"`{_form(a)}`", a.help or "") for a in arguments(command)]
    if rows:
        if title:
            yield f"{title}:\n"
        yield from _table(("Argument", "Meaning"), rows)


def _form(action: argparse.Action) -> str:
    value = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    if action.choices:
        value = "{" + ",".join(str(choice) for choice in action.choices) + "}"
    if not action.option_strings:
        return {"?": f"[{value}]", "*": f"[{value} …]", "+": f"{value} …"}.get(
            str(action.nargs), str(value)
        )
    flags = ", ".join(action.option_strings)
    return flags if action.nargs == 0 else f"{flags} {value}"


def vocabulary_page() -> str:
    """Markdown on every operator, by the module that holds it."""
    own = {name: call for name, call in CLAIM_OPERATORS.items() if name not in OPERATORS}
    checks = {n: call for n, call in own.items() if call.__module__ == consistency.__name__}
    claims = {name: call for name, call in own.items() if name not in checks}
    return "\n".join(
        (
            VOCABULARY,
            *_operators("In values, tables and claims", OPERATORS),
            *_operators("In claims: comparisons and quantifiers", claims),
            *_operators("In claims: consistency of printed statistics", checks),
        )
    ).rstrip() + "\n"  # fmt: skip


def _operators(title: str, operators: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {title}\n"
    rows = ((f"`{name}`", one_line(operators[name])) for name in sorted(operators))
    yield from _table(("Operator", "Means"), list(rows))


def one_line(documented: Any) -> str:
    """The first paragraph of a docstring."""
    paragraph = (inspect.getdoc(documented) or "").split("\n\n")[0]
    return re.sub(r"\s+", " ", paragraph)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for cells in (header, ["---"] * len(header), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def pages() -> dict[Path, str]:
    """Path -> content of every generated page."""
    return {HERE / "cli.md": cli_page(), HERE / "vocabulary.md": vocabulary_page()}


if __name__ == "__main__":
    for path, content in pages().items():
        path.write_text(content, encoding="utf-8")
