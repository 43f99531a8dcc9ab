"""An engine and kernels that take no time, and edits of a small project."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from review_companion.evaluated_parts import EVERYTHING
from review_companion.notebooks.execute import Executed
from review_companion.notebooks.notebook_files import Notebook, read_notebook
from review_companion.pipeline.execution import Work
from review_companion.review import open_review
from review_companion.typeset.config import Book
from review_companion.typeset.metadata import Metadata
from review_companion.typeset.page import payload_element


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
        notebook = read_notebook(work.path)
        parameters: Mapping[str, Any] = work.parameters
        review = open_review(work.path.parent, **parameters)
        names = notebook["cells"][-1]["source"].split()
        notebook["metadata"]["saw"] = [str(review.value(name)) for name in names]
        asked = tuple(review._key("result", name) for name in names)
        return Executed(notebook, 0.0, asked if self.tell_asked else (EVERYTHING,))


def typeset(
    book: Book, executed: Mapping[str, Notebook], out: Path, metadata: Metadata
) -> tuple[str, ...]:
    """Writes a page that repeats the executed notebooks."""
    saw = {name: notebook["metadata"]["saw"] for name, notebook in executed.items()}
    carried = "".join(payload_element(each.id, each.json) for each in metadata.payloads)
    page = f"<head><title>{book.title}</title></head><body>{json.dumps(saw)}{carried}</body>"
    for name in book.formats:
        (out / f"companion.{name}").write_text(page, "utf-8")
    return ()


def write_notebook(path: Path, names: str, parameters: str = "") -> None:
    """A notebook whose last cell lists the names that the fake kernel asks for."""
    sources = [("code", parameters, ["parameters"])] if parameters else []
    cells = [
        {"cell_type": kind, "id": f"c{place}", "metadata": {"tags": tags}, "source": source}
        for place, (kind, source, tags) in enumerate([*sources, ("markdown", names, [])])
    ]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(content), "utf-8")
