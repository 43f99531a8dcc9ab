"""Checks single cells: what Frictionless finds of types and constraints, in words that help.

A printed number must be plain digits with a decimal point, so that its precision can be read off.
Frictionless takes a second to load, and most packages need nothing of it: plain fields are read
here as it would read them. A test holds the one against the other.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..imports import frictionless
from .problems import Severity, did_you_mean
from .yaml_files import COLUMN, keys

Broken = Callable[[str], list[str]]  # the constraints that a cell breaks

NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?", re.ASCII)
INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
NUMBERS = ("integer", "number")
FORMS = {"number": NUMBER, "integer": INTEGER, "boolean": re.compile("true|false")}
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
LATIN = re.compile("[A-Za-z]")
ALIEN = re.compile("[\u0400-\u04ffΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]")
JOINERS = "\u200c\u200d"  # which some scripts and emoji need
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
ALIKE = str.maketrans(DASHES + "“”„‟«»‘’‚‛‹›", "-" * len(DASHES) + '""""""' + "''''''")
PLAIN = str.maketrans(DASHES + "\u00a0\u2007\u2009\u202f", "-" * len(DASHES) + " " * 4, "‘’“”„`\"'")
LOOKALIKES = str.maketrans("OoIlS", "00115")
TYPES = {
    "integer": "a whole number",
    "number": "a number such as 17.0",
    "date": "a date such as 2024-05-31",
    "year": "a year such as 2024",
    "boolean": "true or false",
    "string": "text",
}
ALWAYS = {"required": (bool,), "unique": (bool,)}
PLAIN_LIMITS: Mapping[str, Mapping[str, tuple[type, ...]]] = {  # of types that are read here
    "string": {**ALWAYS, "pattern": (str,), "enum": (list,)},
    "integer": {**ALWAYS, "minimum": (int,), "maximum": (int,)},
    "number": {**ALWAYS, "minimum": (int, float), "maximum": (int, float)},
    "boolean": ALWAYS,
    "date": ALWAYS,
}
CODE = "code"  # no type: what is one of some words
LISTED_VALUES = 12
MOST_CHARACTERS = 32_767
LONGEST_PATTERN = 30
NO_ZERO = re.compile(r"([+-]?)(\.\d+)", re.ASCII)
WORD = re.compile(r"[^\W\d_]+")
FIGURES = re.compile(r"\d*\.?\d+")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell's value, without saying in which cell."""

    code: str
    expected: str = ""
    message: str = ""
    severity: Severity = "error"


@dataclass(frozen=True)
class ColumnCheck:
    """Checks the values of one column."""

    descriptor: Mapping[str, Any]
    broken: Broken

    def __call__(self, value: str) -> list[Fault]:
        """What is wrong with the value; an empty list for nearly all values."""
        if spoilt := _spoilt(value):
            return [spoilt]
        kind = self.descriptor.get("type", "string")
        if value and kind in FORMS and not FORMS[kind].fullmatch(value):
            return [Fault("type", expectation(self.descriptor), diagnosis(value, kind))]
        found = [self._finding(code, value) for code in self.broken(value)]
        return found or _oddities(value, kind)

    def _finding(self, code: str, value: str) -> Fault:
        limits, kind = self.descriptor.get("constraints", {}), self.descriptor.get("type", "string")
        choices: list[str] = []
        if code == "enum":
            kind, choices = CODE, [str(choice) for choice in limits["enum"]]
        elif code == "pattern":
            choices = alternatives(str(limits["pattern"]))
        hint = did_you_mean(value, choices) or _abbreviated(value, choices)
        hint = "the cell is blank" if code == "required" else hint or diagnosis(value, kind)
        return Fault(code, expectation(self.descriptor), hint)


def folded(text: str) -> str:
    """The text with case, accents as stored, dashes, quotes and white space made alike."""
    return " ".join(unicodedata.normalize("NFC", text).translate(ALIKE).casefold().split())


def column_check(descriptor: Mapping[str, Any]) -> ColumnCheck:
    """The check for a Frictionless field descriptor."""
    field = judged(descriptor)
    if is_plain(field):
        return ColumnCheck(descriptor, broken_constraints(field))
    read = frictionless().Field.from_descriptor(field).create_cell_reader()
    return ColumnCheck(descriptor, lambda cell: list(read(cell)[1] or ()))


