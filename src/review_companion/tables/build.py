"""Builds traced tables from their specification, and compares them with published ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..expressions import Evaluator, Reads, RowRef
from ..expressions.templates import fill, row_names, upper_first
from ..model import Result, Trace, merged
from ..package.files import read_rows
from ..package.package import Package
from ..package.yaml_files import require_allowed
from ..package.yaml_nodes import mappings
from ..text import as_text, code_words
from .traced import Cell, Column, TracedTable, render_template

TEMPLATE = "the cells read, in the order of the printed table’s cell"  # instead of a formula


def build_table(name: str, spec: Mapping[str, Any], evaluator: Evaluator) -> TracedTable:
    """The table that a specification describes.

    `rows` is an expression that chooses rows; a column has a Jinja2 `template` over the row in
    hand (and `overrides` by row key), or an `expression` in which `row` is that row.
    Raises CompanionError naming table, row and column where a cell cannot be made.
    """
    columns = tuple(_column(name, entry) for entry in _entries(name, spec))
    rows: dict[str, tuple[Cell, ...]] = {}
    names: dict[str, str] = {}
    for row, _, cell in attempted(name, spec, evaluator):
        if isinstance(cell, CompanionError):
            raise cell
        rows[row.key] = (*rows.get(row.key, ()), cell)
        names[row.key] = names.get(row.key) or row_name(row, evaluator.package)
    known = row_names(evaluator, Reads())
    notes = "\n".join(fill(str(template), known) for template in spec.get("notes", ()))
    return TracedTable(
        name,
        str(spec.get("caption", "")),
        columns,
        rows,
        tuple(" ".join(line.split()) for line in notes.splitlines() if line.strip()),
        tuple(str(spec.get("classes", "")).split()),
        row_link=str(spec.get("row-link", "")),
        row_names=names,
    )


def row_name(row: RowRef, package: Package) -> str:
    """A row's name for readers: its label, else its key in words, with the labels it refers to."""
    cells = row.resource.rows[row.key]
    linked = ((cells[column], package[name]) for column, name in row.resource.foreign_keys.items())
    labels = {key: found.rows.get(key, {}).get("label", "") for key, found in linked}
    parts = (labels.get(part) or code_words(part) for part in row.key.split("/"))
    return cells.get("label") or cells.get("name") or upper_first(", ".join(parts))


def attempted(
    name: str, spec: Mapping[str, Any], evaluator: Evaluator
) -> Iterator[tuple[RowRef, str, Cell | CompanionError]]:
    """Each row and column of the table with its cell or, where it cannot be made, the error."""
    macros = str(spec.get("macros", ""))
    entries = _entries(name, spec)
    chosen = evaluator.rows(spec["rows"])
    for row in chosen.rows:
        for entry in entries:
            column = _id(name, entry)
            place = f"{name}/{row.key}/{column}"
            try:
                yield row, column, _cell(place, entry, row, evaluator, chosen.reads, macros)
            except CompanionError as error:
                yield row, column, error


