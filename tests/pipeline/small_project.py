"""An engine and kernels that take no time, and edits of a small project."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from review_companion.errors import CompanionError
from review_companion.notebooks.execute import Executed
from review_companion.notebooks.notebook_files import read_notebook
from review_companion.pipeline.execution import Work
from review_companion.review import open_review
from review_companion.typeset.config import Book
from review_companion.typeset.page import payload_element
from review_companion.typeset.protocol import FORMATS, Format, Metadata, Rendered


class FakeKernels:
    """Answers at once; a notebook asks for the names that stand in its last cell.

    Its output is what those names give at that moment, so that a stale one can be told.
    """

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.tell_asked = False

    def execute(self, works: list[Work], **_: Any) -> list[Executed]:
        self.ran += [work.name for work in works]
        done = [self._execute(work) for work in works]
        self.meanwhile()
        return done

    def _execute(self, work: Work) -> Executed:
        path = work.notebook
        assert isinstance(path, Path)
        notebook = read_notebook(path)
        parameters: Mapping[str, Any] = work.parameters
        review = open_review(path.parent, **parameters)
        names = notebook["cells"][-1]["source"].split()
        notebook["metadata"]["saw"] = [str(review.value(name)) for name in names]
        asked = tuple(review._key("result", name) for name in names)
        return Executed(notebook, 0.0, asked) if self.tell_asked else Executed(notebook, 0.0)


class FakeEngine:
    """Writes a page that repeats the executed notebooks; `missing` is what it lacks."""

    missing = ""

    def require_ready(self) -> None:
        if self.missing:
            raise CompanionError(self.missing)

    def render(
        self,
        book: Book,
        executed: Mapping[str, Path],
        out: Path,
        metadata: Metadata,
        formats: tuple[Format, ...] = FORMATS,
    ) -> Rendered:
        saw = {
            name: json.loads(path.read_text("utf-8"))["metadata"]["saw"]
            for name, path in executed.items()
        }
        carried = "".join(payload_element(each.id, each.json) for each in metadata.payloads)
        page = f"<head><title>{book.title}</title></head><body>{json.dumps(saw)}{carried}</body>"
        for name in formats:
            (out / f"companion.{name}").write_text(page, "utf-8")
        return Rendered(None, None)


def write_notebook(path: Path, names: str, parameters: str = "") -> None:
    """A notebook whose last cell lists the names that the fake kernel asks for."""
    sources = [("code", parameters, ["parameters"])] if parameters else []
    cells = [
        {"cell_type": kind, "id": f"c{place}", "metadata": {"tags": tags}, "source": source}
        for place, (kind, source, tags) in enumerate([*sources, ("markdown", names, [])])
    ]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(content), "utf-8")
