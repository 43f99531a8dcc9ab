"""Finds everything that is wrong with a data package, in one run."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from .errors import CompanionError
from .expressions.rules import broken
from .limits import TooMuch, bounded
from .package.cell_checks import ColumnCheck, column_check
from .package.descriptor import PACKAGE, TableSpec, has_schema, read_specs
from .package.files import foreign, read_text
from .package.links import (
    about_known,
    apply_corrections,
    key_problems,
    link_problems,
    locator_problems,
    owner_problems,
    unexpectedly_empty,
    unique_problems,
)
from .package.locators import place_problems, stale_index
from .package.printed_places import unprinted
from .package.problems import Problem, errors, of_error, printable, root_causes
from .package.published import Published, read_published, read_tables
from .package.schema import SCHEMA, line_numbers
from .package.slips import slips
from .package.tolerant_csv import UNDECLARED, Table, Tables, read_file
from .package.yaml_files import REVIEW, definition_files, starts_from_defaults
from .package.yaml_nodes import parse_yaml

INDEX = ("keys.csv", "numerals.csv", "sections.csv")  # of what was published
CLAIMS = "claims.csv"  # no resource: what the article states, not what was extracted


def validate(folder: Path) -> list[Problem]:
    """The problems of the package in `folder`, file by file in the descriptor's order, by row.

    A package without an error among them can be loaded by `load_package`.
    """
    specs, others, problems = read_specs(folder)
    tables: dict[str, Table] = {}
    for spec in specs:
        if os.path.lexists(folder / spec.path) and foreign(folder / spec.path, folder):
            continue
        table, found = read_file(folder / spec.path, spec.columns, spec.meant)
        problems += [_with_advice(p, spec, folder) for p in found]
        if table is not None:
            tables[spec.name] = table
    faulty = {p.key for p in problems if p.code == "descriptor" and p.key}
    problems += check_tables(specs, tables, faulty, published_cells(folder))
    if not errors(problems) and (published := _published(folder)):
        problems += place_problems(tables, published)
        problems += stale_index(published, str(folder / "published" / INDEX[1]))
    for path in (folder / other for other in others):
        if not path.is_file():
            problems.append(Problem(str(path), code="missing-file", message="the file is missing"))
    for path in sorted(folder.rglob("*")):
        if what := foreign(path, folder):
            problems.append(Problem(str(path), code="foreign-file", message=what))
        elif path.suffix == ".yml":
            problems += _yaml_problems(path)
    problems += _misnamed_definitions(folder)
    if specs and not faulty:
        problems += _stray_tables(folder, [s.path for s in specs] + others + [CLAIMS])
    return _ordered(root_causes(problems), [str(folder / s.path) for s in specs])


def _with_advice(problem: Problem, spec: TableSpec, folder: Path) -> Problem:
    """The problem, with the line that would declare its column if it is a new one."""
    if problem.code != UNDECLARED or not has_schema(folder):
        return problem
    line = f"{printable(problem.column)}: {{about: What it holds.}}"
    if not starts_from_defaults(folder):
        known, own = line_numbers(folder), [f"{spec.name}.{column}" for column in spec.columns]
        last = max(known.get(c, known[spec.name]) for c in own)
        place = f"`{line}` below {folder / SCHEMA}:{last}"
    elif spec.name == "studies":
        place = f"`{line}` below `characteristics:` in {folder / REVIEW}"
    else:
        place = f"`tables: {{{spec.name}: {{columns: {{{line}}}}}}}` in {folder / SCHEMA}"
    return replace(problem, message=f"{problem.message}; to add it, write {place}")


def published_cells(folder: Path) -> Mapping[str, str] | None:
    """The published cells of the rebuilt tables by section; None where they cannot be read."""
    if not (folder / "published" / "keys.csv").is_file():
        return {}
    with suppress(CompanionError):
        cells = read_tables(folder / "published")
        return {section: " ".join(texts) for section, texts in cells.items()}
    return None


def _published(folder: Path) -> Published | None:
    """What was published, if it was indexed; None also where it cannot be read."""
    if all((folder / "published" / name).is_file() for name in INDEX):
        with suppress(CompanionError):
            return read_published(folder / "published")
    return None


def check_tables(
    specs: Iterable[TableSpec],
    tables: Tables,
    faulty: Collection[str] = (),
    printed: Mapping[str, str] | None = MappingProxyType({}),
) -> list[Problem]:
    """The problems of tables read already: cells, keys, links, corrections, rules, print, slips.

    Rows that refer to a table that was not read, or to one in `faulty`, are not checked. `printed`
    holds the published cells of the rebuilt tables by section; without them slips are not looked
    for.
    """
    declared = list(specs)
    read = [s for s in declared if s.name in tables]
    checks = {(s.name, f["name"]): column_check(f) for s in read for f in s.fields}
    problems: list[Problem] = []
    for (name, column), check in checks.items():
        problems += _cells(tables[name], column, check)
    empty = dict(unexpectedly_empty(read, tables))
    problems += empty.values()
    sound = [s for s in read if s.name not in empty and s.key in tables[s.name].columns]
    unknown = {s.name for s in declared if s not in sound} | {*faulty}
    tables = about_known({s.name: tables[s.name] for s in sound}, unknown)
    corrected, found = apply_corrections(tables, checks)
    problems += found
    wrong_keys = _wrong_keys(tables, problems)
    for spec in sound:
        table = corrected[spec.name]
        problems += key_problems(table)
        problems += link_problems(spec, corrected, wrong_keys)
        wrong = {(p.row, p.column) for p in errors(problems) if p.file == table.file}
        problems += unique_problems(table, spec.fields, wrong)
        problems += owner_problems(spec, corrected)
    problems += broken(sound, corrected, {(p.file, p.row, p.column) for p in errors(problems)})
    problems += locator_problems(sound, corrected, unknown)
    problems += unprinted(sound, tables, corrected)
    if printed is not None and not errors(problems):
        problems += slips(sound, corrected, printed)
    return root_causes(problems)


def _wrong_keys(tables: Tables, problems: Iterable[Problem]) -> dict[str, set[str]]:
    """The keys of each table that something is wrong with."""
    places: dict[tuple[str, str], set[str]] = {}
    for problem in errors(problems):
        places.setdefault((problem.file, problem.column), set()).add(problem.value)
    return {name: places.get((table.file, table.key), set()) for name, table in tables.items()}


def _cells(table: Table, column: str, check: ColumnCheck) -> list[Problem]:
    """What is wrong with the cells of a column, each of its values checked once."""
    if column not in table.columns:
        return []
    try:
        with bounded("its pattern"):
            values = sorted({cells[column] for _, cells in table.rows})
            faulty = {value: faults for value in values if (faults := check(value))}
    except TooMuch as error:
        note = f"{error.what} on these values: write a simpler one"
        return [Problem(table.file, column=column, code="pattern", message=note)]
    return [
        table.problem(number, cells, column, **vars(fault))
        for number, cells in (table.rows if faulty else ())
        for fault in faulty.get(cells[column], ())
    ]


def _stray_tables(folder: Path, known: Iterable[str]) -> Iterator[Problem]:
    declared = SCHEMA if has_schema(folder) else PACKAGE
    paths = {os.path.normpath(folder / path) for path in known}
    for path in sorted(folder.glob("*.csv")):
        if os.path.normpath(path) not in paths:
            note = f"{declared} does not list this file: it is not read"
            yield Problem(str(path), severity="warning", code="stray-file", message=note)


def _misnamed_definitions(folder: Path) -> Iterator[Problem]:
    """Files that are named nearly as one of definitions is, and would be passed over in silence."""

    def plain(name: str) -> str:
        return re.sub(r"[-_ ]|s?\.ya?ml$", "", name.casefold())

    meant = {plain(name): name for name in definition_files()}
    for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        name = meant.get(plain(path.name), path.name)
        if name != path.name:
            note = f'nothing reads a file of this name; did you mean "{name}"?'
            yield Problem(str(path), severity="warning", code="stray-file", message=note)


def _yaml_problems(path: Path) -> Iterator[Problem]:
    """Syntax errors of a YAML file; its content is checked elsewhere."""
    try:
        text = read_text(path)
        parse_yaml(text, path.name)
        if path.name not in (SCHEMA, REVIEW) and not text.strip("\ufeff \r\n\t"):
            note = "the file is empty: restore it, or delete it where it has nothing to say"
            yield Problem(str(path), code="empty-file", message=note)
    except CompanionError as error:
        yield of_error(error, str(path), "yaml")


def _ordered(problems: Iterable[Problem], tables: list[str]) -> list[Problem]:
    """The package's own file first, then tables as declared, other files; sorted, no repeats."""
    found: dict[str, Problem] = {}
    for problem in problems:
        found.setdefault(str(problem), problem)
    unique = list(found.values())
    rank = {file: place for place, file in enumerate(tables)}
    for problem in unique:
        last = -1 if problem.code == "descriptor" else len(rank)
        rank.setdefault(problem.file, last)
    return sorted(unique, key=lambda p: (rank[p.file], p.row))
