"""Controls for the parameters of a review, and what the review says with these choices.

In JupyterLab each parameter that `parameters.yml` declares is a control, and what is shown follows
it. Anywhere else (a render, papermill, nbconvert) the same is shown without controls, for the
parameters of the notebook.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any

from tabulate import tabulate

from .errors import CompanionError
from .package.package import as_type_of, choices, read_declared
from .review import Review
from .sentences import without_traces
from .text import escape_markdown

LIVE = "JPY_SESSION_NAME"  # set for the kernels that a Jupyter server starts for somebody


@dataclass(frozen=True)
class WhatIf:
    """The answers of a review under choices: sentences, numbers with their expressions, figures.

    `tables` names columns of tables by table, `values` named values; `texts` and `figures` are
    names of `sentences.yml` and `figures.yml`.
    """

    review: Review
    _: KW_ONLY
    tables: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: Sequence[str] = ()
    texts: Sequence[str] = ()
    figures: Sequence[str] = ()

    def under(self, parameters: Mapping[str, Any]) -> WhatIf:
        """The same with other parameters; raises CompanionError for invalid ones."""
        return replace(self, review=self.review.under(parameters))

    def markdown(self) -> str:
        """The choices, each number with its expression, and the sentences."""
        parts = ["; ".join(f"{k} = {v}" for k, v in self.review.parameters.items())]
        parts += [_grid(self._of_table(*asked)) for asked in self.tables.items()]
        if self.values:
            header = ("Number", "Value", "Expression")
            declared = {name: self.review.values_declared[name] for name in self.values}
            values = (
                (str(d["label"]), self.review.v(name), _code(d["expression"]))
                for name, d in declared.items()
            )
            parts.append(_grid([header, *values]))
        return "\n\n".join([*parts, *(self.review.text(name) for name in self.texts)])

    def _of_table(self, name: str, wanted: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The rows of the table side by side, with a line for each column that is wanted."""
        table = self.review.table(name)
        first = table.columns[0].id
        names = [escape_markdown(table.cell(row, first).text) for row in table.rows]
        yield "Number", *names, "Expression"
        declared = {entry["id"]: entry for entry in self.review.tables_declared[name]["columns"]}
        for column in wanted:
            shown = [self.review.v(f"{name}/{row}/{column}") for row in table.rows]
            entry = declared[column]
            yield str(entry["header"]), *shown, _code(entry.get("expression", "a template"))

    def _repr_mimebundle_(self, **_: Any) -> Any:
        if os.environ.get(LIVE):
            return self.controls()._repr_mimebundle_()
        return {"text/markdown": self.markdown(), "text/plain": repr(self)}

    def controls(self) -> Any:
        """A control for each parameter, above what the review says."""
        import ipywidgets

        declared = read_declared(self.review.package.folder)
        controls = {name: _control(self.review, name, declared[name]) for name in declared}
        shown = ipywidgets.Output()

        def show(_: object = None) -> None:
            defaults = self.review.defaults
            chosen = {n: as_type_of(defaults[n], each.value) for n, each in controls.items()}
            shown.outputs = tuple(self._outputs(chosen))

        for control in controls.values():
            control.observe(show, "value")
        show()
        return ipywidgets.VBox([*controls.values(), shown])

    def _outputs(self, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """What Jupyter shows for these parameters; a message if they leave no data."""
        try:
            other = self.under(parameters)
            yield _output("text/markdown", without_traces(other.markdown()))
            for name in self.figures:
                yield _output("image/svg+xml", other.review.figure(name).svg)
        except CompanionError as error:
            yield _output("text/plain", str(error))


def _output(kind: str, content: str) -> Mapping[str, Any]:
    return {"output_type": "display_data", "data": {kind: content}, "metadata": {}}


def _control(review: Review, name: str, entry: Any) -> Any:
    """Choices as a list, true and false as a checkbox, anything else as text."""
    import ipywidgets

    value, about = review.parameters[name], str(entry.get("help", name))
    wide = {"description": about, "layout": {"width": "95%"}, "style": {"description_width": "60%"}}
    if allowed := choices(review.package, entry):
        return ipywidgets.Dropdown(options=list(allowed), value=value, **wide)
    if isinstance(value, bool):
        return ipywidgets.Checkbox(value=value, indent=False, **wide)
    return ipywidgets.Text(value=str(value), continuous_update=False, **wide)


def _code(expression: object) -> str:
    return f"`{' '.join(str(expression).split())}`"


def _grid(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a table in Markdown, the first being its header."""
    header, *body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return str(tabulate(body, header, "pipe", disable_numparse=True))
