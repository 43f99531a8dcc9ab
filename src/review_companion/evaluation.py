"""What a review evaluates under one set of parameters: values, tables, claims, each once.

What a render has evaluated it hands over in parts to its kernels, and takes over from the last
render as far as nothing that it rests on has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from .claims.declared import NamedClaim, read_claims
from .claims.ledger import Ledger
from .errors import CompanionError, require_known
from .evaluated_parts import EVERYTHING, NONE, Parts
from .expressions import Evaluator
from .expressions.evaluator import identifier
from .model import Claim, Result
from .package.package import Package, Remembered, as_type_of, check_parameters, read_declared
from .package.yaml_files import read_entries, read_yaml
from .package.yaml_nodes import Node
from .tables.build import build_table
from .tables.ledger_tables import flags
from .tables.traced import Cell, TracedTable

T = TypeVar("T")

ENTRIES = {"values", "tables", "figures", "dossiers"}
FILES = ("values", "tables", "sentences", "figures", "dossiers")
DECLARED = {f"{each}_declared" for each in (*FILES, "claims")}


class Judged(NamedTuple):
    """The claims, and how many standing checks hold and make none."""

    claims: tuple[Claim, ...]
    silent: int


def _declared(name: str) -> cached_property[Node]:
    """The definitions of a file, read once for each review."""
    read = read_entries if name in ENTRIES else read_yaml

    def declared(review: Evaluation) -> Node:
        return review.part(f"declared {name}", lambda: read(review.folder / f"{name}.yml"))

    return cached_property(declared)


class Evaluation:
    """The evaluation of a data package with its definitions, for one set of parameters."""

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
        others = tuple(other_parameters)
        if package:
            self.package = package
            for given in (parameters or {}, *others):
                check_parameters(package, declared, given)
        self.other_parameters = tuple(map(self._typed, others))
        self.parameters = {**self.defaults, **self._typed(parameters or {})}
        sorted_parameters = repr(sorted(self.parameters.items())).encode()
        self.parameters_digest = hashlib.sha256(sorted_parameters).hexdigest()[:8]
        self._parts = parts
        self._built = Remembered[str, TracedTable]()  # without what claims say of their cells
        self._tables: dict[str, TracedTable] = {}
        self._pictures: Mapping[str, Any] = {}

    def _typed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters as the review declares them: a float of a notebook is a decimal."""
        return {name: as_type_of(self.defaults.get(name, v), v) for name, v in given.items()}

    values_declared = _declared("values")
    tables_declared = _declared("tables")
    sentences_declared = _declared("sentences")
    figures_declared = _declared("figures")
    dossiers_declared = _declared("dossiers")

    def _key(self, kind: str, name: str) -> str:
        """The name of a part that depends on the parameters."""
        return f"{self.parameters_digest} {kind} {name}"

    def part(self, name: str, make: Callable[[], T]) -> T:
        """A part that a render has evaluated, else what is made here."""
        found: T = self._parts[name] if name in self._parts else make()
        return found

    @cached_property
    def _whole(self) -> Self:
        """The review that a render evaluated, where no part of it is enough."""
        every: tuple[Self, ...] = self._parts[EVERYTHING]
        whole = next(each for each in every if each.parameters_digest == self.parameters_digest)
        self.reuse(whole)
        self._parts = NONE  # from here on nothing is asked of single parts: all of it is known
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
        evaluator = self.evaluator
        if self.parameters != self.defaults:
            evaluator = Evaluator(self.package, self.values_declared, self.defaults)
        return Ledger(evaluator, self.claims_declared)

    @cached_property
    def claims_declared(self) -> tuple[NamedClaim, ...]:
        """The claims as they are declared, read once for each review."""
        return read_claims(self.folder)

    @cached_property
    def _judged(self) -> Judged:
        return self.part("claims", lambda: Judged(self.ledger.claims, self.ledger.silent))

    @cached_property
    def variants(self) -> tuple[Self, ...]:
        """The review under each set of parameters of the report, once, the defaults first."""
        found: dict[str, Self] = {}
        for given in ({}, *self.other_parameters, self.parameters):
            is_own = {**self.defaults, **given} == self.parameters
            other = self if is_own else self.under(given)
            found.setdefault(other.parameters_digest, other)
        return tuple(found.values())

    def under(
        self, parameters: Mapping[str, Any], others: Iterable[Mapping[str, Any]] = ()
    ) -> Self:
        """The review under other parameters; raises CompanionError for invalid ones."""
        review = type(self)(self.root, self.package, parameters, others)
        review.reuse(self)
        return review

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """The review under its default parameters, with further named values.

        Raises CompanionError for a name that a value has already.
        """
        if clash := sorted(values.keys() & self.values_declared.keys()):
            raise CompanionError(f"“{clash[0]}” already names a value of the review")
        review = self.under({})
        review.values_declared = Node({**self.values_declared, **values})
        review.evaluator = Evaluator(self.package, review.values_declared, self.defaults)
        return review

    def with_parameter_sets(self, sets: str) -> Self:
        """The same review; `sets` are all parameter sets of the report, a JSON list of objects."""
        if not sets:
            return self
        try:
            others = [dict(entry) for entry in json.loads(sets)]
        except (ValueError, TypeError) as error:
            raise CompanionError(f"“{sets}” is not a list of parameters: {error}") from None
        return self.under(self.parameters, others)

    def __getstate__(self) -> dict[str, Any]:
        """What another review can reuse; the rest is worked out again from it."""
        derived = ("variants", "_traces")
        return {k: v for k, v in self.__dict__.items() if k not in derived}

    def reuse(self, other: Self) -> None:
        """Reuses what another review of the same data has read and evaluated."""
        self._pictures = other._pictures or self._pictures
        self.ledger = other.ledger
        self.reuse_definitions(other)
        if self.parameters == other.parameters:
            self.evaluator, self._tables = other.evaluator, dict(other._tables)
            self._built.take(other._built, set())

    def reuse_definitions(self, other: Self) -> None:
        """Reuses what another review with the same definitions has read of them."""
        for name in DECLARED & other.__dict__.keys():
            setattr(self, name, getattr(other, name))

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
        return self.part(self._key("result", name), lambda: self.evaluator.named(name))

    def cell(self, name: str) -> Cell:
        """A cell of a rebuilt table, by "table/row/column"."""
        table, _, place = name.partition("/")
        row, _, column = place.rpartition("/")  # the row's key may have slashes of its own
        return self.table(table).cell(row, column)

    def shown(self, name: str) -> tuple[str, str]:
        """A value or table cell as printed, and its trace id."""
        if "/" in name:
            cell, (table, _, place) = self.cell(name), name.partition("/")
            return cell.text, f"{table}{cell.variant}/{place}"
        return self.part(self._key("shown", name), lambda: self._shown(name))

    def _shown(self, name: str) -> tuple[str, str]:
        return self.evaluator.shown(name), name + self.variant(self.result(name))

    def table(self, name: str) -> TracedTable:
        """A rebuilt table, each cell traced."""
        if name not in self._tables:
            self._tables[name] = self.part(self._key("table", name), lambda: self._table(name))
        return self._tables[name]

    def _table(self, name: str) -> TracedTable:
        require_known(name, self.tables_declared, "no table is named", missing="table")
        built = self._built.get(name, lambda: self._unflagged(name))
        return replace(built, flags=flags(self.ledger.about(name), name))

    def _unflagged(self, name: str) -> TracedTable:
        table = build_table(name, self.tables_declared[name], self.evaluator)
        return table.with_variants(self.variant)

    def titles(self, name: str) -> Mapping[str, str]:
        """What the dossiers of a resource are called, by row and in their order."""
        return self.part(self._key("titles", name), lambda: self._titles(name))

    def _titles(self, name: str) -> Mapping[str, str]:
        dossier = self.dossiers_declared[name]
        order = dossier.get("sort", self.package[name].key)
        by = ", ".join(map(str, order if isinstance(order, list) else [order]))
        title = {"id": "title", "template": dossier["title"]}
        spec = {"rows": f"{identifier(name)}.sort({by})", "columns": [title]}
        table = build_table(f"{name}-titles", spec, self.evaluator)
        return {key: cells[0].text for key, cells in table.rows.items()}


