"""Evaluates all that the YAML files declare over valid data, and says what fails and where."""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..claims.declared import quotation_errors
from ..errors import CompanionError, missing_in, nearest
from ..evidence.untraced import FILE as NO_TRACE
from ..evidence.untraced import read_no_trace
from ..expressions import templates
from ..figures.draw import digest, require_drawable
from ..package.files import read_rows
from ..package.locators import EXCEPTIONS, read_exceptions
from ..package.package import choices, read_declared
from ..package.problems import Problem, Severity, printable
from ..package.published import normalise
from ..package.yaml_files import faults, keys, schema_parts
from ..package.yaml_nodes import place_of
from ..pipeline.inputs import Inputs
from ..pipeline.published_files import DRAWN
from ..pipeline.validation import found_once
from ..review import Review
from ..sentences import without_traces
from ..tables.build import attempted
from ..tables.traced import TracedTable
from .typed_numbers import typed_numbers

PUBLISHED, DEFAULTS = "published/", "defaults/"
CELL = "published-cell"
NOTES_WITHOUT_MARK = ("caption", "abbreviations", "note")
VALUES, FIGURES, PARAMETERS = "values.yml", "figures.yml", "parameters.yml"
WRITTEN, COMPILED = "written", "compiled"
MOST_COMPILED = 2_000  # templates, a good kilobyte each
CALLS = re.compile(r"\b(?:say|text)\(([^)]*)\)")
GIVEN = re.compile(r"(\w+)\s*=")
UNKNOWN = re.compile(r"'(\w+)' is undefined")  # as Jinja2 says it
LONGEST_HINT = 160  # a list of all that is known would hide the line itself
ALWAYS_THERE = ("value", "table")  # a review has some; of the others it may have none
FEWEST = 3  # places that ask for a name of one file, and the file is what is missing
PLACE = re.compile(
    r"(?P<file>[^:]+\.(?:yml|csv))(?::(?P<row>\d+)(?:, (?P<column>column \d+))?)?(?!\w)"
)


def definition_problems(
    review: Review, folder: Path, cache: Cache, inputs: Inputs
) -> list[Problem]:
    """What fails among all that is declared, each place once.

    A table's column that fails for each of its rows is an error; for some of them a warning:
    rows may be waited for, and `companion missing` says which. `folder` is how the data are
    called in the list; `cache` knows which figures a render drew, and what was found before in
    `inputs`, which were taken before the review was read.
    """
    kinds = {
        PARAMETERS: _parameters(review),
        VALUES: _values(review),
        "claims.yml": _claims(
            review
        ),  # before the tables, whose cells say what claims are about them
        "tables.yml": _tables(review),
        PUBLISHED: _published(review),
        FIGURES: _figures(review, cache),
        "sentences.yml": _sentences(review),
        "dossiers.yml": _dossiers(review),
        "": _as_written(review, cache, inputs),
        NO_TRACE: _readable(read_no_trace, review.folder),
        EXCEPTIONS: _readable(read_exceptions, review.folder / EXCEPTIONS),
    }
    found: dict[tuple[str, int, str], Problem] = {}
    for file, kind in kinds.items():
        try:
            problems = list(kind)
        except CompanionError as error:
            problems = [problem_of(error, file)]
        for problem in problems:
            is_entry = problem.row and problem.severity == "error" and problem.file.endswith(".yml")
            message = "" if is_entry else problem.message
            found.setdefault((problem.file, problem.row, message), in_folder(problem, folder))
    return list(found.values())


@contextmanager
def compiled_templates(cache: Cache) -> Iterator[None]:
    """Within, templates of the definitions that an earlier check compiled are not compiled again.

    What is kept can run code, as what is kept of an evaluation can.
    """
    kept = cache.find(COMPILED, {})
    templates.compiled_before.update(marshal.loads(kept) if kept else {})
    yield
    if new := templates.compiled.keys() - templates.compiled_before.keys():
        codes = {**templates.compiled_before, **{name: templates.compiled[name] for name in new}}
        cache.keep(COMPILED, {}, marshal.dumps(dict([*codes.items()][-MOST_COMPILED:])))


