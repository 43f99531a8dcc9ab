"""What several renders share: warm kernels, and the reviews opened for one state of the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..cache import Cache
from .inputs import Inputs

if TYPE_CHECKING:
    from ..notebooks.kernels import KernelPool
    from ..review import Review
    from .evidence import Records

PRELOAD = ("tabulate",)
EVALUATED = "evaluated"
READY = "review_companion.review:take_ahead"


class Session(AbstractContextManager["Session"]):
    """For one project; closing it ends its kernels.

    A preview keeps one from save to save, so that only its first render waits for libraries.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._kernels: KernelPool | None = None
        self._data = ""
        self._reviews: dict[str, Review] = {}
        self._records: dict[int, Records] = {}
        self._evaluated: dict[int, bytes] = {}
        self._handed_over: Review | None = None

    def __exit__(self, *_: object) -> None:
        self.close()

    def kernels(self) -> KernelPool:
        """The pool; in another process its libraries begin to load."""
        if self._kernels is None:
            from ..notebooks.kernels import HEAVY, KernelPool

            self._kernels = KernelPool(preload=(*HEAVY, *PRELOAD), ready=READY)
        return self._kernels

    def hand_over(self, review: Review, cache: Cache) -> None:
        """Gives the kernels what `evaluate` gave, and the figures that are drawn already."""
        from ..review import handed_over
        from .published_files import drawn_before

        if self._handed_over is not review:
            pictures = drawn_before(review, cache)
            self.kernels().make_ready(handed_over(self._evaluated[id(review)], pictures))
            self._handed_over = review

    def evaluate(self, review: Review, cache: Cache) -> None:
        """Evaluates all of a review that this session opened, unless it was evaluated before.

        The cache has it as a pickle, which can run code: a render runs the project's notebooks.
        """
        if id(review) in self._evaluated:
            return
        from ..evidence.records import every_trace
        from ..review import ahead, evaluated_before

        made_from = {"data": self._data, "root": str(self.root), "sets": self._sets_of(review)}
        evaluated = cache.find(EVALUATED, made_from)
        if evaluated is not None:
            evaluated_before(review, evaluated)
        else:
            for _ in every_trace(review):
                pass
            evaluated = ahead(review)
            cache.keep_later(EVALUATED, made_from, evaluated)
        self._evaluated[id(review)] = evaluated

    def _sets_of(self, review: Review) -> str:
        return next(key for key, known in self._reviews.items() if known is review)

    def review(
        self,
        inputs: Inputs,
        parameters: Mapping[str, Any] | None = None,
        beside: Iterable[Mapping[str, Any]] = (),
    ) -> Review:
        """The review for the data as they are, opened once.

        A parameter that only a notebook declares (its edition) is not given to the review.
        `beside` are the parameters of single notebooks.
        """
        from ..package.package import load_package
        from ..package.yaml_files import read_yaml
        from ..review import Review

        if inputs.data != self._data:
            self._data, self._reviews, self._records, self._evaluated = inputs.data, {}, {}, {}
        sets = [sorted(each.items()) for each in (parameters or {}, *beside)]
        key = repr(sets)
        if key not in self._reviews:
            package = load_package(self.root / "data")
            known = read_yaml(package.folder / "parameters.yml")
            own, *others = [{k: v for k, v in each if k in known} for each in sets]
            self._reviews[key] = Review(self.root, package, own, others)
        return self._reviews[key]

    def records(self, review: Review) -> Records:
        """The records of a review that this session opened, made once."""
        from .evidence import records

        if id(review) not in self._records:
            self._records[id(review)] = records(review)
        return self._records[id(review)]

    def close(self) -> None:
        """Ends the kernels."""
        if self._kernels is not None:
            self._kernels.close()
            self._kernels = self._handed_over = None
