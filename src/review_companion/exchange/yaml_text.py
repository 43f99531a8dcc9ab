"""YAML as lines: entries and list items taken out of it, every other line kept as it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

KEY = re.compile(r"""^( *)(?:- )?("[^"]*"|'[^']*'|[^\s#'"][^:#]*):(?: |$)""")
ITEM = re.compile(r"^( *)- (.*)$")
FLOW = re.compile(r"(?<=: )\[([^\[\]{}]*)\]")
OF_A_CLAIM = ("section", "fragment", "label", "printed")

Gone = Callable[[str], bool]


@dataclass(frozen=True)
class Entry:
    """A named part of a YAML text: its lines are first to last, without the last."""

    name: str
    first: int
    last: int


def entries(lines: list[str], first: int = 0, last: int | None = None) -> Iterator[Entry]:
    """The mappings' entries between two lines that stand least indented."""
    end = len(lines) if last is None else last
    number = first
    while number < end:
        found = KEY.match(lines[number])
        if found is None or lines[number].lstrip().startswith("#"):
            number += 1
            continue
        stop = _end(lines, number, end)
        yield Entry(found[2].strip("\"'"), number, stop)
        number = stop


def claim_entries(lines: list[str]) -> Iterator[Entry]:
    """The claims of a claims.yml, also where they stand below the section they are printed in."""
    for entry in entries(lines):
        inner = list(entries(lines, entry.first + 1, entry.last))
        yield from [entry] if any(e.name in OF_A_CLAIM for e in inner) else inner


def _end(lines: list[str], first: int, end: int) -> int:
    """The line behind an entry or item; blank lines and comments behind it are not its own."""
    indent = _indent(lines[first])
    is_item = lines[first].lstrip().startswith("- ")
    last = first + 1
    for number in range(first + 1, end):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        own_item = not is_item and line.lstrip().startswith("- ") and _indent(line) == indent
        if _indent(line) <= indent and not own_item:
            break
        last = number + 1
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def without(lines: list[str], taken: list[Entry]) -> list[str]:
    """The lines without some entries, and without the headings that nothing stands below then."""
    dropped = {n for entry in taken for n in range(entry.first, entry.last)}
    for entry in entries(lines):
        own = range(entry.first + 1, entry.last)
        if len(own) and all(n in dropped or not lines[n].strip() for n in own):
            dropped |= {entry.first, *own}
    return [line for number, line in enumerate(lines) if number not in dropped]


def pruned(lines: list[str], gone: Gone) -> list[str]:
    """The lines without list items and entries whose name is gone; `gone` looks at one scalar."""
    while True:
        number = next((n for n, line in enumerate(lines) if _is_gone(line, gone)), None)
        if number is None:
            break
        lines = _without_block(lines, number)
    found: list[str] = []
    for line in lines:
        short = FLOW.sub(lambda m: _shorter(m[1], gone), line)
        if short == line or not short.rstrip().endswith(": []"):
            found.append(short)
    return found


def _is_gone(line: str, gone: Gone) -> bool:
    item, key = ITEM.match(line), KEY.match(line)
    if key and not line.lstrip().startswith("- "):
        return gone(key[2].strip("\"'"))
    return bool(item and gone(item[2].strip().strip("\"'")))


def _without_block(lines: list[str], number: int) -> list[str]:
    """Without an entry or item, and without what it leaves empty."""
    indent = _indent(lines[number])
    rest = lines[:number] + lines[_end(lines, number, len(lines)) :]
    above = number - 1
    heads = above >= 0 and rest[above].rstrip().endswith(":") and _indent(rest[above]) <= indent
    if heads and _end(rest, above, len(rest)) == number:
        return _without_block(rest, above)
    return rest


def _shorter(items: str, gone: Gone) -> str:
    kept = [item for item in items.split(",") if not gone(item.strip().strip("\"'"))]
    if len(kept) == items.count(",") + 1:
        return f"[{items}]"
    return f"[{','.join(kept).strip()}]"