def judged(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a field that decide which cells are allowed."""
    return {k: v for k, v in descriptor.items() if k not in keys(COLUMN) and k != "description"}


def is_plain(field: Mapping[str, Any]) -> bool:
    """Whether the `judged` parts of a field are valid, and so common that they are read here."""
    known = PLAIN_LIMITS.get(field.get("type", ""), {})
    limits = field.get("constraints", {})
    return (
        bool(known)
        and field.keys() <= {"name", "type", "constraints"}
        and all(type(value) in known.get(name, ()) for name, value in limits.items())
        and all(isinstance(choice, str) for choice in limits.get("enum", ()))
    )


def broken_constraints(field: Mapping[str, Any]) -> Broken:
    """For a plain field what Frictionless says: a function from a cell to what it breaks.

    Whether a number or a truth value is written as one was checked before.
    """
    kind, limits = field["type"], field.get("constraints", {})
    pattern = re.compile(f"^{limits.get('pattern', '')}$")
    holds: dict[str, Callable[[str], bool]] = {
        "minimum": lambda cell: Decimal(cell) >= Decimal(str(limits["minimum"])),
        "maximum": lambda cell: Decimal(cell) <= Decimal(str(limits["maximum"])),
        "pattern": lambda cell: pattern.match(cell) is not None,
        "enum": lambda cell: cell in limits["enum"],
    }
    asked = {name: test for name, test in holds.items() if name in limits}

    def broken(cell: str) -> list[str]:
        if cell == "":
            return ["required"] if limits.get("required") else []
        if kind == "date" and not _is_date(cell):
            return ["type"]
        return [name for name, test in asked.items() if not test(cell)]

    return broken


def _is_date(cell: str) -> bool:
    try:
        return bool(datetime.strptime(cell, "%Y-%m-%d"))
    except ValueError:
        return False


def expectation(descriptor: Mapping[str, Any]) -> str:
    """What a field allows, to complete "expected …"."""
    limits = descriptor.get("constraints", {})
    kind, pattern = str(descriptor.get("type", "string")), str(limits.get("pattern", ""))
    words, is_long = TYPES.get(kind, kind), len(pattern) > LONGEST_PATTERN
    names = limits.get("enum") or (alternatives(pattern) if is_long else ())
    if names:
        rest = " …" if len(names) > LISTED_VALUES else ""
        return f"one of: {', '.join(map(str, names[:LISTED_VALUES]))}{rest}"
    if pattern:
        return f"{words} of its form" if is_long else f"{words} of the form {pattern}"
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None and high is not None:
        return f"{words} from {low} to {high}"
    if low is not None or high is not None:
        return f"{words} {f'≥ {low}' if low is not None else f'≤ {high}'}"
    return words


def _abbreviated(value: str, choices: Collection[str]) -> str:
    """A question that suggests the one choice of these initials, or that begins with this word."""
    short = value.strip().casefold()
    parts = {choice: re.split("[-_ ]", choice) for choice in choices}
    found = [c for c, ws in parts.items() if short in ("".join(w[:1] for w in ws), ws[0])]
    found = [c for c in found if len(parts[c]) > 1]
    return f'did you mean "{found[0]}"?' if len(found) == 1 else ""


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern as names, each up to its first variable part: "table-…"."""
    inner = pattern[1:-1] if pattern.startswith("(") and pattern.endswith(")") else pattern
    names, depth, start = [], 0, 0
    for place, character in enumerate(f"{inner}|"):
        depth += (character in "([") - (character in ")]")
        if character == "|" and not depth:
            names.append(re.sub(r"[\[(\\.*+?{].*", "…", inner[start:place], flags=re.DOTALL))
            start = place + 1
    return [name for name in dict.fromkeys(names) if name]


@cache
def _patterns(part: str) -> list[tuple[re.Pattern[str], Mapping[str, Any]]]:
    """The entries of a part of `spoilt_values.toml`, each with its pattern."""
    known = tomllib.loads(Path(__file__).with_name("spoilt_values.toml").read_text("utf-8"))
    found = []
    for entry in known[part]:
        pattern = entry["pattern"]
        for name, meaning in known["parts"].items():
            pattern = pattern.replace(name, meaning)
        found.append((re.compile(pattern), entry))
    return found


def diagnosis(value: str, kind: str) -> str:
    """What probably happened to a value that is not of its type, or ""."""
    plain = value.translate(PLAIN).strip()
    texts = {"value": value, "bare": value.strip(), "plain": plain}
    texts |= {"digits": plain.translate(LOOKALIKES), "comma": plain.replace(",", ".")}
    ours = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    ours = NO_ZERO.sub(r"\g<1>0\2", ours) if NO_ZERO.fullmatch(ours) else ours
    texts |= {"point": value.replace("·", "."), "ours": ours}
    for pattern, entry in _patterns("value"):
        concerns = kind in entry.get("of", [kind]) and kind not in entry.get("but", ())
        if concerns and (found := pattern.fullmatch(texts[entry["in"]])):
            return str(entry["says"].format(*found.groups(), **texts))
    return _several(value) if kind in NUMBERS else ""


def _several(value: str) -> str:
    """What to do about figures among words and signs: a cell holds one figure and nothing else."""
    figures = FIGURES.findall(value)
    if len(figures) > 1:
        return "more than one figure: each needs a cell of its own"
    alone = "".join(f"0{f}" if f.startswith(".") else f for f in figures)
    return f'a cell holds the figure alone: write "{alone}"' if alone else ""


def _spoilt(value: str) -> Fault | None:
    if len(value) > MOST_CHARACTERS:
        held = f"at most {MOST_CHARACTERS:,} characters, as many as a spreadsheet’s cell holds"
        return Fault("too-long", held, f"there are {len(value):,}")
    if value.isascii() and value.isprintable() and not value.startswith("#"):
        return None
    if "\ufffd" in value:
        return Fault("lost-character", message="a character was lost (\ufffd)")
    if CONTROL.search(value):
        return Fault("control-character", "text without control characters")
    if (message := diagnosis(value, "string")) and value.strip().startswith("#"):
        return Fault("sheet-error", message=message)
    return None


def _oddities(value: str, kind: str) -> list[Fault]:
    if kind != "string" or not value:
        return []
    found = [entry["says"] for pattern, entry in _patterns("text") if pattern.search(value)]
    beyond = "" if value.isascii() else value
    hidden = [c for c in beyond if unicodedata.category(c) == "Cf" and c not in JOINERS]
    if hidden:
        found.append(f"a mark that is not seen (U+{ord(hidden[0]):04X}): type the word again")
    if not unicodedata.is_normalized("NFC", beyond):
        found.append("letters and accents stored apart: type the word again")
    if any(LATIN.search(word) and ALIEN.search(word) for word in WORD.findall(beyond)):
        found.append("letters of two alphabets in a word, which look alike: type it again")
    return [Fault("odd-text", message=message, severity="warning") for message in found]
