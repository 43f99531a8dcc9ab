"""What several renders share: the reviews opened for one state of the data, and Typst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..cache import Cache
from .inputs import Inputs, data_digest

if TYPE_CHECKING:
    from ..review import Review
    from ..typeset.resident import Typst
    from .evidence import Records

KIND = "evaluated"


class Evaluated:
    """A review of one state of the data, evaluated once for all who ask.

    `made_from` is all that decides it but the program.
    """

    def __init__(self, review: Review, made_from: Mapping[str, Any]) -> None:
        self.review = review
        self._made_from = made_from
        self._pickled = b""

    def pickled(self, cache: Cache) -> bytes:
        """All of it, for other processes, and for the next render.

        A pickle can run code: a render runs the project's notebooks.
        """
        from ..evidence.records import every_trace
        from ..review import dump_evaluated

        if not self._pickled and not self.recall(cache):
            for _ in every_trace(self.review):
                pass
            self._pickled = dump_evaluated(self.review)
            if data_digest(self.review.root) == self._made_from["data"]:  # nothing was saved
                cache.keep(KIND, self._made_from, self._pickled)
        return self._pickled

    def recall(self, cache: Cache) -> bool:
        """Takes what an earlier run evaluated, if it is there."""
        from ..review import load_evaluated

        known = cache.find(KIND, self._made_from)
        if known is not None:
            load_evaluated(self.review, known)
            self._pickled = known
        return known is not None

    def for_kernels(self, cache: Cache) -> bytes:
        """The file for kernels: all of it, and the figures that are drawn already."""
        from ..review import for_kernels
        from .published_files import drawn_before

        return for_kernels(self.pickled(cache), drawn_before(self.review, cache))

    @cached_property
    def records(self) -> Records:
        """The records of claims, traces and values."""
        from .evidence import records

        return records(self.review)


class RenderSession:
    """For one project; a preview keeps one from save to save, for a state seen before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._data = ""
        self._known: dict[str, Evaluated] = {}

    @cached_property
    def typst(self) -> Typst:
        """Ends with the session."""
        from ..typeset.resident import Typst

        return Typst()

    def evaluated(
        self, inputs: Inputs, parameters: Mapping[str, Any], others: Iterable[Mapping[str, Any]]
    ) -> Evaluated:
        """The review for the data as they are, opened once.

        A parameter that only a notebook declares (its edition) is not given to the review.
        `others` are the parameters of single notebooks.
        """
        from ..package.package import load_package
        from ..package.yaml_files import read_yaml
        from ..review import Review

        if inputs.data != self._data:
            self._data, self._known = inputs.data, {}
        sets = [sorted(each.items()) for each in (parameters, *others)]
        key = repr(sets)
        if key not in self._known:
            package = load_package(self.root / "data")
            known = read_yaml(package.folder / "parameters.yml")
            own, *rest = [{k: v for k, v in each if k in known} for each in sets]
            made_from = {"data": inputs.data, "root": str(self.root), "sets": key}
            self._known[key] = Evaluated(Review(self.root, package, own, rest), made_from)
        return self._known[key]
