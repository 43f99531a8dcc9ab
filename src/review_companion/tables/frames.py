"""The extraction data as pandas frames, typed and labelled, and folded for a notebook."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..data.package import Resource
from ..sections import code_words
from ..trace.templates import upper_first

if TYPE_CHECKING:
    import pandas

DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def frame_of(resource: Resource) -> pandas.DataFrame:
    """A resource by its rows' keys; an empty cell is missing, `attrs["labels"]` names columns.

    Whole numbers, decimals and truth values have pandas' own types for columns with gaps; all
    else is text. For the printed digits of a decimal, see the CSV file.
    """
    import pandas

    keys = pandas.Index(list(resource.rows), name="row")
    columns = {}
    for name in resource.columns:
        kind = resource.field(name).get("type", "string")
        cells = [_typed(row[name], kind) for row in resource.rows.values()]
        dtype: Any = DTYPES.get(kind, "string")
        columns[name] = pandas.Series(cells, index=keys, dtype=dtype)
    frame = pandas.DataFrame(columns, index=keys)
    frame.attrs["labels"] = {name: label(resource, name) for name in resource.columns}
    return frame


def label(resource: Resource, column: str) -> str:
    """What a column is called."""
    return str(resource.field(column).get("title") or upper_first(code_words(column)))


def _typed(text: str, kind: str) -> Any:
    if text == "":
        return None
    makers: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "number": float,
        "boolean": lambda truth: truth == "true",
    }
    return makers.get(kind, str)(text)


@dataclass(frozen=True)
class Extraction:
    """What a table is made of: the resources that it reads, and how each column is made."""

    name: str
    frames: Mapping[str, pandas.DataFrame]
    columns: Mapping[str, str]

    def __getitem__(self, resource: str) -> pandas.DataFrame:
        return self.frames[resource]

    def _repr_html_(self) -> str:
        parts = [
            _folded(f"{name}: {len(frame)} rows", frame.to_html(na_rep="", max_rows=None))
            for name, frame in self.frames.items()
        ]
        made = "".join(
            f"<tr><th scope='row'>{html.escape(column)}</th>"
            f"<td><code>{html.escape(' '.join(text.split()))}</code></td></tr>"
            for column, text in self.columns.items()
        )
        parts.append(_folded(f"How the columns of {self.name} are made", f"<table>{made}</table>"))
        return "\n".join(parts)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} ({len(frame)} rows)" for name, frame in self.frames.items())
        return f"{self.name} is made of {shown}"


def _folded(title: str, content: str) -> str:
    return f"<details><summary>{html.escape(title)}</summary>\n{content}\n</details>"
