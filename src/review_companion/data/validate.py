"""Everything that is wrong with a data package, found in one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from . import as_printed, corrections, rules
from .cells import ColumnCheck, column_check
from .damage import Table, read_file
from .descriptor import TableSpec, read_specs
from .links import key_problems, link_problems, locator_problems, unique_problems
from .problems import Problem

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Tables = Mapping[str, Table]
Cells = Mapping[str, Mapping[str, Mapping[str, str]]]


def validate(folder: Path) -> list[Problem]:
    """The problems of the package in `folder`, file by file in the descriptor's order, by row.

    A package without an error among them can be loaded by `load_package`.
    """
    specs, others, problems = read_specs(folder)
    tables: dict[str, Table] = {}
    for spec in specs:
        table, found = read_file(folder / spec.path, spec.columns)
        problems += found
        if table is not None:
            tables[spec.name] = table
    problems += check_tables(specs, tables)
    problems += _missing_files(folder, others)
    problems += _yaml_problems(folder)
    if specs:
        problems += _stray_tables(folder, [s.path for s in specs] + others)
    return _ordered(problems, [str(folder / s.path) for s in specs])


def check_tables(specs: Iterable[TableSpec], tables: Tables) -> list[Problem]:
    """The problems of tables read already: cells, keys, links, corrections, rules, print."""
    specs = [s for s in specs if s.name in tables]
    problems = [p for s in specs for p in _cell_problems(s, tables[s.name])]
    corrected = tables
    table = tables.get(corrections.RESOURCE)
    if table is not None and set(corrections.REQUIRED) <= set(table.columns):
        cells = {name: t.by_key for name, t in tables.items()}
        checks = {(s.name, f["name"]): column_check(f) for s in specs for f in s.fields}
        problems += corrections.problems(table, cells, lambda r, c: checks.get((r, c)))
        corrected = _corrected(tables, table, cells)
    keyed = _keyed(specs, corrected)
    for spec in specs:
        table = corrected[spec.name]
        if spec.columns[0] in table.columns:
            problems += key_problems(table, spec.columns[0])
            problems += link_problems(spec, keyed)
            linked = {c: keyed[t] for c, t in spec.foreign_keys.items() if t in keyed}
            problems += rules.broken(table, spec.rules, spec.types, linked)
    problems += locator_problems(keyed)
    wrong = {(p.file, p.row, p.column) for p in problems if p.severity == "error"}
    prints = as_printed.unprinted([s for s in specs if s.name in keyed], tables, corrected)
    return [*problems, *(p for p in prints if (p.file, p.row, p.column) not in wrong)]


def _keyed(specs: Iterable[TableSpec], tables: Tables) -> Tables:
    """The tables whose key column is there."""
    return {s.name: tables[s.name] for s in specs if s.columns[0] in tables[s.name].columns}


def _cell_problems(spec: TableSpec, table: Table) -> Iterator[Problem]:
    for descriptor in spec.fields:
        column = descriptor["name"]
        if column not in table.columns:
            continue
        yield from _column_problems(table, column, column_check(descriptor))
        if descriptor.get("constraints", {}).get("unique"):
            yield from unique_problems(table, column)


def _column_problems(table: Table, column: str, check: ColumnCheck) -> Iterator[Problem]:
    values = {cells[column] for _, cells in table.rows}
    findings = {value: found for value in sorted(values) if (found := check(value))}
    for number, cells in table.rows if findings else ():
        for finding in findings.get(cells[column], ()):
            yield table.problem(number, cells, column, **vars(finding))


def _corrected(tables: Tables, table: Table, cells: Cells) -> Tables:
    """The tables with those corrections laid over them that hold."""
    rows = {c["correction"]: c for _, c in table.rows}
    wrong = {key for key, _, _ in corrections.conflicts(rows, cells)}
    laid: dict[str, dict[str, dict[str, str]]] = {}
    for row in (r for key, r in rows.items() if key not in wrong):
        cell = laid.setdefault(row["resource"], {}).setdefault(row["row"], {})
        cell[row["column"]] = row["to"]
    return {n: _overlaid(t, laid[n]) if n in laid else t for n, t in tables.items()}


def _overlaid(table: Table, values: Mapping[str, Mapping[str, str]]) -> Table:
    key = table.columns[0]
    return replace(table, rows=[(n, {**c, **values.get(c[key], {})}) for n, c in table.rows])


def _missing_files(folder: Path, paths: Iterable[str]) -> Iterator[Problem]:
    for path in paths:
        if not (folder / path).is_file():
            yield Problem(str(folder / path), code="missing-file", message="the file is missing")


def _stray_tables(folder: Path, known: Iterable[str]) -> Iterator[Problem]:
    paths = {(folder / path).resolve() for path in known}
    for path in sorted(folder.glob("*.csv")):
        if path.resolve() not in paths:
            note = "datapackage.json does not list this file: it is not read"
            yield Problem(str(path), severity="warning", code="stray-file", message=note)


def _yaml_problems(folder: Path) -> Iterator[Problem]:
    """Problems of form in every `*.yml` of the folder; what the files mean is others' to check."""
    for path in sorted(folder.rglob("*.yml")):
        yield from _file_problems(path)


def _file_problems(path: Path) -> Iterator[Problem]:
    try:
        text = path.read_bytes().decode("utf-8")
        node = yaml.compose(text, Loader=LOADER)
    except UnicodeDecodeError as error:
        note = f"byte {error.start} is not"
        yield Problem(str(path), code="encoding", expected="UTF-8", message=note)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        row = mark.line + 1 if mark else 0
        yield Problem(str(path), row, code="yaml", message=f"not readable as YAML: {what}")
    except RecursionError:
        yield Problem(str(path), code="yaml", message="nested too deeply")
    else:
        yield from _repeated_keys(node, path)


def _repeated_keys(root: yaml.Node | None, path: Path) -> Iterator[Problem]:
    pending, seen_nodes = [root], set()
    while pending:
        node = pending.pop()
        if node is None or id(node) in seen_nodes:
            continue
        seen_nodes.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            pending += node.value
        elif isinstance(node, yaml.MappingNode):
            pending += [value for _, value in node.value]
            yield from _repeated(node, path)


def _repeated(node: yaml.MappingNode, path: Path) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        name = str(key.value)
        row = key.start_mark.line + 1
        if name in seen:
            note = f'the key "{name}" stands in row {seen[name]} already'
            yield Problem(str(path), row, code="yaml", message=note)
        seen.setdefault(name, row)


def _ordered(problems: Iterable[Problem], tables: list[str]) -> list[Problem]:
    """The package's own file, the tables as declared, other files; by row in each; none twice."""
    unique = list(dict.fromkeys(problems))
    rank = {file: place for place, file in enumerate(tables)}
    for problem in unique:
        last = -1 if problem.code == "descriptor" else len(rank)
        rank.setdefault(problem.file, last)
    return sorted(unique, key=lambda p: (rank[p.file], p.row))
