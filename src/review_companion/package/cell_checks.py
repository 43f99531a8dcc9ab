"""Checks single cells: this module words what Frictionless finds of types and constraints.

A printed number must be plain digits with a decimal point, so that its precision can be read off.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..imports import frictionless
from .definition_schema import COLUMN, keys
from .plain_descriptors import cell_reader, is_plain
from .problems import Severity, did_you_mean

NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?", re.ASCII)
INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
FORMS = {"number": NUMBER, "integer": INTEGER, "boolean": re.compile("true|false")}
MONTH = r"(jan|feb|m[aä]r|mrz|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zä]*\.?"
DATE = re.compile(
    rf"\d{{1,2}}[-./ ]+{MONTH}([-./ ]+\d{{2,4}})?|{MONTH}[-./ ]+\d{{1,4}}"
    r"|\d{4}-\d\d-\d\d([ T][\d:.]+)?|\d{1,2}[./]\d{1,2}[./](\d{2,4})?",
    re.IGNORECASE,
)
DATE_IN_TEXT = re.compile(
    rf"\d{{1,2}}[-. ]+{MONTH}|{MONTH}[- ]\d{{2}}|\d{{4}}-\d\d-\d\d([ T]00:00:00)?"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4}",
    re.IGNORECASE,
)
SHEET_ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|#+)")
MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf]|â€|ï»¿")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
LATIN = re.compile("[A-Za-z]")
ALIEN = re.compile("[\u0400-\u04ffΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]")
JOINERS = "\u200c\u200d"  # which some scripts and emoji need
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
ALIKE = str.maketrans(DASHES + "“”„‟«»‘’‚‛‹›", "-" * len(DASHES) + '""""""' + "''''''")
FORMULA = re.compile(r"[=@].|[+-]\S*[A-Za-z]\S*[(!|]", re.DOTALL)
QUOTES = "\u2018\u2019\u201c\u201d\u201e`\"'"
SPACES = "\u00a0\u2007\u2009\u202f"
LOOKALIKES = str.maketrans("OoIlS", "00115")
TYPES = {
    "integer": "a whole number",
    "number": "a number such as 17.0",
    "date": "a date such as 2024-05-31",
    "year": "a year such as 2024",
    "boolean": "true or false",
    "string": "text",
}
ANY_TEXT = ("name", "title", "description")  # any text will do
LISTED_VALUES = 12
MOST_CHARACTERS = 32_767
LONGEST_PATTERN = 30
ABSENT = re.compile(
    r"n\.?/?a\.?|n\.?r\.?|n\.?k\.?|n\.?s\.?|k\.?\s?a\.?|nd|nil|null|none|missing|unknown|unclear"
    r"|not (reported|available|applicable|given|known|stated)|[-‐‑‒–—―−.?/]+",
    re.IGNORECASE,
)
THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,' ]\d{3})+([.,]\d+)?")
COMMA = re.compile(r"[+-]?\d+,\d+")
RANGE = re.compile(r"\d+(\.\d+)?\s*-\s*\d+(\.\d+)?")
SIGNS = re.compile(r"[<>≤≥~≈%\s\d.,]+")
SHORTENED = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
NO_FRACTION = re.compile(r"([+-]?\d+)\.0+", re.ASCII)
NO_ZERO = re.compile(r"([+-]?)(\.\d+)", re.ASCII)
TIME = re.compile(r"\d{1,3}:\d\d(:\d\d)?")
FIGURES = re.compile(r"\d*\.?\d+")
YES = ("yes", "y", "ja", "j", "oui", "si", "sí", "t", "1", "x", "✓")
NO = ("no", "n", "nein", "non", "f", "0")
UNIT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*[^\W\d_][^\d]*")
SPREAD = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(?:±|\+/?-)\s*\d+(?:\.\d+)?.*")


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
    reader: Any

    def __call__(self, value: str) -> list[Fault]:
        """What is wrong with the value; an empty list for nearly all values."""
        if spoilt := _spoilt(value):
            return [spoilt]
        kind = self.descriptor.get("type", "string")
        if value and kind in FORMS and not FORMS[kind].fullmatch(value):
            return [Fault("type", expectation(self.descriptor), diagnosis(value, kind))]
        notes = self.reader(value)[1] or {}
        return [self._finding(code, value) for code in notes] or _oddities(value, kind)

    def _finding(self, code: str, value: str) -> Fault:
        limits = self.descriptor.get("constraints", {})
        hint = ""
        if code == "required":
            hint = "the cell is blank"
        elif code == "enum":
            choices = [str(c) for c in limits["enum"]]
            hint = did_you_mean(value, choices) or _abbreviated(value, choices)
            hint = hint or _absent(value)
        elif code == "pattern":
            hint = did_you_mean(value, alternatives(str(limits["pattern"])))
        hint = hint or diagnosis(value, self.descriptor.get("type", "string"))
        return Fault(code, expectation(self.descriptor), hint)


def folded(text: str) -> str:
    """The text with case, accents as stored, dashes, quotes and white space made alike."""
    return " ".join(unicodedata.normalize("NFC", text).translate(ALIKE).casefold().split())


def column_check(descriptor: Mapping[str, Any]) -> ColumnCheck:
    """The check for a Frictionless field descriptor."""
    return ColumnCheck(descriptor, _reader(bare(descriptor)))


def bare(descriptor: Mapping[str, Any]) -> str:
    """The parts of a field that Frictionless judges: fields that share them share a check."""
    own = {k: v for k, v in descriptor.items() if k not in keys(COLUMN) and k != "description"}
    odd = {k: v for k, v in descriptor.items() if k in ANY_TEXT and not isinstance(v, str)}
    return json.dumps({**own, "name": "x", **odd}, sort_keys=True)


@lru_cache(maxsize=2048)
def field_of(bare: str) -> Any:
    """The Frictionless field; raises FrictionlessException for a descriptor that is not valid."""
    return frictionless().Field.from_descriptor(json.loads(bare))


@lru_cache(maxsize=2048)
def _reader(bare: str) -> Any:
    descriptor = json.loads(bare)
    plain = is_plain("field", descriptor)
    return cell_reader(descriptor) if plain else field_of(bare).create_cell_reader()


def expectation(descriptor: Mapping[str, Any]) -> str:
    """What a field allows, to complete "expected …"."""
    limits = descriptor.get("constraints", {})
    if "enum" in limits:
        choices = [str(c) for c in limits["enum"]]
        rest = " …" if len(choices) > LISTED_VALUES else ""
        return f"one of: {', '.join(choices[:LISTED_VALUES])}{rest}"
    kind = str(descriptor.get("type", "string"))
    words = TYPES.get(kind, kind)
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None and high is not None:
        return f"{words} from {low} to {high}"
    if low is not None or high is not None:
        return f"{words} {f'≥ {low}' if low is not None else f'≤ {high}'}"
    if "pattern" in limits:
        return _of_form(words, str(limits["pattern"]))
    return words


def _abbreviated(value: str, choices: Collection[str]) -> str:
    """A question that suggests the one choice of these initials, or that begins with this word."""
    short = value.strip().casefold()
    parts = {choice: re.split("[-_ ]", choice) for choice in choices}
    found = [c for c, ws in parts.items() if short in ("".join(w[:1] for w in ws), ws[0])]
    found = [c for c in found if len(parts[c]) > 1]
    return f'did you mean "{found[0]}"?' if len(found) == 1 else ""


def _absent(value: str) -> str:
    return "not reported: leave the cell empty" if ABSENT.fullmatch(value.strip()) else ""


def _of_form(words: str, pattern: str) -> str:
    """What a pattern allows: itself if it is short, else how its alternatives begin."""
    if len(pattern) <= LONGEST_PATTERN:
        return f"{words} of the form {pattern}"
    names = alternatives(pattern)
    rest = ", …" if len(names) > LISTED_VALUES else ""
    return f"one of: {', '.join(names[:LISTED_VALUES])}{rest}" if names else f"{words} of its form"


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


def diagnosis(value: str, kind: str) -> str:
    """What probably happened to a value that is not of its type, or ""."""
    if kind != "string" and (absent := _absent(value)):
        return absent
    if kind == "boolean":
        word = value.strip().casefold()
        meant = "true" if word in YES else "false" if word in NO else ""
        return f'write "{meant}"' if meant else ""
    if SHEET_ERROR.fullmatch(value.strip()):
        return "a spreadsheet's error value"
    if kind == "date":
        return "write year-month-day" if DATE.fullmatch(value.strip()) else ""
    if kind not in ("number", "integer"):
        return ""
    if DATE.fullmatch(value.strip()):
        return "a spreadsheet turned a number into a date"
    if kind == "integer" and (whole := NO_FRACTION.fullmatch(value)):
        return f'a program wrote it as a decimal number: write "{whole[1]}"'
    return _number_diagnosis(value) or _several(value)


def _several(value: str) -> str:
    """What to do about figures among words and signs: a cell holds one figure and nothing else."""
    if value.startswith("="):
        return "a formula: write its result"
    figures = FIGURES.findall("" if NUMBER.fullmatch(value) else value)
    if len(figures) > 1:
        return "more than one figure: each needs a cell of its own"
    alone = "".join(f"0{f}" if f.startswith(".") else f for f in figures)
    return f'a cell holds the figure alone: write "{alone}"' if alone else ""


def _number_diagnosis(value: str) -> str:
    plain = value.translate({ord(c): "-" for c in DASHES} | {ord(c): None for c in QUOTES})
    plain = plain.translate({ord(c): " " for c in SPACES}).strip()
    point, digits = value.replace("·", "."), plain.translate(LOOKALIKES)
    ours = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    ours = NO_ZERO.sub(r"\g<1>0\2", ours) if NO_ZERO.fullmatch(ours) else ours
    candidates = (  # the first that holds says what happened
        (
            THOUSANDS.fullmatch(plain),
            "write it without separators between thousands, with a decimal point",
        ),
        (COMMA.fullmatch(plain), f'a decimal comma: write "{plain.replace(",", ".")}"'),
        (SPREAD.fullmatch(value), "a number and its spread: each needs a cell of its own"),
        ("·" in value and NUMBER.fullmatch(point), f'a raised point: write "{point}"'),
        (RANGE.fullmatch(plain), "a range: it needs one cell for each limit"),
        (plain == value and NUMBER.fullmatch(value), ""),
        (NUMBER.fullmatch(plain), f'typographic dashes, quotes or blanks: write "{plain}"'),
        (NUMBER.fullmatch(digits), f'letters among digits: "{digits}"?'),
        (NUMBER.fullmatch(ours), f'plain digits, and one before the point: write "{ours}"'),
        (TIME.fullmatch(plain), "a time of day, perhaps made by a spreadsheet: type the figure"),
        (SIGNS.fullmatch(plain), "signs and units belong in their own columns"),
        (SHORTENED.fullmatch(plain), "a spreadsheet shortened it: write all digits"),
    )
    if found := next((said for holds, said in candidates if holds), ""):
        return found
    if unit := UNIT.fullmatch(plain):
        return f'a unit, which the column names or another column holds: write "{unit[1]}"'
    return ""


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
    if SHEET_ERROR.fullmatch(value.strip()):
        return Fault("sheet-error", message="a spreadsheet's error value")
    return None


def _two_scripts(text: str) -> bool:
    """Whether a word mixes Latin letters with Cyrillic ones, or with Greek ones that look Latin."""
    words = re.findall(r"[^\W\d_]+", text)
    return any(LATIN.search(word) and ALIEN.search(word) for word in words)


def _oddities(value: str, kind: str) -> list[Fault]:
    if kind != "string" or not value:
        return []
    beyond = "" if value.isascii() else value
    hidden = (c for c in beyond if unicodedata.category(c) == "Cf" and c not in JOINERS)
    unseen = next(hidden, "")
    code = f"U+{ord(unseen or SPACES[0]):04X}"
    apart = not unicodedata.is_normalized("NFC", value)
    found = {
        "blanks at the beginning or end": value != value.strip(),
        "UTF-8 read as Windows-1252: re-import the file as UTF-8": MOJIBAKE.search(value),
        f"a mark that is not seen ({code}): type the word again": unseen,
        "letters and accents stored apart: type the word again": apart,
        "letters of two alphabets in a word, which look alike: type it again": _two_scripts(beyond),
        "looks like a number or a name that a spreadsheet turned into a date": (
            DATE_IN_TEXT.fullmatch(value)
        ),
        "a spreadsheet program runs this as a formula: is it meant as text?": FORMULA.match(value),
    }
    return [Fault("odd-text", message=m, severity="warning") for m, holds in found.items() if holds]
