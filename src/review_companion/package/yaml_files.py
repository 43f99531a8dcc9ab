"""The one reader of YAML: a subset that has one reading, within limits, told in an author's words.

Mappings, lists, text, whole numbers and decimals (with their printed digits), true, false and
null; anchors and aliases. "no", "on", "1:30" and dates are text, as in YAML 1.2. What programs
read in different ways is refused rather than read as another number: 017, 0x1F, 1_000, .inf, tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from ..errors import CompanionError
from .defaults import with_defaults
from .files import left_from_a_merge, read_text
from .yaml_faults import refusal
from .yaml_nodes import Node as Node
from .yaml_nodes import Written as Written
from .yaml_nodes import mappings as mappings

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


def read_yaml(path: Path) -> Node:
    """The mapping in a YAML file, over the defaults where the review starts from them.

    An absent or empty file is an empty mapping. Raises CompanionError with file and line for what
    is not YAML, is no mapping, names a key twice, or is more than this reader takes.
    """
    return with_defaults(path, _read(path, path.name), _read)


def _read(path: Path, name: str) -> Node:
    if not path.exists() and not path.is_symlink():
        return Node()
    content = parse_yaml(read_text(path), name)
    if content is None:
        return Node()
    if not isinstance(content, Node):
        raise CompanionError("must be a mapping of names", where=str(path))
    return content


def read_entries(path: Path) -> Node:
    """The same, where each name must have a mapping."""
    content = read_yaml(path)
    for name, entry in content.items():
        if not isinstance(entry, Node):
            raise CompanionError(f"“{name}” must be a mapping", where=str(path))
    return content


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
        raise refusal(error, text, file) from None
    except yaml.reader.ReaderError as error:
        row = text.count("\n", 0, error.position) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        what = f"a control character (U+{code:04X})"
        raise CompanionError(what, where=f"{file}:{row}") from None
    return reading.content


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
        self._require(not self._key_is_next(), event, "a key must be text in one line")
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
        self._require(key and key.isprintable(), event, "a key must be text in one line")
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
        self._require(not self._key_is_next(), event, "a key must be text in one line")
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
