"""Starts a review: a small invented one, with tables, chapters and style, that renders at once.

With a wide extraction sheet (a row for each study) its rows replace the invented ones, by a mapping
from columns to headings of the sheet (docs/changing-the-report.md). What is no heading is a text
for every row. Places stay to be filled in: the section is `extraction` until somebody does.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import CompanionError, nearest
from ..model import Row
from ..package.cell_checks import NUMBER
from ..package.descriptor import TableSpec, sound_specs
from ..package.files import csv_bytes, read_rows
from ..package.generated import refresh
from ..package.tolerant_csv import decimal_points
from ..package.yaml_files import REVIEW, read_yaml, require_allowed
from ..package.yaml_nodes import Node
from ..stats.effects import Direction, direction_of
from ..writing import write_files
from .added_column import require_name
from .workbook_reader import cell_text, open_workbook
from .yaml_text import yaml_text

PROGRAM = Path(__file__).parents[1]
EXAMPLE = PROGRAM / "new_review"
CHECKOUT = PROGRAM.parents[1]
STYLE, LOCK = Path("report/style"), Path("requirements.lock")
FIRST = "notebooks/at-a-glance.ipynb"
INVENTED = r"\*\*Everything here is invented\*\*.*? a headache\."
OF_FOUR = r"Made by `companion new`\. .*? `article\.txt`"
OF_THE_EXAMPLE = ("article.txt", "data/exceptions.yml")
DESCRIBED = '"What the review reports about its included studies."'
NO_CLAIMS = b"claim,section,fragment,label,check,because\n"
PLACE = {"source": "review", "section": "extraction", "status": "review-only"}
ARTICLE = "The review: authors, title, journal, year."
OF_EVERY_REVIEW = ("study", "position", "label", "year", "cohort", *PLACE, "note")
SHARED = {"exposure": "exposures", "outcome": "outcomes", "unit": "units"}
NOT_REPORTED = ("n/a", "na", "nr", "-", "–", "not reported", "?")
TRUTH = {"yes": "true", "no": "false", "true": "true", "false": "false"}
SIDES = ("exposed", "comparison")
TABLES = ("studies", "samples", "comparisons")
EMPTIED = ("follow_ups", "flow", "locators")
SIGNED = re.compile(r"\s*(?:[pP]?\s*([<>=]))?\s*(.*)", re.DOTALL)  # <0.001, p = 0.03
DEFAULTS = {"unit": "participants", "adjusted": "false"}


def start(folder: Path) -> None:
    """Writes the review into a new or empty folder; CompanionError for any other."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        hint = "choose a folder that does not exist yet"
        raise CompanionError("exists already", where=str(folder), hint=hint)
    if not (CHECKOUT / STYLE).is_dir():
        hint = "run the `companion` of a copy of Review Companion's own folder"
        raise CompanionError("this program was installed without the style of a report", hint=hint)
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    (folder / "gitignore").rename(folder / ".gitignore")  # which would hide files of the example
    shutil.copytree(CHECKOUT / STYLE, folder / STYLE)
    shutil.copyfile(CHECKOUT / LOCK, folder / LOCK)
    refresh(folder / "data")


def start_from(folder: Path, sheet: Path, mapping: Path) -> None:
    """A new review with the rows of a wide extraction sheet in place of the invented ones.

    Raises CompanionError, and leaves no folder, for a sheet or a mapping that cannot be used.
    """
    start(folder)
    try:
        if not mapping.exists():
            raise CompanionError("there is no such file", where=str(mapping))
        said = read_yaml(mapping)
        require_allowed(said, "mapping")
        rows = sheet_rows(sheet)
        _set_title(folder, said, characteristics(rows, said), sheet.name)
        made = tables_of(rows, said, mapping, folder / "data")
        write_files({**made, folder / "data/claims.csv": NO_CLAIMS})
    except CompanionError:
        shutil.rmtree(folder)
        raise
    for name in OF_THE_EXAMPLE:
        (folder / name).unlink()
    refresh(folder / "data")


def _set_title(folder: Path, said: Node, columns: Mapping[str, str], sheet: str) -> None:
    """Replaces the example's title, article and characteristics by the review's own."""
    title, review = str(said.get("title") or folder.name), f"data/{REVIEW}"
    article = yaml_text(str(said.get("article") or ARTICLE))
    holds = [f"  {column}: {what}\n" for column, what in columns.items()]
    listed = "".join(["characteristics:\n", *holds]) if holds else ""
    for file, old, new in (
        (review, "^name: .*", f"name: {key_of(title)}"),
        (review, "^title: .*", f"title: {yaml_text(f'Extraction data of a review: {title}')}"),
        (review, "^description: .*", f"description: {DESCRIBED}"),
        (review, "^article: .*", f"article: {article}"),
        (review, r"^characteristics:[\s\S]*", listed),
        ("_quarto.yml", re.escape("Desk plants and headache (invented)"), yaml_text(title)[1:-1]),
        ("_quarto.yml", " to a review that does not exist", ""),
        (FIRST, INVENTED, "Write here what the review asks."),
        ("README.md", OF_FOUR, f"Made by `companion new` from {sheet}"),
        ("README.md", " `companion remove-study` takes out the invented ones.", ""),
    ):
        text = (folder / file).read_text("utf-8")
        text = re.sub(old, new.replace("\\", r"\\"), text, flags=re.MULTILINE)
        write_files({folder / file: text.encode()})