def without_consequences(review: Review, folder: Path, found: list[Problem]) -> list[Problem]:
    """The problems without those that follow from another.

    These are names asked of a file that is missing, claims that a value fails, and cells that
    differ from the published ones where a column of the table fails.
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
    values = str(folder / VALUES)
    wrong = (p for p in found if p.file == values and p.severity == "error")
    causes = tuple(p.message for p in wrong if p.message)
    found = [p for p in found if p.file == values or not p.message.endswith(causes)]
    if any(p.severity == "error" and p.file == str(folder / "tables.yml") for p in found):
        return [p for p in found if p.code != CELL]
    return found


def _declares(review: Review, kind: str) -> bool:
    """Whether the file of a kind declares anything, or cannot be read, which is named already."""
    try:
        return bool(getattr(review, "defaults" if kind == "parameter" else f"{kind}s_declared"))
    except CompanionError:
        return True


def problem_of(
    error: CompanionError, file: str, spec: Any = None, severity: Severity = "error"
) -> Problem:
    """The failure where it is written; else where the definition that fails begins.

    Its file is named as in the folder of the data.
    """
    place = PLACE.match(error.where or "") or PLACE.match(getattr(spec, "where", ""))
    name, row = (place["file"], int(place["row"] or 0)) if place else (file, 0)
    if not name.startswith(DEFAULTS):
        name = f"{PUBLISHED if f'/{PUBLISHED}' in name else ''}{Path(name).name}"
    hint = error.hint if error.hint and len(error.hint) <= LONGEST_HINT else None
    column = place["column"] if place else None
    message = " ".join("; ".join(filter(None, (column, error.what, hint))).split())
    return Problem(name, row, severity=severity, code=code_of(error), message=message)


def in_folder(problem: Problem, folder: Path) -> Problem:
    """The problem with its file as it is called; the defaults are in no folder of the data."""
    is_default = problem.file.startswith(DEFAULTS)
    return problem if is_default else replace(problem, file=str(folder / problem.file))


def code_of(error: CompanionError) -> str:
    """What kind of problem an error is, for programs and for `causes`."""
    return f"missing-{kind}" if (kind := missing_in(error)) else "definition"


def _each(file: str, declared: Any, make: Callable[[str], Any]) -> Iterator[Problem]:
    for name, spec in declared.items():
        try:
            make(name)
        except CompanionError as error:
            yield problem_of(error, file, spec)


def _values(review: Review) -> Iterator[Problem]:
    yield from _each(VALUES, review.values_declared, review.shown)


def _claims(review: Review) -> Iterator[Problem]:
    for _, claim in review.ledger.attempted():
        if isinstance(claim, CompanionError):
            yield problem_of(claim, "claims.yml")


def _figures(review: Review, cache: Cache) -> Iterator[Problem]:
    specs = review.figures_declared

    def lay_out(name: str) -> None:
        for fault in _faults("figure", specs[name]):
            raise fault
        table = review.table(str(specs[name]["table"]))
        _require_rows(specs[name], table, review)
        if cache.find(DRAWN, {"of": digest(specs[name], table)}) is None:
            require_drawable(name, specs[name], table)

    yield from _each(FIGURES, specs, lay_out)


def _require_rows(spec: Mapping[str, Any], table: TracedTable, review: Review) -> None:
    """`only` ends the key of a row, or is a key: of a class, say, that has no study now."""
    only = str(spec.get("only", ""))
    ends = {key.rpartition("/")[2] for key in table.rows}
    if only and only not in ends and not any(only in resource.rows for resource in review.package):
        raise CompanionError(
            f"no row of the figure's table ends with “{only}”",
            where=place_of(spec["only"], str(getattr(spec, "where", ""))),
            hint=nearest(only, ends),
        )


def _parameters(review: Review) -> Iterator[Problem]:
    declared = read_declared(review.package.folder)
    yield from _each(PARAMETERS, declared, lambda n: choices(review.package, declared[n]))


def _dossiers(review: Review) -> Iterator[Problem]:
    """What fails in a dossier; a failure in one of its tables is reported for the table."""
    found = list(_each("dossiers.yml", review.dossiers_declared, review.dossiers))
    known = {problem.message for problem in _tables(review)} if found else set()
    yield from (problem for problem in found if problem.message not in known)


def _sentences(review: Review) -> Iterator[Problem]:
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

    yield from _each("sentences.yml", declared, compose)


def _as_written(review: Review, cache: Cache, inputs: Inputs) -> Iterator[Problem]:
    """What is wrong with definitions as they are written: quotations, typed numbers, keys.

    Looked for once for a state of the definitions and of what claims quote. Of the rows nothing
    else is asked: a claim of each row may quote what is in them.
    """
    rows = {f"data/{each.path}" for each in review.package}
    digests = inputs.digests.items()
    made_from = {
        "definitions": {n: d for n, d in digests if n.startswith("data/") and n not in rows},
        "claims": [[c.id, c.section, c.fragment, *c.sentences] for c in review.ledger.declared],
    }

    def find() -> list[Problem]:
        published = review.package.folder / PUBLISHED
        quoted = quotation_errors(review.ledger.declared, published)
        declared = [review.tables_declared, review.dossiers_declared, review.sentences_declared]
        others = (*typed_numbers(declared), *_misspelt(review))
        return [
            *(problem_of(error, "claims.yml") for error in quoted),
            *(problem_of(error, "") for error in others),
        ]

    yield from found_once(inputs, cache, WRITTEN, made_from, find)


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


def _readable(read: Callable[[Path], Any], path: Path) -> Iterator[Problem]:
    read(path)
    yield from ()


def _tables(review: Review) -> Iterator[Problem]:
    for name, spec in review.tables_declared.items():
        try:
            review.table(name)
        except CompanionError as first:
            yield from _failing(first, name, spec, review)


def _failing(first: CompanionError, name: str, spec: Any, review: Review) -> list[Problem]:
    """Every column of a table that fails; the failure of the whole where none does."""
    try:
        problems = list(_columns(name, spec, review))
    except CompanionError as error:
        first, problems = error, []
    return problems or [problem_of(first, "tables.yml", spec)]


def _around(table: TracedTable, path: Path) -> Iterator[Problem]:
    """Headers that differ from the published ones, and published notes that the table lacks."""
    what: Any = {"severity": "warning", "code": CELL}
    for header, column in zip(read_rows(path)[0], table.columns, strict=False):
        if normalise(header) != normalise(column.header):
            said = f"the table has “{printable(column.header)}”"
            place = (f"{PUBLISHED}{path.name}", 1, "", "header", header)
            yield Problem(*place, message=said, **what)
    notes = path.with_name(f"{path.stem}-notes.csv")
    shown = {normalise(without_traces(text)) for text in (table.caption, *table.notes)}
    for row, (mark, text) in enumerate(read_rows(notes)[1:] if notes.is_file() else (), start=2):
        line = text if mark in NOTES_WITHOUT_MARK else f"^{mark} {text}"
        if normalise(line) not in shown:
            place = (f"{PUBLISHED}{notes.name}", row, mark, "text", text)
            yield Problem(*place, message="the table has no such note", **what)


def _published(review: Review) -> Iterator[Problem]:
    """Cells that differ from the published ones: a typing error, or something to report."""
    for name in review.tables_declared:
        path = review.package.folder / PUBLISHED / f"{name}.csv"
        if not path.is_file():
            continue
        try:
            table = review.table(name)
        except CompanionError:
            continue  # an error already
        yield from _around(table, path)
        keys = list(table.rows)
        differences = review.comparison(name).differences
        if len(keys) != len(read_rows(path)) - 1:
            continue  # studies came or went: the report lists what differs
        for key, column, rebuilt, published in differences:
            row, where = keys.index(key) + 2, f"{PUBLISHED}{path.name}"
            said = f"the data give “{printable(rebuilt)}”"
            place = (where, row, key, column, published)
            yield Problem(*place, severity="warning", code=CELL, message=said)


def _columns(name: str, spec: Any, review: Review) -> Iterator[Problem]:
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
            problem = problem_of(error, "tables.yml", entry, severity)
            yield replace(problem, key=f"{name}/{column}" if severity == "error" else "")