def _entries(table: str, spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The table's columns as they are declared; raises CompanionError for what two of them, or two
    ways to fill one, would contradict."""
    entries = list(mappings(spec, "columns"))
    seen: set[str] = set()
    for entry in entries:
        column, where = _id(table, entry), getattr(entry, "where", None)
        require_allowed(entry, "column")
        if column in seen:
            hint = "a cell is named by its row and column"
            raise CompanionError(f"{table}: two columns are “{column}”", where=where, hint=hint)
        seen.add(column)
        if ("template" in entry) == ("expression" in entry):
            has = "both a template and an expression" if "template" in entry else "neither"
            what = f"{table}: the column “{column}” has {has}"
            hint = "one of the two, template or expression, fills its cells"
            raise CompanionError(what, where=where, hint=hint)
    return entries


def _id(table: str, entry: Mapping[str, Any]) -> str:
    found = entry["id"]
    if not isinstance(found, str):
        what = f"{table}: the id of a column is a word, not {found}"
        raise CompanionError(what, where=getattr(entry, "where", None))
    return found


def _column(table: str, entry: Mapping[str, Any]) -> Column:
    name = _id(table, entry)
    return Column(
        name,
        str(entry.get("header", name)),
        str(entry.get("align", "left")),
        str(entry.get("filter", "")),
    )


def _cell(
    name: str,
    entry: Mapping[str, Any],
    row: RowRef,
    evaluator: Evaluator,
    shared: Reads,
    macros: str,
) -> Cell:
    reads = Reads()
    try:
        if "expression" in entry:
            result = evaluator.result(entry["expression"], here=row)
            text = as_text(result.value, entry.get("places"))
        else:
            template = (entry.get("overrides") or {}).get(row.key, entry["template"])
            names = row_names(evaluator, reads, row)
            text = " ".join(fill(template, names, macros=macros).split())
            result = reads.result(text, TEMPLATE)
    except CompanionError as error:
        raise CompanionError(f"{name}: {error.what}", where=error.where, hint=error.hint) from None
    # it also depends on the parameters that chose the table's rows
    parameters = result.parameters | frozenset(shared.parameters)
    return Cell(text, replace(result, parameters=parameters))


@dataclass(frozen=True)
class TableComparison:
    """`equal` of `total` body cells; `differences` holds (row, column, rebuilt, published).

    `added` names the rows that only the rebuilt table has; `variant` is that of a cell, for the
    whole table.
    """

    table: TracedTable
    equal: int
    total: int
    differences: tuple[tuple[str, str, str, str], ...]
    added: tuple[str, ...] = ()
    variant: str = ""

    @property
    def result(self) -> Result:
        """The count of equal cells, with the origins of every cell of the table."""
        results = [cell.result for cells in self.table.rows.values() for cell in cells]
        what = f"body cells of {self.table.name} that equal the published text"
        return merged(results, value=self.equal, unit="cells", formula=what)

    def traces(self) -> Iterator[Trace]:
        """The traces of the two counts, `<table>/agreement` and `<table>/cells`."""
        name, result = f"{self.table.name}{self.variant}", self.result
        yield Trace(f"{name}/agreement", "value", result.formula, str(self.equal), result)
        label = f"body cells of {self.table.name}"
        every = replace(result, value=self.total, formula=label)
        yield Trace(f"{name}/cells", "value", label, str(self.total), every)

    def to_markdown(self) -> str:
        """One sentence, and a list of what differs."""
        trace = f"{self.table.name}{self.variant}"
        return render_template("comparison.md", found=self, trace=trace)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/markdown": self.to_markdown(), "text/plain": self.to_markdown()}


def normalised(text: str) -> str:
    """Text as it is compared: no white space, semicolons as commas."""
    return "".join(text.split()).replace(";", ",")


def compare_published(table: TracedTable, path: Path) -> TableComparison:
    """Compares the table with a CSV transcription, row by row in published order.

    Rows beyond the published ones equal nothing.
    """
    if not path.is_file():
        raise CompanionError("there is no transcription to compare with", where=str(path))
    published = read_rows(path)[1:]
    differences = []
    rows = zip(table.rows.items(), published, strict=False)
    for position, ((key, cells), theirs) in enumerate(rows):
        if len(theirs) != len(cells):
            raise CompanionError(
                f"has {len(theirs)} cells where table “{table.name}” has {len(cells)}",
                where=f"{path}:{position + 2}",
            )
        for column, cell, text in zip(table.columns, cells, theirs, strict=True):
            if normalised(cell.text) != normalised(text):
                differences.append((key, column.header, cell.text, text))
    added = tuple(table.rows)[len(published) :]
    total = len(table.rows) * len(table.columns)
    equal = total - len(differences) - len(added) * len(table.columns)
    return TableComparison(table, equal, total, tuple(differences), added)
