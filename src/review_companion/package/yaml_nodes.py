"""Reads an author's YAML: an unambiguous subset, within limits, with faults in plain words.

Mappings, their keys and texts know where they are written. What is read are mappings, lists, text,
whole numbers and decimals (with their printed digits), true, false and null; anchors and aliases.
"no", "on", "1:30" and dates are text, as in YAML 1.2. What programs read in different ways is
refused rather than read as another number: 017, 0x1F, 1_000, .inf, tags.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..errors import CompanionError, nearest
from .files import merge_marker_line

DEEPEST = 60
MOST_NODES = 1_000_000  # an alias counts as often as what it repeats
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOTHING = ("", "~", "null", "Null", "NULL")
TRUTH = {"true": True, "false": False}
WHOLE = re.compile(r"[-+]?(0|[1-9]\d{0,17})", re.ASCII)
DECIMAL = re.compile(r"[-+]?((0|[1-9]\d{0,17})\.\d{1,18}|\.\d{1,18})", re.ASCII)
DOUBTFUL = re.compile(
    r"[-+]?(0[\d_]+|[\d_]*\.[\d_]+|\d[\d_]*\.?|0[xob][\da-f_]+|[\d_]*\.?[\d_]+e[-+]?\d+|\.inf|\.nan)",
    re.ASCII | re.IGNORECASE,
)
IN_ONE_LINE = "a key must be text in one line"
UNSEEN = "it holds a no-break space, which looks like a space: type the line again"
TYPOGRAPHIC_MARKS = tuple("“”„‘’«»")
TYPOGRAPHIC = 'typographic quotation marks enclose no text: write "…"'
STARRED = "put text that begins with * in quotes"


class Written(str):
    """A text that knows its file, line and column (from 1).

    Of a text over several lines (after | or >) the column is not known: 0.
    """

    file: str
    line: int
    column: int

    def __new__(cls, text: str, file: str = "", line: int = 0, column: int = 0) -> Written:
        written = super().__new__(cls, text)
        written.file, written.line, written.column = file, line, column
        return written


class Node(dict[str, Any]):
    """A mapping that knows its file and line, and names them in the error for a missing key."""

    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file  # an empty file has no line

    def __missing__(self, key: str) -> Any:
        has = f"it has {', '.join(self)}" if self else "it is empty"
        raise CompanionError(f"“{key}” is missing", where=self.where, hint=has)


def mappings(spec: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """The list of mappings at a key; CompanionError with file and line for anything else."""
    found = spec[key]
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        where = getattr(spec, "where", None)
        raise CompanionError(f"“{key}” must be a list of mappings", where=where)
    return found


def place_of(text: Any, otherwise: str) -> str:
    """File and line of a text that knows them, else `otherwise`."""
    known = isinstance(text, Written) and text.file
    return f"{text.file}:{text.line}" if known else otherwise


def without_empty(value: Any) -> Any:
    """The value; a mapping without the keys that say nothing, which keeps its file and line."""
    if not isinstance(value, Node):
        return value
    found = copy(value)
    found.clear()
    found.update((key, without_empty(each)) for key, each in value.items() if each is not None)
    return found


def check_keys(spec: Mapping[str, Any], keys: Iterable[str], what: str) -> None:
    """Raises CompanionError for a key that is not known, with the one most like it."""
    known = sorted(keys)
    for key in (key for key in spec if key not in known):
        place = place_of(key, getattr(spec, "where", "")) or None
        raise CompanionError(f"{what} has no “{key}”", where=place, hint=nearest(str(key), known))


@lru_cache(maxsize=128)
def parse_yaml(text: str, file: str) -> Any:
    """The content of YAML text, not to be changed; `file` is its name in a CompanionError."""
    if row := merge_marker_line(text):
        hint = "keep one of the two versions and remove the lines <<<<<<<, =======, >>>>>>>"
        raise CompanionError("left over from a merge", where=f"{file}:{row}", hint=hint)
    try:
        return _Reader(text, file).document()
    except yaml.MarkedYAMLError as error:
        raise _refusal(error, text, file) from None
    except yaml.reader.ReaderError as error:
        row = text.count("\n", 0, error.position) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        what = f"a control character (U+{code:04X})"
        raise CompanionError(what, where=f"{file}:{row}") from None


@cache
def _refusals() -> list[dict[str, str]]:
    text = Path(__file__).with_name("yaml_refusals.toml").read_text("utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)["refusal"]
    return found


def _refusal(error: yaml.MarkedYAMLError, text: str, file: str) -> CompanionError:
    """The message for an error of the parser, with file and line: what its author did wrong."""
    mark = error.problem_mark or error.context_mark
    row = mark.line + 1 if mark else 1
    lines = text.splitlines()
    line = lines[row - 1] if row <= len(lines) else ""
    problem = f"{error.context or ''} {error.problem or ''}".strip()
    if re.match(r"\s*\t", line):
        problem = "tab character"
    value = line.partition(": ")[2].strip() or line.strip().lstrip("- ")
    otherwise = {
        "what": f"not readable as YAML: {error.problem}",
        "hint": "look at this line and the one above",
    }
    known = (said for said in _refusals() if re.search(said["parser"], problem))
    said = next(known, otherwise)
    what, hint = said["what"].replace("{begin}", value[:1]), said.get("hint")
    hint = TYPOGRAPHIC if value.startswith(TYPOGRAPHIC_MARKS) else hint
    if "opened" in what and error.context_mark:
        row = error.context_mark.line + 1
    while row > 1 and not "".join(lines[row - 1 : row]).strip():
        row -= 1  # the parser finds the end after the last line
    return CompanionError(what, where=f"{file}:{row}", hint=hint)


class _Reader:
    """Builds the content from the parser's events."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
        self._anchors: dict[str | None, tuple[Any, int]] = {}
        self._size = 0

    def document(self) -> Any:
        content, documents = None, 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._require(documents == 1, event, "a second document begins (---): remove it")
            elif isinstance(event, yaml.NodeEvent):
                content = self._node(event, 0)
        return content

    def _require(self, holds: object, event: Any, what: str, hint: str | None = None) -> None:
        if not holds:
            raise CompanionError(what, where=f"{self._file}:{_row(event)}", hint=hint)

    def _node(self, event: Any, depth: int) -> Any:
        """The content that begins with an event."""
        before = self._size
        if isinstance(event, yaml.AliasEvent):
            known = event.anchor in self._anchors
            self._require(known, event, f"no anchor is named “{event.anchor}”", STARRED)
            found, more = self._anchors[event.anchor]
        else:
            found, more = self._read(event, depth), 1
        self._size += more
        self._require(self._size <= MOST_NODES, event, "holds more than is read")
        if event.anchor is not None:
            self._anchors[event.anchor] = found, self._size - before
        return found

    def _read(self, event: Any, depth: int) -> Any:
        self._refuse_tag(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        self._require(depth < DEEPEST, event, "nested too deeply")
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._node(part, depth + 1) for part in self._parts()]
        mapping, rows = Node(), dict[str, int]()
        mapping.file, mapping.line = self._file, _row(event)
        for part in self._parts():
            key = self._key(part, rows)
            mapping[key] = self._node(next(self._events), depth + 1)
        return mapping

    def _parts(self) -> Iterator[Any]:
        """The events with which items or keys of a collection begin."""
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def _refuse_tag(self, event: Any) -> None:
        hint = "put text that begins with ! in quotes"
        self._require(event.tag in (None, "!"), event, f"the tag {event.tag} is not read", hint)

    def _key(self, event: Any, rows: dict[str, int]) -> Written:
        hint = STARRED if isinstance(event, yaml.AliasEvent) else None
        self._require(isinstance(event, yaml.ScalarEvent), event, IN_ONE_LINE, hint)
        self._refuse_tag(event)
        key = str(event.value)
        unseen = UNSEEN if "\u00a0" in key else None
        self._require(key and key.isprintable(), event, IN_ONE_LINE, unseen)
        is_merge = key == "<<" and event.implicit[0]
        self._require(not is_merge, event, "“<<” is not read: write the keys out")
        known = rows.get(key)
        self._require(not known, event, f"the key “{key}” is in line {known} already")
        rows[key] = _row(event)
        return Written(key, self._file, rows[key], event.start_mark.column + 1)

    def _scalar(self, event: Any) -> Any:
        value = self._value(event) if event.implicit[0] else event.value
        if not isinstance(value, str):
            return value
        row, column = _row(event), event.start_mark.column + 1
        if event.style in ("|", ">"):
            return Written(value, self._file, row + 1)
        return Written(value, self._file, row, column + (event.style in ("'", '"')))

    def _value(self, event: Any) -> Any:
        text = event.value
        if text in NOTHING:
            return None
        if text in TRUTH:
            return TRUTH[text]
        if WHOLE.fullmatch(text):
            return int(text)
        if DECIMAL.fullmatch(text):
            return Decimal(text)
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        hint = "write plain digits, or put it in quotes if it is text"
        what = f"“{shown}” can be read as different numbers"
        self._require(not DOUBTFUL.fullmatch(text), event, what, hint)
        return text


def _row(event: Any) -> int:
    return int(event.start_mark.line) + 1
