"""A cell of a workbook as the text that its reader sees, by the number format of the cell."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

from openpyxl.cell.cell import Cell

NUMBER = re.compile(r'(?P<whole>[#,?0]*0)(?:\.(?P<decimals>0+))?(?P<percent>%?)(?:"[^"]*"|\s)*')
ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.|\\(?=.)")  # colour, locale, padding
DATE = re.compile(r'"[^"]*"|y+|m+|ñ+|d+|h+|s+|am/pm|.', re.IGNORECASE)
GAP = r'(?:"[^"]*"|[^"ymdhs])*'
# Minutes, and not months: after hours or before seconds; nothing of what is quoted.
MINUTES = re.compile(rf'"[^"]*"|am/pm|(h+{GAP})?(m+)(?!/pm)(?(1)|(?={GAP}s))', re.IGNORECASE)
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
        form = MINUTES.sub(lambda f: (f[1] or "") + "ñ" * len(f[2]) if f[2] else f[0], form)
        halves = "am/pm" in form.casefold()
        return DATE.sub(lambda part: _part(value, part[0].casefold(), part[0], halves), form)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else value.isoformat()


def _part(value: Moment, code: str, written: str, halves: bool) -> str:
    """One part of a date format: `mmm` is Sep, `m` is 9, `ñ` a minute; other text stays."""
    names = {"mmm": "%b", "mmmm": "%B", "ddd": "%a", "dddd": "%A", "yyyy": "%Y", "yy": "%y"}
    hour = "%I" if halves else "%H"
    letters = {"y": "%Y", "m": "%m", "ñ": "%M", "d": "%d", "h": hour, "s": "%S"}
    form = "%p" if code == "am/pm" else names.get(code) or letters.get(code[0], "")
    if not form or (code != "am/pm" and not code.isalpha()):
        return written.strip('"')
    text = value.strftime(form)
    return str(int(text)) if len(code) == 1 else text