def characteristics(rows: Sequence[Row], said: Node) -> dict[str, str]:
    """Column -> its schema, for those columns of the studies that not every review has."""
    found = {}
    for column, text in said["studies"].items():
        if column not in OF_EVERY_REVIEW:
            require_name(column, said["studies"].where)
            cells = [cell for row in rows if (cell := _cell(row, text))]
            kind = "number, " if cells and all(map(NUMBER.fullmatch, cells)) else ""
            found[column] = f"{{{kind}about: {yaml_text(str(text))}}}"
    return found


def tables_of(rows: Sequence[Row], said: Node, mapping: Path, folder: Path) -> Mapping[Path, bytes]:
    """The CSV files of the review in `folder` for a sheet, without the rows of the example.

    Raises CompanionError for a mapping that names no column of a table or no heading of the sheet,
    and for a study without a label or year.
    """
    specs = {spec.name: spec for spec in sound_specs(folder)}
    numeric = {column for spec in specs.values() for column in spec.numbers}
    for entry in (said["studies"], said.get("samples") or {}, *said.get("comparisons", ())):
        _require_headings(entry, list(rows[0]), {*numeric, "total", *SIDES}, mapping)
    made: dict[str, list[dict[str, str]]] = {name: [] for name in (*TABLES, *EMPTIED)}
    shared: dict[str, dict[str, str]] = {table: {} for table in SHARED.values()}
    for position, row in enumerate(rows, 1):
        study = _study(row, said, mapping, position)
        made["studies"].append({**_filled(row, said["studies"]), **study, **PLACE})
        made["samples"] += _samples(row, said, study["study"])
        made["comparisons"] += _comparisons(row, said, study["study"], shared)
    _require_one_row_each([row["study"] for row in made["studies"]], mapping)
    made |= {name: list(_shared(name, found)) for name, found in shared.items()}
    made["sources"] = [{"source": "review", "citation": str(said.get("article") or ARTICLE)}]
    for name in TABLES:
        columns = specs[name].columns
        for column in (column for row in made[name] for column in row if column not in columns):
            what, hint = f"{name} has no column “{column}”", f"its columns: {', '.join(columns)}"
            raise CompanionError(what, where=str(mapping), hint=hint)
    return {folder / specs[n].path: _csv(specs[n], found) for n, found in made.items()}


def _require_headings(
    entry: Mapping[str, Any], heads: Sequence[str], figures: Collection[str], mapping: Path
) -> None:
    """Raises CompanionError for a figure or a study's label given as a text, and for a misspelt
    heading."""
    spelt = {key_of(head).replace("-", ""): head for head in heads}
    for column, text in entry.items():
        like = spelt.get(key_of(str(text)).replace("-", ""))
        figure = column in figures and not NUMBER.fullmatch(str(text))
        if str(text) not in heads and (like or figure or column == "label"):
            hint = f"did you mean “{like}”?" if like else nearest(str(text), heads, "its headings")
            what = f"“{column}: {text}”: the sheet has no heading “{text}”"
            raise CompanionError(what, where=str(mapping), hint=hint)


def _comparisons(
    row: Row, said: Node, study: str, shared: Mapping[str, dict[str, str]]
) -> Iterator[dict[str, str]]:
    """A study's comparisons; what they name in shared tables is added to `shared`, by its key."""
    for number, entry in enumerate(said.get("comparisons", ()), 1):
        cells = _comparison(row, entry)
        for column, table in SHARED.items():
            text = cells.get(column, "") or column
            cells[column] = key_of(text)
            shared[table].setdefault(key_of(text), text)
        yield {**cells, "comparison": f"{study}/{number}", "study": study, **PLACE}


def _comparison(row: Row, entry: Mapping[str, Any]) -> dict[str, str]:
    """A comparison's cells; its direction from the figures if the sheet does not give it."""
    filled = {column: cell for column, cell in _filled(row, entry).items() if cell}
    if truth := TRUTH.get(filled.get("adjusted", "").casefold()):
        filled["adjusted"] = truth
    if filled.get("p") and "p_sign" not in filled:
        sign, figure = SIGNED.findall(filled["p"])[0]
        filled |= {"p_sign": sign or "=", "p": figure.replace(",", ".")}
    return {**DEFAULTS, "direction": _direction(filled), **filled}


