"""What several renders share: the reviews opened for one state of the data, and Typst."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..cache import Cache
from .inputs import DATA, Inputs

if TYPE_CHECKING:
    from ..evidence.appendix import AuditEntries
    from ..review import Review
    from ..typeset.resident import Typst
    from .evidence import Records

KIND, DIGESTS, ENTRIES, LAST = "evaluated", "digests", "entries", "last"


class Evaluated:
    """A review of one state of the data, evaluated once for all who ask.

    `made_from` is all that decides it but the program, `defined` the same without the rows.
    """

    def __init__(
        self,
        review: Review,
        inputs: Inputs,
        cache: Cache,
        made_from: Mapping[str, Any],
        defined: Mapping[str, Any],
        before: Evaluated | None = None,
    ) -> None:
        """`before` was evaluated of other rows under the same definitions."""
        self.review, self._inputs, self._cache = review, inputs, cache
        self._made_from, self.defined = made_from, defined
        self._before = before
        self._in_session = before is not None  # the next one continues from this one, not from disk
        self._changed: set[str] = set()
        self._parts: dict[str, bytes] = {}
        self._digests: dict[str, str] = {}
        self._entries: AuditEntries | None = None
        self._lines: dict[str, str] = {}  # of trace.json, as far as they are known

    def evaluate(self, audited: str | None) -> None:
        """Evaluates all of it, unless that was done before, and keeps it for the next render.

        With the appendix for a notebook that is given `audited` as its parameter sets. A pickle can
        run code: a render runs the project's notebooks.
        """
        from ..compare.sources import keep_cells
        from ..evaluated_parts import digests, pickled
        from ..evaluation import parts_of

        if self._parts or (self.recall() and self.digests):
            return
        parts = parts_of(self.review)
        if audited is not None:
            parts |= self._audit_parts(self._audit_entries(), audited)
        self._parts, self._digests = pickled(parts), digests(parts)
        if self._inputs.hold(DATA):
            self._cache.keep(KIND, self._made_from, pickle.dumps(self._parts))
            self._cache.keep(DIGESTS, self._made_from, json.dumps(self._digests).encode())
            keep_cells(self.review.package, self._cache)
            if not self._in_session:
                self._cache.keep(ENTRIES, self._made_from, pickle.dumps(self._entries))
                self._cache.keep(LAST, self.defined, self._made_from["data"].encode())
        self._before = None

    @property
    def last_whole(self) -> Evaluated | None:
        """This one, once it is evaluated; until then the one that it continues from."""
        return self if self._parts else self._before

    def _audit_entries(self) -> AuditEntries:
        """Entries of the last render that rest on nothing that changed are taken over.

        So are the lines of trace.json on them.
        """
        from ..evidence.appendix import audit_entries

        before = self._before or self
        known = before._known_entries()
        entries = audit_entries(self.review, known, self._changed)
        old = known.by_trace if known else {}
        same = {name for name, entry in entries.by_trace.items() if entry is old.get(name)}
        self._lines = {name: line for name, line in before._lines.items() if name in same}
        self._entries = entries
        return entries

    def _known_entries(self) -> AuditEntries | None:
        from ..evaluated_parts import unpickled

        if self._entries is None and (kept := self._cache.find(ENTRIES, self._made_from)):
            self._entries = unpickled(kept)
        return self._entries

    def _audit_parts(self, entries: AuditEntries, parameter_sets: str) -> dict[str, Any]:
        """What a chapter on the audit trail asks for."""
        from ..evidence.appendix import filled, part_name
        from ..review import CHANGES

        review = self.review
        changes = {CHANGES: review.verdict_changes()} if review.has_changes else {}
        return {part_name(parameter_sets): filled(entries, for_quarto=False), **changes}

    @property
    def digests(self) -> Mapping[str, str]:
        """Of each part by name, as far as it was evaluated here or by an earlier run."""
        if not self._digests:
            self._digests = json.loads(self._cache.find(DIGESTS, self._made_from) or "{}")
        return self._digests

    def recall(self) -> bool:
        """Takes what an earlier run evaluated, if it is there.

        Else, of what was evaluated last, what does not rest on the rows that changed since.
        """
        from ..evaluated_parts import Parts, unpickled
        from ..evaluation import continue_from, load_evaluated

        known = self._cache.find(KIND, self._made_from)
        if known is not None:
            self._parts, self._before = unpickled(known), None
            load_evaluated(self.review, Parts(self._parts))
        elif before := self._before or self._evaluated_last():
            self._before = before
            self._changed = continue_from(self.review, before.review.variants)
        return bool(self._parts)

    def _evaluated_last(self) -> Evaluated | None:
        """What another run evaluated last under the same definitions."""
        from ..evaluated_parts import EVERYTHING, unpickled

        last = self._cache.find(LAST, self.defined)
        made_from = {**self._made_from, "data": last.decode()} if last else {}
        known = self._cache.find(KIND, made_from) if last else None
        if known is None:
            return None
        reviews: tuple[Review, ...] = unpickled(unpickled(known)[EVERYTHING])
        reviews[0].variants = reviews
        return Evaluated(reviews[0], self._inputs, self._cache, made_from, self.defined)

    def for_kernels(self) -> bytes:
        """The file for kernels: all of it, and the figures that are drawn already."""
        from ..evaluated_parts import file_for_kernels
        from .published_files import drawn_before

        pictures = drawn_before(self.review, self._cache)
        return file_for_kernels(self.review.root, self._parts, pictures)

    @cached_property
    def records(self) -> Records:
        """The records of claims, traces and values."""
        from ..evidence.records import listed, trace_lines
        from .evidence import records

        self._lines = trace_lines(self.review, self._lines)
        return records(self.review, listed(self._lines.values()))


class RenderSession:
    """For one project; a preview keeps one from save to save, for a state seen before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._data = ""
        self._known: dict[str, Evaluated] = {}
        self._before: dict[str, Evaluated] = {}

    @cached_property
    def typst(self) -> Typst:
        """Ends with the session."""
        from ..typeset.resident import Typst

        return Typst()

    def evaluated(
        self,
        inputs: Inputs,
        cache: Cache,
        parameters: Mapping[str, Any],
        others: Iterable[Mapping[str, Any]],
    ) -> Evaluated:
        """The review for the data as they are, opened once.

        A parameter that only a notebook declares (its edition) is not given to the review.
        `others` are the parameters of single notebooks.
        """
        from ..package.package import load_package
        from ..package.yaml_files import read_yaml
        from ..review import Review

        if inputs.data != self._data:
            whole = {key: each.last_whole for key, each in self._known.items()}
            self._before = {key: each for key, each in whole.items() if each}
            self._data, self._known = inputs.data, {}
        sets = [sorted(each.items()) for each in (parameters, *others)]
        key = repr(sets)
        if key not in self._known:
            package = load_package(self.root / "data")
            known = read_yaml(package.folder / "parameters.yml")
            own, *rest = [{k: v for k, v in each if k in known} for each in sets]
            of = {"root": str(self.root), "sets": key}
            rows = {f"data/{each.path}" for each in package}
            defined = {
                name: digest
                for name, digest in inputs.digests.items()
                if name.startswith("data/") and name not in rows
            }
            review = Review(self.root, package, own, rest)
            made_from = {**of, "data": inputs.data}
            defined = {**of, **defined}
            before = self._before.pop(key, None)
            if before and before.defined != defined:
                before = None
            self._known[key] = Evaluated(review, inputs, cache, made_from, defined, before)
        return self._known[key]
