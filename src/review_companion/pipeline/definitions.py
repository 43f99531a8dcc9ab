"""Evaluates all that the YAML files declare over valid data, and says what fails and where."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..claims.declared import quotation_errors
from ..errors import CompanionError, missing_in
from ..evidence.untraced import FILE as NO_TRACE
from ..evidence.untraced import read_no_trace
from ..figures.draw import digest, require_drawable
from ..package.files import read_rows
from ..package.package import read_declared
from ..package.problems import Problem, Severity, printable, to_json
from ..package.yaml_files import faults, keys, schema_parts
from ..review import Review
from ..tables.build import attempted
from .inputs import Inputs, read_inputs
from .published_files import DRAWN
from .typed_numbers import typed_numbers

PUBLISHED = "published"
VALUES, FIGURES, AS_WRITTEN = "values.yml", "figures.yml", "keys and templates"
WRITTEN = "written"
CALLS = re.compile(r"\b(?:say|text)\(([^)]*)\)")
GIVEN = re.compile(r"(\w+)\s*=")
UNKNOWN = re.compile(r"'(\w+)' is undefined")  # as Jinja2 says it
LONGEST_HINT = 160  # a list of all that is known would hide the line itself
ALWAYS_THERE = ("value", "table")  # a review has some; of the others it may have none
FEWEST = 3  # places that ask for a name of one file, and the file is what is missing
Kinds = dict[str, Callable[[Review, Path], Iterator[Problem]]]
PLACE = re.compile(r"(?P<file>[^:]+\.(?:yml|csv)):(?P<row>\d+)(?:, (?P<column>column \d+))?")


def definition_problems(
    review: Review, folder: Path, cache: Cache | None = None, inputs: Inputs | None = None
) -> list[Problem]:
    """What fails among all that is declared, each place once.

    A table's column that fails for each of its rows is an error; for some of them a warning:
    rows may be waited for, and `companion missing` says which. `folder` is how the data are
    called in the list; `cache` knows which figures a render drew, and what was found before in
    `inputs`, which were taken before the review was read.
    """
    found: dict[tuple[str, int, str], Problem] = {}
    kinds = dict(CHECKS)
    if cache is not None:
        kinds[FIGURES] = partial(_figures, cache=cache)
    if cache is not None and inputs is not None:
        kinds[AS_WRITTEN] = partial(_kept, cache=cache, inputs=inputs)
    for file, kind in kinds.items():
        try:
            problems = list(kind(review, folder))
        except CompanionError as error:
            problems = [_problem(error, folder, file, None)]
        for problem in problems:
            same = (
                (file := problem.file),
                problem.row,
                "" if problem.severity == "error" and file.endswith(".yml") else problem.message,
            )
            found.setdefault(same if problem.row else (*same[:2], problem.message), problem)
    return list(found.values())


def without_consequences(review: Review, folder: Path, found: list[Problem]) -> list[Problem]:
    """The problems without those that follow from another.

    These are names asked of a file that is missing, and cells that differ from the published ones
    where a column of the table fails.
    """
    for kind in ("value", "table", "figure", "sentence", "parameter"):
        asking = [p for p in found if p.code == f"missing-{kind}"]
        asking = [] if asking and _declares(review, kind) else asking
        if len(asking) >= (1 if kind in ALWAYS_THERE else FEWEST):
            places = "1 place asks" if len(asking) == 1 else f"{len(asking)} places ask"
            file = folder / f"{kind}s.yml"
            note = f"declares nothing, and {places} for names of it: restore it"
            note += "" if file.exists() else ", or review.yml if the review began from the defaults"
            return [Problem(str(file), code="definition", message=note)]
    if any(p.severity == "error" and p.file == str(folder / "tables.yml") for p in found):
        return [p for p in found if p.code != "published-cell"]
    return found


def _declares(review: Review, kind: str) -> bool:
    """Whether the file of a kind declares anything, or cannot be read, which is named already."""
    try:
        return bool(getattr(review, "defaults" if kind == "parameter" else f"{kind}s_declared"))
    except CompanionError:
        return True


def _problem(
    error: CompanionError, folder: Path, file: str, spec: Any, severity: Severity = "error"
) -> Problem:
    """The failure where it is written; else where the definition that fails begins."""
    place = PLACE.match(error.where or "") or PLACE.match(getattr(spec, "where", ""))
    name, row = (place["file"], int(place["row"])) if place else (file, 0)
    if f"/{PUBLISHED}/" in name:
        folder = folder / PUBLISHED
    hint = error.hint if error.hint and len(error.hint) <= LONGEST_HINT else None
    column = place["column"] if place else None
    message = " ".join("; ".join(filter(None, (column, error.what, hint))).split())
    where = name if name.startswith("defaults/") else str(folder / Path(name).name)
    return Problem(where, row, severity=severity, code=code_of(error), message=message)


def code_of(error: CompanionError) -> str:
    """What kind of problem an error is, for programs and for `causes`."""
    return f"missing-{kind}" if (kind := missing_in(error)) else "definition"


def _each(declared: Any, folder: Path, file: str, make: Callable[[str], Any]) -> Iterator[Problem]:
    for name, spec in declared.items():
        try:
            make(name)
        except CompanionError as error:
            yield _problem(error, folder, file, spec)


def _values(review: Review, folder: Path) -> Iterator[Problem]:
    yield from _each(review.values_declared, folder, VALUES, review.shown)


def _claims(review: Review, folder: Path) -> Iterator[Problem]:
    for _, claim in review.ledger.attempted():
        if isinstance(claim, CompanionError):
            yield _problem(claim, folder, "claims.yml", None)


def _figures(review: Review, folder: Path, cache: Cache | None = None) -> Iterator[Problem]:
    specs = review.figures_declared

    def lay_out(name: str) -> None:
        for fault in _faults("figure", specs[name]):
            raise fault
        table = review.table(str(specs[name]["table"]))
        if cache is None or cache.find(DRAWN, {"of": digest(specs[name], table)}) is None:
            require_drawable(name, specs[name], table)

    yield from _each(specs, folder, FIGURES, lay_out)


def _dossiers(review: Review, folder: Path) -> Iterator[Problem]:
    """What fails in a dossier; a failure in one of its tables is reported for the table."""
    found = list(_each(review.dossiers_declared, folder, "dossiers.yml", review.dossiers))
    known = {problem.message for problem in _tables(review, folder)} if found else set()
    yield from (problem for problem in found if problem.message not in known)


def _sentences(review: Review, folder: Path) -> Iterator[Problem]:
    """What fails in a sentence; one that needs names from its caller is tried by its callers."""
    declared = review.sentences_declared
    notebooks = sorted((review.root / "notebooks").rglob("*.ipynb"))
    callers = [*map(str, declared.values()), *(p.read_text("utf-8", "replace") for p in notebooks)]
    calls = [call for text in callers for call in CALLS.findall(text)]
    given = {name for call in calls for name in GIVEN.findall(call)}

    def compose(name: str) -> None:
        try:
            review.text(name)
        except CompanionError as error:
            unknown = UNKNOWN.search(error.what)
            if unknown is None or unknown[1] not in given:
                raise

    yield from _each(declared, folder, "sentences.yml", compose)


def _as_written(review: Review, folder: Path) -> Iterator[Problem]:
    """What is wrong with definitions as they are written: quotations, typed numbers, keys."""
    published = review.package.folder / PUBLISHED
    for error in quotation_errors(review.ledger.declared, published):
        yield _problem(error, folder, "claims.yml", None)
    declared = (review.tables_declared, review.dossiers_declared, review.sentences_declared)
    for error in (*typed_numbers(list(declared)), *_misspelt(review)):
        yield _problem(error, folder, "", None)


def _kept(review: Review, folder: Path, cache: Cache, inputs: Inputs) -> Iterator[Problem]:
    """The same, looked for once for a state of the definitions and of what claims quote.

    Of the rows nothing else is asked: a claim of each row may quote what is in them.
    """
    rows = {f"data/{each.path}" for each in review.package}
    digests = inputs.digests.items()
    made_from = {
        "definitions": {n: d for n, d in digests if n.startswith("data/") and n not in rows},
        "claims": [[c.id, c.section, c.fragment, *c.sentences] for c in review.ledger.declared],
        "shown": str(folder),
    }
    known = cache.find(WRITTEN, made_from)
    if known is not None:
        yield from (Problem(**each) for each in json.loads(known))
        return
    problems = list(_as_written(review, folder))
    if read_inputs(review.root).everything == inputs.everything:  # nothing was saved meanwhile
        cache.keep(WRITTEN, made_from, to_json(problems).encode())
    yield from problems


def _misspelt(review: Review) -> Iterator[CompanionError]:
    """Keys that nothing reads, and values of another type, in the files that declare by name."""
    declared = {
        "value": review.values_declared,
        "table": review.tables_declared,
        "figure": review.figures_declared,
        "dossier": review.dossiers_declared,
        "parameter": read_declared(review.package.folder),
    }
    for part, entries in declared.items():
        for entry in entries.values():
            yield from _faults(part, entry)


def _faults(part: str, entry: Any) -> Iterator[CompanionError]:
    """What the schema does not allow in an entry; of a figure, that of its kind."""
    kind = f"figure: {entry.get('kind')}" if part == "figure" else part
    if kind in schema_parts():
        yield from faults(entry, *dict.fromkeys((part, kind)))
    else:  # no kind of figure: what belongs to one is not known
        yield from faults({key: entry[key] for key in entry if key in keys(part)}, part)


def _no_trace(review: Review, folder: Path) -> Iterator[Problem]:
    read_no_trace(review.package.folder)
    return iter(())


def _tables(review: Review, folder: Path) -> Iterator[Problem]:
    for name, spec in review.tables_declared.items():
        try:
            review.table(name)
        except CompanionError as first:
            yield from _failing(first, name, spec, review, folder)


def _failing(
    first: CompanionError, name: str, spec: Any, review: Review, folder: Path
) -> Iterator[Problem]:
    """Every column of a table that fails; the failure of the whole where none does."""
    try:
        problems = list(_columns(name, spec, review, folder))
    except CompanionError as error:
        problems = [_problem(error, folder, "tables.yml", spec)]
    yield from problems or [_problem(first, folder, "tables.yml", spec)]


def _published(review: Review, folder: Path) -> Iterator[Problem]:
    """Cells that differ from the published ones: a typing error, or something to report."""
    for name in review.tables_declared:
        path = review.package.folder / PUBLISHED / f"{name}.csv"
        if not path.is_file():
            continue
        try:
            keys = list(review.table(name).rows)
        except CompanionError:
            continue  # an error already
        differences = review.comparison(name).differences
        if len(keys) != len(read_rows(path)) - 1:
            continue  # studies came or went: the report lists what differs
        for key, column, rebuilt, published in differences:
            row, where = keys.index(key) + 2, str(folder / PUBLISHED / path.name)
            said = f"the data give “{printable(rebuilt)}”"
            place = (where, row, key, column, published)
            yield Problem(*place, severity="warning", code="published-cell", message=said)


def _columns(name: str, spec: Any, review: Review, folder: Path) -> Iterator[Problem]:
    cells: dict[str, int] = {}
    failed: dict[str, list[CompanionError]] = {}
    for _, column, cell in attempted(name, spec, review.evaluator):
        cells[column] = cells.get(column, 0) + 1
        if isinstance(cell, CompanionError):
            failed.setdefault(column, []).append(cell)
    for column, errors in failed.items():
        severity: Severity = "error" if len(errors) == cells[column] else "warning"
        entry = next((e for e in spec["columns"] if e["id"] == column), spec)
        for error in errors[:1] if severity == "error" else errors:
            problem = _problem(error, folder, "tables.yml", entry, severity)
            yield replace(problem, key=f"{name}/{column}" if severity == "error" else "")


CHECKS: Kinds = {
    VALUES: _values,
    "claims.yml": _claims,  # before the tables, whose cells say what claims are about them
    "tables.yml": _tables,
    f"{PUBLISHED}/": _published,
    FIGURES: _figures,
    "sentences.yml": _sentences,
    "dossiers.yml": _dossiers,
    AS_WRITTEN: _as_written,
    NO_TRACE: _no_trace,
}
