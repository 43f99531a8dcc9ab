"""A cell of a workbook as the text that its reader sees, by the number format of the cell."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

from openpyxl.cell.cell import Cell

NUMBER = re.compile(r'(?P<whole>[#,?0]*0)(?:\.(?P<decimals>0+))?(?P<percent>%?)(?:"[^"]*"|\s)*')
ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.|\\(?=.)")  # colour, locale, padding
DATE = re.compile(r'"[^"]*"|y+|m+|d+|h+|s+|am/pm|.', re.IGNORECASE)
BY_LOCALE = ("mm-dd-yy", "m/d/yy h:mm")  # formats that each country shows in a way of its own
NUMBERS = {"integer", "number"}
Moment = datetime.datetime | datetime.date | datetime.time


def shown(cell: Cell, kind: str = "string") -> str:
    """The text; `kind` is the type of its column: a figure without a per cent sign, a date in ISO
    form where the column holds such, as the sheet shows it elsewhere."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = _number(value, cell.number_format)
        return text.removesuffix("%") if kind in NUMBERS else text
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return _moment(value, "" if kind == "date" else cell.number_format)
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float, shown_as: str) -> str:
    plain = Decimal(repr(value))
    form = NUMBER.fullmatch(ASIDE.sub("", shown_as.split(";")[0]).strip())
    if form is None:
        return f"{plain:f}".removesuffix(".0")
    places = len(form["decimals"] or "")
    scaled = plain * 100 if form["percent"] else plain
    text = f"{scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{whole.zfill(form['whole'].count('0'))}{point}{rest}{form['percent']}"


def _moment(value: Moment, shown_as: str) -> str:
    form = ASIDE.sub("", shown_as.split(";")[0])
    if form and form not in ("General", "@", *BY_LOCALE):
        return _formatted(value, DATE.findall(form))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else value.isoformat()


def _formatted(value: Moment, parts: list[str]) -> str:
    codes = [part.casefold() for part in parts]
    letters = [code[0] for code in codes if code[0] in "ymdhs" and code.isalpha()]
    found, seen = [], 0
    for part, code in zip(parts, codes, strict=True):
        if code[0] in "ymdhs" and code.isalpha():
            beside = [*letters[max(seen - 1, 0) : seen], *letters[seen + 1 : seen + 2]]
            minutes = code[0] == "m" and ("h" in beside[:1] or "s" in beside[-1:])
            found.append(_part(value, code, minutes, "am/pm" in codes))
            seen += 1
        elif code == "am/pm":
            found.append(value.strftime("%p"))
        else:
            found.append(part.strip('"'))
    return "".join(found)


def _part(value: Moment, code: str, minutes: bool, halves: bool) -> str:
    """One part of a date format: `mmm` is Sep, `m` is 9, or minutes beside hours or seconds."""
    names = {"mmm": "%b", "mmmm": "%B", "ddd": "%a", "dddd": "%A", "yyyy": "%Y", "yy": "%y"}
    hour = "%I" if halves else "%H"
    letters = {"y": "%Y", "m": "%M" if minutes else "%m", "d": "%d", "h": hour, "s": "%S"}
    text = value.strftime(names.get(code) or letters[code[0]])
    return str(int(text)) if len(code) == 1 else text
