"""Where text is no YAML: what its author did, instead of the parser's words."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from ..errors import CompanionError


def refusal(error: yaml.MarkedYAMLError, text: str, file: str) -> CompanionError:
    """The message with file and line for an error of the parser."""
    mark = error.problem_mark or error.context_mark
    row = mark.line + 1 if mark else 1
    lines = text.splitlines()
    line = lines[row - 1] if row <= len(lines) else ""
    problem = f"{error.context or ''} {error.problem or ''}".strip()
    otherwise = f"not readable as YAML: {error.problem}", "look at this line and the one above"
    known = ((what, hint) for found, what, hint in _in_words(problem, line) if found)
    what, hint = next(known, otherwise)
    opened = error.context_mark if "opened" in what else None
    row = opened.line + 1 if opened else row
    while row > 1 and not "".join(lines[row - 1 : row]).strip():
        row -= 1  # the end of the text is found behind its last line
    return CompanionError(what, where=f"{file}:{row}", hint=hint)


def _in_words(problem: str, line: str) -> Iterator[tuple[bool, str, str | None]]:
    """What an author did where the parser says `problem`: whether it is that, what, and a hint."""
    begins = line.strip().lstrip("- ")
    value = line.partition(": ")[2].strip() or begins
    yield (
        "\t" in line.replace(line.lstrip(), "", 1) or "tab character" in problem,
        ("a tab stands where blanks indent the line"),
        "indent with spaces",
    )
    yield (
        "quoted scalar found unexpected" in problem,
        "a quotation mark is opened and never closed",
        None,
    )
    yield (
        "cannot start any token" in problem,
        (f"text cannot begin with “{value[:1]}” here"),
        "put the text in quotes",
    )
    yield (
        "mapping values are not allowed" in problem,
        ("“: ” within text, or a line that is indented otherwise than those above"),
        "put text with a colon in quotes",
    )
    yield (
        "flow" in problem,
        "a [ or { is opened and does not end as it should",
        ("text with a comma, a colon or a bracket within [ ] or { } needs quotes"),
    )
    yield (
        "block mapping" in problem or "block collection" in problem,
        ("this line does not fit those above: its indentation, or text after a closing quote"),
        "keys of one mapping begin in one column",
    )
    yield (
        "simple key" in problem,
        "a key without “:” after it, or text over two lines",
        ("put text of several lines in quotes, or after “>-”"),
    )
