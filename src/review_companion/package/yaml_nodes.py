"""YAML of an author: a subset that has one reading, within limits, each fault in an author's words.

Mappings and texts know where they are written. What is read are mappings, lists, text, whole
numbers and decimals (with their printed digits), true, false and null; anchors and aliases. "no",
"on", "1:30" and dates are text, as in YAML 1.2. What programs read in different ways is refused
rather than read as another number: 017, 0x1F, 1_000, .inf, tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from ..errors import CompanionError, nearest
from .files import left_from_a_merge

DEEPEST = 60
MOST_NODES = 1_000_000  # aliases counted as what they stand for
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
REFUSALS = (  # what the parser says, what the author did, a hint
    ("tab character", "a tab stands where blanks indent the line", "indent with spaces"),
    ("quoted scalar found unexpected", "a quotation mark is opened and never closed", None),
    ("cannot start any token", "text cannot begin with “{begin}” here", "put the text in quotes"),
    (
        "mapping values are not allowed",
        "“: ” within text, or a line that is indented otherwise than those above",
        "put text with a colon in quotes",
    ),
    (
        "flow",
        "a [ or { is opened and does not end as it should",
        "text with a comma, a colon or a bracket within [ ] or { } needs quotes",
    ),
    (
        "block mapping|block collection",
        "this line does not fit those above: its indentation, or text after a closing quote",
        "keys of one mapping begin in one column",
    ),
    (
        "simple key",
        "a key without “:” after it, or text over two lines",
        "put text of several lines in quotes, or after “>-”",
    ),
)


class Written(str):
    """A text that knows where it is written: file, line and column (from 1) of its beginning.

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
    """A mapping that remembers where it is written, and says so of a key that it lacks."""

    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

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
    """File and line of a text that knows them."""
    known = isinstance(text, Written) and text.file
    return f"{text.file}:{text.line}" if known else otherwise


def check_keys(spec: Mapping[str, Any], keys: Iterable[str], what: str, where: str = "") -> None:
    """Raises CompanionError for a key that is not known, with the one most like it."""
    if not isinstance(spec, Mapping):
        raise CompanionError(f"{what} must be a mapping", where=where or None)
    known = sorted(keys)
    for key, value in spec.items():
        if key not in known:
            place = where or place_of(value, getattr(spec, "where", ""))
            what = f"{what} has no “{key}”"
            raise CompanionError(what, where=place or None, hint=nearest(str(key), known))


def parse_yaml(text: str, file: str) -> Any:
    """What YAML text holds; `file` is how the text is called in a CompanionError."""
    if row := left_from_a_merge(text):
        hint = "keep one of the two versions and remove the lines <<<<<<<, =======, >>>>>>>"
        raise CompanionError("left over from a merge", where=f"{file}:{row}", hint=hint)
    reading = _Reading(file)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            reading.take(event)
    except yaml.MarkedYAMLError as error:
        raise _refusal(error, text, file) from None
    except yaml.reader.ReaderError as error:
        row = text.count("\n", 0, error.position) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        what = f"a control character (U+{code:04X})"
        raise CompanionError(what, where=f"{file}:{row}") from None
    return reading.content


def _refusal(error: yaml.MarkedYAMLError, text: str, file: str) -> CompanionError:
    """The message with file and line for an error of the parser: what its author did."""
    mark = error.problem_mark or error.context_mark
    row = mark.line + 1 if mark else 1
    lines = text.splitlines()
    line = lines[row - 1] if row <= len(lines) else ""
    problem = f"{error.context or ''} {error.problem or ''}".strip()
    if re.match(r"\s*\t", line):
        problem = "tab character"
    value = line.partition(": ")[2].strip() or line.strip().lstrip("- ")
    otherwise = f"not readable as YAML: {error.problem}", "look at this line and the one above"
    known = (said for found, *said in REFUSALS if re.search(found, problem))
    what, hint = next(known, otherwise)
    what = (what or "").replace("{begin}", value[:1])
    if "opened" in what and error.context_mark:
        row = error.context_mark.line + 1
    while row > 1 and not "".join(lines[row - 1 : row]).strip():
        row -= 1  # the end of the text is found behind its last line
    return CompanionError(what, where=f"{file}:{row}", hint=hint)