def parts_of(review: Evaluation) -> dict[str, Any]:
    """All that a review evaluates, by the names under which one that is given it looks for it."""
    found: dict[str, Any] = {"claims": review._judged, EVERYTHING: review.variants}
    found |= {f"declared {name}": getattr(review, f"{name}_declared") for name in FILES}
    found |= {f"resource {name}": each for name, each in review.package.resources.items()}
    for each in review.variants:
        found[each.parameters_digest] = None  # that they were evaluated at all
        for name in each.values_declared:
            found[each._key("result", name)] = each.result(name)
            found[each._key("shown", name)] = each.shown(name)
        found |= {each._key("table", name): each.table(name) for name in each.tables_declared}
        found |= {each._key("titles", n): each.titles(n) for n in each.dossiers_declared}
    return found


def continue_from(review: Evaluation, known: tuple[Evaluation, ...]) -> set[str]:
    """Takes over from an earlier evaluation what rests on no resource that has changed since.

    `known` are the variants of a review with the same definitions. Names the resources that
    changed.
    """
    changed = review.package.changed_since(known[0].package)
    for other in known:
        review.reuse_definitions(other)
    for other, own in zip(known, review.variants, strict=True):
        own.evaluator.continue_from(other.evaluator, changed)
        own.ledger.continue_from(other.ledger, changed)
        own._built.take(other._built, changed)
    return changed


def load_evaluated(review: Evaluation, parts: Parts) -> None:
    """Takes over a whole evaluation: `parts` are those of the same data and parameters."""
    known: tuple[Evaluation, ...] = parts[EVERYTHING]
    for other in known:
        review.reuse(other)
    review.variants = tuple(
        review if other.parameters == review.parameters else other for other in known
    )
