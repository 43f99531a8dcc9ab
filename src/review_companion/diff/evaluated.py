"""A snapshot of a project evaluated as it stands: nothing is executed, nothing typeset."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..audit.carried import Carried, unpack
from ..audit.digests import sha256
from ..audit.records import claim_record, every_trace, trace_record
from ..data.package import Package, load_package
from ..errors import CompanionError
from ..model import Origin
from ..notebook.files import read_notebook
from ..notebook.inline import find_expressions, substitute
from ..render.config import read_book
from ..review import Review
from .prose import split
from .snapshot import Snapshot, findings, numbers

_SPAN = re.compile(r"\[((?:\\.|[^\]\\])*)\]\{\.traced [^}]*\}")
_ESCAPE = re.compile(r"\\(\W)")
_ATTRIBUTES = re.compile(r"\{[#.][^}]*\}|<!--.*?-->", re.DOTALL)


def evaluated(root: Path, name: str) -> Snapshot:
    """Of a project's folder: data, definitions, and prose with its inline values."""
    review = Review(root, load_package(root / "data"))
    return replace(_of(review, name), sentences=tuple(_sentences(review)), prose="source")


def evaluated_page(carried: Carried, folder: Path, name: str) -> Snapshot:
    """Of what a page carries, unpacked into an empty folder."""
    unpack(carried.package, folder)
    return _of(carried.review(folder.parent, load_package(folder)), name)


def _of(review: Review, name: str) -> Snapshot:
    return Snapshot(
        name,
        numbers([trace_record(trace) for trace in every_trace(review)]),
        findings([claim_record(claim) for claim in review.ledger]),
        dict(_cells(review.package)),
        figures=dict(_figures(review)),
    )


def cells_of(folder: Path) -> dict[str, str]:
    """Every cell of a data folder."""
    return dict(_cells(load_package(folder)))


def _cells(package: Package) -> Iterator[tuple[str, str]]:
    for resource in package:
        for key, row in resource.rows.items():
            for column, text in row.items():
                yield str(Origin(resource.name, key, column)), text


def _figures(review: Review) -> Iterator[tuple[str, str]]:
    for name, spec in review.figures_declared.items():
        yield name, sha256(review.table(spec["table"]).to_csv().encode())[:12]


def _sentences(review: Review) -> Iterator[str]:
    book = read_book(review.root)
    for name in book.notebooks:
        for cell in read_notebook(review.root / name)["cells"]:
            if cell["cell_type"] == "markdown":
                yield from _prose(cell["source"], review)


def _prose(source: str, review: Review) -> Iterator[str]:
    text = substitute(source, [_answer(e.code, review) for e in find_expressions(source)])
    for paragraph in re.split(r"\n\s*\n", _ATTRIBUTES.sub("", _shown(text))):
        yield from split(paragraph)


def _shown(markdown: str) -> str:
    """Traced spans as the text that they show."""
    return _SPAN.sub(lambda span: _ESCAPE.sub(r"\1", span[1]), markdown)


def _answer(code: str, review: Review) -> dict[str, Any]:
    return {"expression": code, "result": {"data": {"text/markdown": _value(code, review)}}}


def _value(code: str, review: Review) -> str:
    """What `v("name")` or `review.text("name")` shows; anything else stays as it is written."""
    match ast.parse(code, mode="eval").body:
        case ast.Call(
            func=ast.Name(id=method) | ast.Attribute(attr=method),
            args=[ast.Constant(value=str(name))],
            keywords=[],
        ) if method in ("v", "text"):
            try:
                return str(getattr(review, method)(name))
            except CompanionError:
                return f"({name} is not known)"
    return f"({code})"