@dataclass
class _Open:
    """A mapping or list that is being read; `key` waits for its value."""

    content: Any
    anchor: str | None
    size: int = 1
    key: str | None = None
    rows: dict[str, int] = field(default_factory=dict)


@dataclass
class _Reading:
    """Builds the content from the parser's events, without recursion."""

    file: str
    content: Any = None
    documents: int = 0
    within: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            self._require(self.documents == 1, event, "a second document begins (---): remove it")
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.within.pop()
            self._keep(done.anchor, done.content, done.size)
            self._place(done.content, done.size, event)

    def _require(self, holds: object, event: Any, what: str, hint: str = "") -> None:
        if not holds:
            where = f"{self.file}:{_row(event)}"
            raise CompanionError(what, where=where, hint=hint or None)

    def _begin(self, event: Any) -> None:
        self._refuse_tag(event)
        self._require(len(self.within) < DEEPEST, event, "nested too deeply")
        self._require(not self._key_is_next(), event, IN_ONE_LINE)
        content: Any = []
        if isinstance(event, yaml.MappingStartEvent):
            content = Node()
            content.file, content.line = self.file, _row(event)
        self.within.append(_Open(content, event.anchor))

    def _key_is_next(self) -> bool:
        last = self.within[-1] if self.within else None
        return last is not None and isinstance(last.content, Node) and last.key is None

    def _refuse_tag(self, event: Any) -> None:
        hint = "put text that begins with ! in quotes"
        self._require(event.tag in (None, "!"), event, f"the tag {event.tag} is not read", hint)

    def _scalar(self, event: Any) -> None:
        self._refuse_tag(event)
        if self._key_is_next():
            self._key(event)
            return
        value = self._value(event) if event.implicit[0] else event.value
        if isinstance(value, str):
            value = self._written(value, event)
        self._keep(event.anchor, value, 1)
        self._place(value, 1, event)

    def _key(self, event: Any) -> None:
        key = event.value
        self._require(key and key.isprintable(), event, IN_ONE_LINE)
        self._require(
            key != "<<" or not event.implicit[0], event, "“<<” is not read: write the keys out"
        )
        held = self.within[-1]
        first = held.rows.setdefault(key, _row(event))
        known = key in held.content
        self._require(not known, event, f"the key “{key}” stands in line {first} already")
        held.key = key

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
        what = f"“{shown}” is no number that has one reading"
        self._require(not DOUBTFUL.fullmatch(text), event, what, hint)
        return text

    def _written(self, text: str, event: Any) -> Written:
        row, column = _row(event), event.start_mark.column + 1
        if event.style in ("|", ">"):
            return Written(text, self.file, row + 1)
        return Written(text, self.file, row, column + (event.style in ("'", '"')))

    def _keep(self, anchor: str | None, value: Any, size: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (value, size)

    def _alias(self, event: Any) -> None:
        known = event.anchor in self.anchors
        hint = "put text that begins with * in quotes"
        self._require(known, event, f"no anchor is named “{event.anchor}”", hint)
        self._require(not self._key_is_next(), event, IN_ONE_LINE)
        self._place(*self.anchors[event.anchor], event)

    def _place(self, value: Any, size: int, event: Any) -> None:
        if not self.within:
            self.content = value
            return
        held = self.within[-1]
        held.size += size
        self._require(held.size <= MOST_NODES, event, "holds more than is read")
        if isinstance(held.content, list):
            held.content.append(value)
        else:
            held.content[held.key], held.key = value, None


def _row(event: Any) -> int:
    return int(event.start_mark.line) + 1