def _direction(cells: Mapping[str, str]) -> str:
    """The direction from the estimate, the two percentages, or the two shares; "" if unknown.

    Percentages are compared as printed: of 5 and 4.9 neither is known to be larger.
    """
    figures = {column: Decimal(text) for column, text in cells.items() if NUMBER.fullmatch(text)}
    shares = (_share(figures, side) for side in SIDES)
    is_difference = cells.get("measure", "").endswith("difference")
    ways = (
        _way(figures.get("estimate"), Decimal(0 if is_difference else 1)),
        direction_of(*(figures.get(f"{side}_percent") for side in SIDES)),
        _way(*shares),
    )
    return next((str(way).replace(" ", "-") for way in ways if way), "none-reported")


def _share(figures: Mapping[str, Decimal], side: str) -> Fraction | None:
    events, total = figures.get(f"{side}_events"), figures.get(f"{side}_total")
    return Fraction(events) / Fraction(total) if events is not None and total else None


def _way(one: Decimal | Fraction | None, other: Decimal | Fraction | None) -> Direction | None:
    if one is None or other is None:
        return None
    found = Direction.HIGHER if one > other else Direction.LOWER
    return Direction.NO_DIFFERENCE if one == other else found


def sheet_rows(sheet: Path) -> list[dict[str, str]]:
    """The rows of a CSV file or a workbook's first sheet, by heading, blank ones left out."""
    if sheet.suffix.casefold() == ".csv":
        found = read_rows(sheet, delimiters=",;\t")
    else:
        cells = open_workbook(sheet).worksheets[0].iter_rows()
        found = [[cell_text(cell) for cell in row] for row in cells]
    heads, *body = found or [[]]
    if twice := next((h for h in heads if h.strip() and heads.count(h) > 1), ""):
        hint = "give each column a heading of its own, and name it in the mapping"
        raise CompanionError(f"the heading “{twice}” occurs twice", where=str(sheet), hint=hint)
    columns = [decimal_points(cells) for cells in zip(*body, strict=True)]
    filled = (cells for cells in zip(*columns, strict=True) if any(map(str.strip, cells)))
    rows = [dict(zip(heads, cells, strict=True)) for cells in filled]
    if not rows:
        raise CompanionError("holds no row below its headings", where=str(sheet))
    return rows


def _filled(row: Row, entry: Mapping[str, Any]) -> dict[str, str]:
    return {column: _cell(row, text) for column, text in entry.items()}


def _cell(row: Row, text: object) -> str:
    """A cell by its heading, or else the text itself; empty where it is “not reported”."""
    found = row.get(str(text), str(text)).strip()
    return "" if found.casefold() in NOT_REPORTED else found


def _study(row: Row, said: Node, mapping: Path, position: int) -> dict[str, str]:
    cells = _filled(row, said["studies"])
    label, year = cells.get("label", ""), cells.get("year", "")
    if not label or not re.fullmatch(r"\d{4}", year):
        what = f"row {position + 1} of the sheet: no label, or “{year}” is not a year"
        raise CompanionError(what, where=str(mapping), hint="studies: {label: …, year: …}")
    return {"study": f"{key_of(label.split(' ')[0])}-{year}", "position": str(position)}


def _require_one_row_each(studies: Sequence[str], mapping: Path) -> None:
    """Raises CompanionError for two rows of the sheet that would be the same study."""
    first: dict[str, int] = {}
    for number, study in enumerate(studies, 2):
        if first.setdefault(study, number) != number:
            what = f"rows {first[study]} and {number} of the sheet would both be “{study}”"
            hint = "a row for each study; those of one author and year differ in their first word"
            raise CompanionError(what, where=str(mapping), hint=hint)


def _samples(row: Row, said: Node, study: str) -> Iterator[dict[str, str]]:
    for group, number in _filled(row, said.get("samples") or {}).items():
        if number:  # whatever it is: `check` names one that is none
            cells = {"sample": f"{study}/{group}", "study": study, "group": group}
            yield {**cells, "number": number, "unit": DEFAULTS["unit"], **PLACE}


def _shared(table: str, found: Mapping[str, str]) -> Iterator[dict[str, str]]:
    if table == "units":
        found = {DEFAULTS["unit"]: DEFAULTS["unit"], **found}
    for position, (key, text) in enumerate(found.items(), 1):
        names = {"label": text, "name": text, "singular": text.removesuffix("s"), "plural": text}
        yield {table[:-1]: key, "position": str(position), **names}


def key_of(text: str) -> str:
    """A text as a key: small letters, digits and hyphens.

    Of a script without such letters the codes of its letters, so that two texts have two keys.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    codes = "".join(f"u{ord(letter):x}" for letter in text.casefold() if letter.isalnum())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or codes or "unnamed"


def _csv(spec: TableSpec, rows: Sequence[Row]) -> bytes:
    return csv_bytes(spec.columns, ({c: row.get(c, "") for c in spec.columns} for row in rows))
