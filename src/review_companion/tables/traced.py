"""A table each of whose cells knows where it comes from."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CompanionError
from ..expressions.templates import upper_first
from ..markup import templates
from ..model import Claim, Result, Trace
from ..package.files import csv_text
from ..sentences import span
from ..text import section_in_words

if TYPE_CHECKING:
    import pandas

NOTHING = "There is nothing to show."
# Figures of a comparison: two shares, an estimate with its interval, a p.
RESULT = re.compile(r"\d%? vs\.? \d|\bp ?[=<>] ?[\d.]|\d \(\d[\d.]* ?(?:–|to) ?\d")
MARK = re.compile(r"\^(\w)")  # of a footnote


@dataclass(frozen=True)
class Column:
    """`id` names the column in traces, `header` is what the reader sees."""

    id: str
    header: str
    align: str = "left"
    filter: str = ""
    linked: bool = True


@dataclass(frozen=True)
class Cell:
    """What a reader sees, and the result that it shows.

    `variant` is the suffix of its trace under other than the default parameters: "@colour=red".
    """

    text: str
    result: Result
    variant: str = ""

    @property
    def shows_result(self) -> bool:
        """Whether its text has the figures of a comparison."""
        return RESULT.search(self.text) is not None


@dataclass(frozen=True)
class TracedTable:
    """Rows keyed as in the resource that they come from.

    `flags` are claims about single cells, by "row/column": the page shows the verdict at the cell.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: Mapping[str, tuple[Cell, ...]]
    notes: tuple[str, ...] = ()
    classes: tuple[str, ...] = field(default=())
    row_trace: str = ""
    row_link: str = ""
    row_names: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, Claim] = field(default_factory=dict)

    def cell(self, row: str, column: str) -> Cell:
        """A cell by row key and column id; raises CompanionError where there is none."""
        ids = [entry.id for entry in self.columns]
        if row not in self.rows or column not in ids:
            raise CompanionError(
                f"{self.name} has no cell “{row}/{column}”",
                hint=f"rows: {', '.join(self.rows) or 'none'}; columns: {', '.join(ids)}",
            )
        return self.rows[row][ids.index(column)]

    def trace_name(self, row: str, column: Column) -> str:
        """The name of a cell's trace: its own, or (with `row_trace`) one for the whole row."""
        if self.row_trace:
            return f"{self.row_trace}/{row}"
        return f"{self.name}{self.cell(row, column.id).variant}/{row}/{column.id}"

    def only(self, keep: Callable[[str], bool]) -> TracedTable:
        """The same table with the rows whose key is kept."""
        return replace(self, rows={key: row for key, row in self.rows.items() if keep(key)})

    def with_variants(self, variant: Callable[[Result], str]) -> TracedTable:
        """The same table with cells that know their variant."""
        rows = {
            key: tuple(replace(cell, variant=variant(cell.result)) for cell in cells)
            for key, cells in self.rows.items()
        }
        return replace(self, rows=rows)

    def without(self, omit: Collection[str]) -> TracedTable:
        """A plain table of the other columns; traces keep their names."""
        kept = [place for place, column in enumerate(self.columns) if column.id not in omit]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in kept),
            rows={key: tuple(row[place] for place in kept) for key, row in self.rows.items()},
            classes=(),
        )

    def traces(self) -> Iterator[Trace]:
        """One trace per cell."""
        for key, cells in self.rows.items():
            for column, cell in zip(self.columns, cells, strict=True):
                header, row = MARK.sub("", column.header), self.row_names.get(key)
                label = f"{header}, {row or section_in_words(key)}"
                yield Trace(self.trace_name(key, column), "cell", label, cell.text, cell.result)

    def to_csv(self) -> str:
        """Header row as published, then the rows; footnote marks as `^a`."""
        header = [column.header for column in self.columns]
        return csv_text([header, *([cell.text for cell in row] for row in self.rows.values())])

    @property
    def frame(self) -> pandas.DataFrame:
        """A pandas frame indexed by row key: values where a column is an expression, else text."""
        import pandas

        content = {
            column.id: [_plain(cells[index].result.value) for cells in self.rows.values()]
            for index, column in enumerate(self.columns)
        }
        frame = pandas.DataFrame(content, index=pandas.Index(list(self.rows), name="row"))
        frame.attrs["labels"] = {column.id: column.header for column in self.columns}
        return frame

    def to_markdown(self) -> str:
        """A plain pipe table, by tabulate."""
        from tabulate import tabulate

        body = [[cell.text for cell in cells] for cells in self.rows.values()]
        return str(tabulate(body, [c.header for c in self.columns], "pipe", disable_numparse=True))

    def to_html(self, captioned: bool = False) -> str:
        """A table with header cells that have a scope, and with every body cell traced.

        With `captioned` it is a part of something that has a name: it has none itself, and dashes
        in it have no trace.
        """
        return render_template("table.html", table=self, captioned=captioned, NOTHING=NOTHING)

    def thing(self, cells: tuple[Cell, ...]) -> str:
        """The target of a row’s link: the cell of the column named in it, or the first."""
        named = self.row_link.rstrip("-")
        pairs = zip(self.columns, cells, strict=True)
        return next((cell.text for column, cell in pairs if column.id == named), cells[0].text)

    def flag(self, key: str, column: Column) -> Claim | None:
        """The claim whose verdict is shown at a cell, if there is one."""
        return self.flags.get(f"{key}/{column.id}")

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.to_html(), "text/plain": self.to_markdown()}


def markup(text: str) -> str:
    """Text as HTML, footnote marks `^a` as superscripts."""
    return MARK.sub(r"<sup>\1</sup>", html.escape(text))


FOLDER = Path(__file__).parent / "templates"
_TEMPLATES = templates(FOLDER, markup=markup, span=span, upper_first=upper_first)


def render_template(name: str, **fields: Any) -> str:
    """A template of `templates/`, filled in."""
    return _TEMPLATES.get_template(name).render(fields).rstrip("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction | Decimal):
        return float(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
