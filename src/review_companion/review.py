"""What notebooks ask for: values, tables, figures, sentences and claims, by name.

from review_companion import open_review
review = open_review()
review.value("participants-total")
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .claims.claim_files import read_claims
from .claims.ledger import Ledger
from .errors import CompanionError, require_known
from .evaluated_parts import EVERYTHING, NONE, Parts, evaluated_by_render
from .expressions import Evaluator
from .expressions.evaluator import identifier
from .figures.draw import Figure, Pictures, draw
from .model import Claim, Result, Trace
from .package.declared_parameters import check_parameters, read_declared
from .package.files import find_root
from .package.package import Package, load_package, touching
from .package.yaml_files import Node, Written, place_of, read_entries, read_yaml
from .sentences import compose, span
from .tables.build import TableComparison, build_table, compare_published
from .tables.dossier import Dossiers, about, dossiers
from .tables.findings import cards, findings, findings_summary, unchecked, verdict_sentence
from .tables.ledger_tables import (
    changes_table,
    claim_result,
    counts_table,
    findings_counts,
    flags,
    ledger_table,
)
from .tables.pandas_frames import Answer, Extraction, frame_of
from .tables.traced import Cell, TracedTable
from .text import as_text

if TYPE_CHECKING:
    import pandas


T = TypeVar("T")


class Markdown(str):
    """Markdown that Jupyter shows as such."""

    def _repr_markdown_(self) -> str:
        return str(self)


MOST_DECIMALS = 12
ENTRIES = {"values", "tables", "dossiers"}
FILES = ("values", "tables", "sentences", "figures", "dossiers")
DECLARED = {f"{each}_declared" for each in FILES}


def _declared(name: str) -> cached_property[Node]:
    """The definitions of a file, read once for each review."""
    read = read_entries if name in ENTRIES else read_yaml

    def declared(review: Review) -> Node:
        return review._part(f"declared {name}", lambda: read(review.folder / f"{name}.yml"))

    return cached_property(declared)


class Review:
    """A data package with its definitions, for one set of parameters."""

    def __init__(
        self,
        root: Path,
        package: Package | None,
        parameters: Mapping[str, Any] | None = None,
        other_parameters: Iterable[Mapping[str, Any]] = (),
        parts: Parts = NONE,
    ) -> None:
        """`other_parameters` are those of other notebooks of the same report, a set for each.

        Without a package all is taken from `parts`, evaluated by a render for these parameters.
        """
        self.root = root
        self.folder = package.folder if package else root / "data"
        declared = read_declared(self.folder)
        self.defaults = {name: entry["default"] for name, entry in declared.items()}
        self.other_parameters = tuple(other_parameters)
        if package:
            self.package = package
            for given in (parameters or {}, *self.other_parameters):
                check_parameters(package, declared, given)
        self.parameters = {**self.defaults, **(parameters or {})}
        self._parts = parts
        self._built: dict[str, TracedTable] = {}
        self._touched: dict[str, set[str]] = {}  # what each rests on
        self._pictures: Mapping[str, Pictures] = {}

    values_declared = _declared("values")
    tables_declared = _declared("tables")
    sentences_declared = _declared("sentences")
    figures_declared = _declared("figures")
    dossiers_declared = _declared("dossiers")

    def _key(self, *of: str) -> str:
        return " ".join([self._under_parameters, *of])

    @cached_property
    def _under_parameters(self) -> str:
        return hashlib.sha256(repr(sorted(self.parameters.items())).encode()).hexdigest()[:8]

    def _part(self, name: str, make: Callable[[], T]) -> T:
        """A part that a render has evaluated, else what is made here."""
        part: T = self._parts[name] if name in self._parts else make()
        return part

    @cached_property
    def _whole(self) -> Review:
        """The review that a render evaluated, where no part of it is enough."""
        every: tuple[Review, ...] = self._parts[EVERYTHING]
        whole = next(each for each in every if each._key() == self._key())
        self.reuse(whole)
        self._parts = NONE
        return whole

    @cached_property
    def package(self) -> Package:
        return self._whole.package

    @cached_property
    def evaluator(self) -> Evaluator:
        if self._parts:
            return self._whole.evaluator
        return Evaluator(self.package, self.values_declared, self.parameters)

    @cached_property
    def ledger(self) -> Ledger:
        """The claims, always on the whole data (parameters at their defaults)."""
        if self._parts:
            return self._whole.ledger
        return Ledger(self.package, self.values_declared, read_claims(self.folder), self.defaults)

    @cached_property
    def _judged(self) -> tuple[tuple[Claim, ...], int]:
        """The claims, and how many standing checks hold and make none."""
        return self._part("claims", lambda: (self.ledger.claims, self.ledger.silent))

    @cached_property
    def variants(self) -> tuple[Review, ...]:
        """The review under each set of parameters of the report, once, the defaults first."""
        sets = [{}, *self.other_parameters, self.parameters]
        complete = [{**self.defaults, **parameters} for parameters in sets]
        distinct = {repr(sorted(parameters.items())): parameters for parameters in complete}
        return tuple(map(self._under, distinct.values()))

    def _under(self, parameters: Mapping[str, Any]) -> Review:
        if parameters == self.parameters:
            return self
        other = Review(self.root, self.package, parameters)
        other.ledger = self.ledger
        return other

    def with_parameter_sets(self, sets: str) -> Review:
        """The same review; `sets` are all parameter sets of the report, a JSON list of objects."""
        if not sets:
            return self
        try:
            others = [dict(entry) for entry in json.loads(sets)]
        except (ValueError, TypeError) as error:
            raise CompanionError(f"“{sets}” is not a list of parameters: {error}") from None
        review = Review(self.root, self.package, self.parameters, others)
        review.reuse(self)
        return review

    def __getstate__(self) -> dict[str, Any]:
        """What another review can reuse; the rest is worked out again from it."""
        derived = ("variants", "_traces")
        return {k: v for k, v in self.__dict__.items() if k not in derived}

    def reuse(self, other: Review) -> None:
        """Reuses what another review of the same data has read and evaluated."""
        self._pictures = other._pictures or self._pictures
        self.ledger = other.ledger
        for name in DECLARED & other.__dict__.keys():
            setattr(self, name, getattr(other, name))
        if self.parameters == other.parameters:
            self.evaluator, self._built = other.evaluator, dict(other._built)
            self._touched = dict(other._touched)

    def variant(self, result: Result) -> str:
        """The parameters that a result depends on and that are not at their default.

        Names are the same under all parameters; with this suffix, traces are not.
        """
        changed = sorted(
            f"{key}={value}"
            for key, value in result.parameters
            if str(self.defaults.get(key)) != value
        )
        return f"@{','.join(changed)}" if changed else ""

    def result(self, name: str) -> Result:
        """The result behind a named value, or behind a table's cell "table/row/column"."""
        if "/" in name:
            return self.cell(name).result
        return self._part(self._key("result", name), lambda: self.evaluator.named(name))

    def cell(self, name: str) -> Cell:
        """A cell of a rebuilt table, by "table/row/column"."""
        table, row, column = _parts(name)
        return self.table(table).cell(row, column)

    def shown(self, name: str) -> tuple[str, str]:
        """A value or table cell as printed, and its trace id."""
        if "/" in name:
            cell, (table, row, column) = self.cell(name), _parts(name)
            return cell.text, f"{table}{cell.variant}/{row}/{column}"
        return self._part(self._key("shown", name), lambda: self._shown(name))

    def _shown(self, name: str) -> tuple[str, str]:
        result = self.result(name)
        definition = self.values_declared[name]
        text = as_text(result.value, _decimals(definition)) + str(definition.get("suffix", ""))
        return text, name + self.variant(result)

    def value(self, name: str) -> Any:
        """The bare value: int, Fraction, Decimal, str, bool or a tuple."""
        return self.result(name).value

    def v(self, name: str) -> Markdown:
        """The value as traced Markdown, for inline use."""
        return Markdown(span(*self.shown(name)))

    def text(self, name: str, **extra: Any) -> Markdown:
        """A generated sentence (or several)."""
        require_known(name, self.sentences_declared, "no sentence is named", missing="sentence")
        template = self.sentences_declared[name]
        if not isinstance(template, Written):
            key = next(key for key in self.sentences_declared if key == name)
            place = place_of(key, "sentences.yml")
            raise CompanionError(f"“{name}” must be text", where=place)
        names = {
            "rows": lambda table: list(self.table(table).rows),
            "parameter": lambda key: self.parameters[key],
            "say": self.text,
            **extra,
        }
        return Markdown(
            compose(template, self.result, self.shown, f"{template.file}:{template.line}", names)
        )

    def table(self, name: str) -> TracedTable:
        """A rebuilt table, each cell traced."""
        if name not in self._built:
            self._built[name] = self._part(self._key("table", name), lambda: self._table(name))
        return self._built[name]

    def _table(self, name: str) -> TracedTable:
        require_known(name, self.tables_declared, "no table is named", missing="table")
        with touching() as touched:
            built = build_table(name, self.tables_declared[name], self.evaluator)
        self._touched[name] = touched
        return self._flagged(built.with_variants(self.variant))

    def _flagged(self, table: TracedTable) -> TracedTable:
        return replace(table, flags=flags(self.ledger.about(table.name), table.name))

    def _continue_from(self, other: Review, changed: set[str]) -> None:
        """Takes over what rests on none of the changed resources; all else is the same."""
        self.evaluator.continue_from(other.evaluator, changed)
        self.ledger.continue_from(other.ledger, changed)
        for name, touched in other._touched.items():
            if not touched & changed:
                self._touched[name] = touched
                self._built[name] = self._flagged(other._built[name])

    def comparison(self, name: str) -> TableComparison:
        """A rebuilt table held against the transcription of the published one."""
        published = self.folder / "published" / f"{name}.csv"
        found = compare_published(self.table(name), published)
        return replace(found, variant=self.variant(found.result))

    def __call__(self, expression: str) -> Answer:
        """The answer to an expression: its value, the cells that it read, and their places."""
        result = self.evaluator.result(expression)
        return Answer(result, self.package)

    def frame(self, name: str) -> pandas.DataFrame:
        """A table, or a resource of the data, as a pandas frame, typed and labelled."""
        if name in self.tables_declared:
            return self.table(name).frame
        return frame_of(self._part(f"resource {name}", lambda: self.package[name]))

    def data(self, name: str) -> Extraction:
        """The data behind a table, folded: the resources that it reads, and its columns."""
        table = self.table(name)
        cells = [cell.result for row in table.rows.values() for cell in row]
        read = sorted({origin.resource for result in cells for origin in result.read})
        made = {
            str(entry.get("header", entry["id"])): str(
                entry.get("expression") or entry.get("template", "")
            )
            for entry in self.tables_declared[name]["columns"]
        }
        return Extraction(name, {resource: self.frame(resource) for resource in read}, made)

    def figure(self, name: str) -> Figure:
        """A figure drawn from a traced table."""
        require_known(name, self.figures_declared, "no figure is named", missing="figure")
        spec = self.figures_declared[name]
        return draw(name, spec, self.table(spec["table"]), known=self._pictures)

    def claims(self, **where: str) -> TracedTable:
        """The ledger as a table, or the claims that match: `verdict=`, `section=`, `severity=`."""
        wanted = where.items()
        claims = [c for c in self._judged[0] if all(str(getattr(c, f)) == v for f, v in wanted)]
        return ledger_table(claims, self.subjects())

    def verdict_changes(self) -> TracedTable:
        """The claims whose verdict changed since the last version, by the role `was`."""
        changes, _ = self.package.with_role("was", "why")
        return changes_table(self._judged[0], changes, self.subjects())

    def verdict_counts(self) -> TracedTable:
        """How many claims have which verdict, by part of the article."""
        return counts_table(self._judged[0])

    def verdict_sentence(self) -> Markdown:
        """How many claims have which verdict, in one sentence."""
        return self._of_claims(verdict_sentence)

    def cards(self, severity: str = "") -> Markdown:
        """A card for each matter that does not add up, the worst first; minor ones have none."""
        return self._of_claims(cards, self.subjects(), severity)

    def findings(self, severity: str = "") -> Markdown:
        """Every finding in full, most severe first."""
        return self._of_claims(findings, self.subjects(), severity)

    def findings_summary(self) -> Markdown:
        """How many findings have which severity."""
        return self._of_claims(findings_summary)

    def _of_claims(self, write: Callable[..., str], *options: Any) -> Markdown:
        """What `write` says of the claims; without any claim, that nothing was checked."""
        claims, silent = self._judged
        return Markdown(write(claims, *options) if claims else unchecked(silent))

    def subjects(self) -> Mapping[str, str]:
        """What a claim is about, by its id, if that is a single row with a dossier."""
        titles = {
            key: cells[0].text
            for name in self.dossiers_declared
            for key, cells in self._titles(name).rows.items()
        }
        found = {claim.id: about(claim) & titles.keys() for claim in self._judged[0]}
        return {c: titles[key] for c, keys in found.items() for key in keys if len(keys) == 1}

    def _titles(self, name: str) -> TracedTable:
        return self._part(self._key("titles", name), lambda: self._titles_of(name))

    def _titles_of(self, name: str) -> TracedTable:
        spec = self.dossiers_declared[name]
        order = spec.get("sort", self.package[name].key)
        return build_table(
            f"{name}-titles",
            {
                "rows": f"{identifier(name)}.sort({', '.join(_listed(order))})",
                "columns": [{"id": "title", "template": spec["title"]}],
            },
            self.evaluator,
        )

    def dossiers(self, name: str) -> Dossiers:
        """Everything about each row of a resource, as `dossiers.yml` says."""
        spec = self.dossiers_declared[name]
        if not isinstance(spec["tables"], list):
            raise CompanionError("“tables” must be a list of names", where=spec.where)
        tables = [self.table(str(table)) for table in spec["tables"]]
        says = self.table(str(spec["says"])) if "says" in spec else None
        titles = {key: cells[0].text for key, cells in self._titles(name).rows.items()}
        return dossiers(titles, says, tables, self._judged[0], spec.get("omit", ()))

    def traces(self) -> tuple[Trace, ...]:
        """Every declared value and table cell, and every claim, as the audit shows them."""
        return self._traces

    @cached_property
    def _traces(self) -> tuple[Trace, ...]:
        return tuple(self._traced())

    def _traced(self) -> Iterator[Trace]:
        for name, definition in self.values_declared.items():
            text, trace = self.shown(name)
            yield Trace(trace, "value", str(definition.get("label", name)), text, self.result(name))
        for name in self.tables_declared:
            yield from self.table(name).traces()
            if (self.folder / "published" / f"{name}.csv").is_file():
                yield from self.comparison(name).traces()
        if any("was" in role for table in self.package for role in table.roles):
            yield from self.verdict_changes().traces()
        yield from self.verdict_counts().traces()
        yield from findings_counts(*self._judged).traces()
        for claim in self.ledger:
            label = f"{claim.label} ({claim.verdict.words})"
            text = claim.printed or claim.recomputed
            yield Trace(f"claim/{claim.id}", "claim", label, text, claim_result(claim))


