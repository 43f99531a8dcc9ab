"""The text of YAML, by its entries: where each is written, and the text without some of them.

Every other line is kept as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import yaml

from ..errors import CompanionError
from ..package.yaml_nodes import LOADER

OF_A_CLAIM = ("section", "fragment", "label", "printed")
BETWEEN = re.compile(r"\s*(#|$)")  # a blank line or a comment: after an entry, no part of it

Gone = Callable[[str, int], bool]
TextEdit = tuple[int, int, str]  # first and last character, and the text in their place


def yaml_text(text: str) -> str:
    """A text as YAML writes it."""
    return json.dumps(text, ensure_ascii=False)


class YamlEntry(NamedTuple):
    """A named entry of a mapping, with its lines (`last` is excluded)."""

    name: str
    node: Any
    first: int
    last: int


def require_plain_aliases(text: str, file: str, edited: str | None = None) -> None:
    """Raises CompanionError for a part of YAML text that repeats another one, which may go.

    A text that an entry repeats (`macros: *words`) may stay, as long as the `edited` file has it.
    """
    events = yaml.parse(text if edited is None else edited, LOADER)
    kept = {event.anchor for event in events if isinstance(event, yaml.ScalarEvent)}
    texts = set[str | None]()
    for event in yaml.parse(text, LOADER):
        mark: Any = event.start_mark
        if isinstance(event, yaml.ScalarEvent):
            texts |= kept & {event.anchor}
        if isinstance(event, yaml.AliasEvent):
            line = text.split("\n")[mark.line]
            if event.anchor not in texts or not re.fullmatch(r"\s*[\w-]+:\s+\*\S+\s*", line):
                what = f"*{event.anchor} repeats another part of the file"
                hint = "nothing was changed; write out here what it repeats"
                raise CompanionError(what, where=f"{file}:{mark.line + 1}", hint=hint)


def yaml_entries(text: str) -> list[YamlEntry]:
    """The entries of a mapping in YAML text; none for any other text."""
    return list(children(yaml.compose(text, LOADER), text.split("\n")))


def children(node: Any, lines: Sequence[str]) -> Iterator[YamlEntry]:
    """The entries of a mapping, or the items of a list, by their text."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    if isinstance(node, yaml.SequenceNode):
        pairs = [(item, item) for item in node.value]
    for key, value in pairs:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        is_alias = value.start_mark.line < key.start_mark.line
        last = key.start_mark.line + 1 if is_alias else _end(value, lines)
        while last > key.start_mark.line + 1 and BETWEEN.match(lines[last - 1]):
            last -= 1
        yield YamlEntry(name, value, key.start_mark.line, last)


def _end(node: Any, lines: Sequence[str]) -> int:
    """The line before which a node ends; a block ends where the next thing begins."""
    style = node.style if isinstance(node, yaml.ScalarNode) else "" if node.flow_style else "|"
    end = node.end_mark
    at_the_end = end.line == len(lines) - 1 and end.column == len(lines[-1])
    return int(end.line) + (style not in ("|", ">") or at_the_end)


def claim_entries(text: str) -> Iterator[YamlEntry]:
    """The claims of a claims.yml, whether or not they are below a section."""
    lines = text.split("\n")
    for entry in yaml_entries(text):
        inner = list(children(entry.node, lines))
        yield from [entry] if any(e.name in OF_A_CLAIM for e in inner) else inner


def pruned(text: str, gone: Gone) -> str:
    """The text without the entries and items that are `gone`, and what would be empty without them.

    `gone` is called with each key and each item of a list, and its line from 0.
    """
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))

    def edits_of(node: Any) -> tuple[list[TextEdit], bool]:
        """The edits of a mapping or list, and whether all of it is removed."""
        edits, kept = list[TextEdit](), []
        parts = list(children(node, lines))
        for part in parts:
            inner, is_empty = edits_of(part.node)
            if is_empty or gone(part.name, part.first):
                edits.append((starts[part.first], min(starts[part.last], len(text)), ""))
            else:
                kept.append(part.node)
                edits += inner
        if parts and node.flow_style and len(kept) < len(parts):
            items = ", ".join(text[n.start_mark.index : n.end_mark.index] for n in kept)
            edits = [(node.start_mark.index + 1, node.end_mark.index - 1, items)]
        return edits, bool(parts) and not kept

    edits, is_empty = edits_of(yaml.compose(text, LOADER))
    after = text
    for start, end, instead in sorted(edits, reverse=True):
        after = after[:start] + instead + after[end:]
    return "" if is_empty else after
