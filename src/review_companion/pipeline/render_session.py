"""What several renders share: warm kernels, and the reviews opened for one state of the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..cache import Cache
from .inputs import Inputs

if TYPE_CHECKING:
    from ..notebooks.kernels import KernelPool
    from ..review import Review
    from .evidence import Records

PRELOAD = ("tabulate",)
READY = "review_companion.review:take_ahead"


class Session:
    """For one project; closing it ends its kernels.

    A preview keeps one from save to save, so that only its first render waits for libraries.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._kernels: KernelPool | None = None
        self._data = ""
        self._reviews: dict[str, Review] = {}
        self._records: dict[int, Records] = {}
        self._handed_over: Review | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def kernels(self) -> KernelPool:
        """The pool; in another process its libraries begin to load."""
        if self._kernels is None:
            from ..notebooks.kernels import HEAVY, KernelPool

            self._kernels = KernelPool(preload=(*HEAVY, *PRELOAD), ready=READY)
        return self._kernels

    def hand_over(self, review: Review, cache: Cache) -> None:
        """Evaluates a review that this session opened, for the kernels too."""
        from ..evidence.records import every_trace
        from ..review import ahead
        from .published_files import drawn_before

        for _ in every_trace(review):
            pass
        if self._handed_over is not review:
            self.kernels().make_ready(ahead(review, drawn_before(review, cache)))
            self._handed_over = review

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
            self._data, self._reviews, self._records = inputs.data, {}, {}
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