def _decimals(definition: Node) -> int | None:
    """How many decimals a value is shown with, if it says so."""
    decimals = definition.get("places")
    if decimals is None or (type(decimals) is int and 0 <= decimals <= MOST_DECIMALS):
        return decimals
    what = f"“places” is a number of decimals from 0 to {MOST_DECIMALS}, not “{decimals}”"
    raise CompanionError(what, where=definition.where)


def _listed(names: Any) -> list[str]:
    return [str(name) for name in (names if isinstance(names, list) else [names])]


def _parts(cell: str) -> tuple[str, str, str]:
    """Table, row and column; the row's key may have slashes of its own."""
    table, _, rest = cell.partition("/")
    row, _, column = rest.rpartition("/")
    return table, row, column


def parts_of(review: Review) -> dict[str, Any]:
    """All that a review evaluates, by the names under which one that is given it looks for it."""
    found: dict[str, Any] = {"claims": review._judged, EVERYTHING: review.variants}
    found |= {f"declared {name}": getattr(review, f"{name}_declared") for name in FILES}
    found |= {f"resource {name}": each for name, each in review.package.resources.items()}
    for each in review.variants:
        found[each._key()] = None
        for name in each.values_declared:
            found[each._key("result", name)] = each.result(name)
            found[each._key("shown", name)] = each.shown(name)
        found |= {each._key("table", name): each.table(name) for name in each.tables_declared}
        found |= {each._key("titles", n): each._titles(n) for n in each.dossiers_declared}
    return found


def continue_from(review: Review, parts: Parts) -> None:
    """Gives a review the `parts` of one with the same definitions, as far as they are the same."""
    known: tuple[Review, ...] = parts[EVERYTHING]
    changed = review.package.changed_since(known[0].package)
    for other, own in zip(known, review.variants, strict=True):
        own._continue_from(other, changed)


def load_evaluated(review: Review, parts: Parts) -> None:
    """Gives a review the `parts` of one with the same data and parameters."""
    known: tuple[Review, ...] = parts[EVERYTHING]
    for other in known:
        review.reuse(other)
    review.variants = tuple(
        review if other.parameters == review.parameters else other for other in known
    )


def open_review(root: str | os.PathLike[str] | None = None, **parameters: Any) -> Review:
    """Opens the review at or above a folder (default: the working folder)."""
    folder = find_root(Path(root) if root is not None else None)
    parts, pictures = evaluated_by_render(folder)
    review = Review(folder, None, parameters, parts=parts)
    if review._key() not in parts:
        known: tuple[Review, ...] = parts[EVERYTHING] if parts else ()
        package = known[0].package if known else load_package(folder / "data")
        review = Review(folder, package, parameters)
        for other in known:
            review.reuse(other)
    review._pictures = pictures
    return review
