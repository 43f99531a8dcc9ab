"""The files published with page and PDF: tables, claims, values, traces, figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..errors import CompanionError
from ..figures import ON_A_PHONE
from ..figures.draw import Pictures, digest, draw
from ..notebooks.notebook_files import Notebook
from ..review import Review
from ..tables.traced import TracedTable
from ..writing import write_whole
from .evidence import Records

DRAWN = "drawn"
Drawn = tuple[TracedTable, Pictures]


def write_outputs(
    review: Review, made: Records, tables: list[str], figures: Mapping[str, Drawn], out: Path
) -> None:
    """Writes the contract's machine-readable files into `out`."""
    for folder in ("tables", "figures"):
        (out / folder).mkdir(exist_ok=True)
    for name in tables:
        write_whole(out / "tables" / f"{name}.csv", review.table(name).to_csv())
    for name, (table, (wide, _)) in figures.items():
        write_whole(out / "figures" / f"{name}.svg", wide)
        write_whole(out / "figures" / f"{name}.csv", table.to_csv())
    write_whole(out / "claims.json", made.claims)
    write_whole(out / "values.json", made.values)
    write_whole(out / "trace.json", made.traces)


def figures_drawn(review: Review, shown: Mapping[str, Pictures], cache: Cache) -> dict[str, Drawn]:
    """Every figure, those of the report as it shows them (`pictures_in`); they are kept."""
    known = drawn_before(review, cache)
    pictures = {**known, **shown}
    found = {}
    for name, spec in review.figures_declared.items():
        under = [each.table(spec["table"]) for each in (review, *review.variants)]
        table = next((table for table in under if digest(spec, table) in shown), under[0])
        if (of := digest(spec, table)) not in pictures:
            figure = draw(name, spec, table)
            pictures[of] = figure.svg, figure.narrow
        found[name] = table, pictures[of]
    for of in pictures.keys() - known.keys():
        cache.keep(DRAWN, {"of": of}, json.dumps(pictures[of]).encode())
    return found


def outputs_in(notebooks: Iterable[Notebook]) -> list[dict[str, Any]]:
    """The outputs of executed notebooks that show something: their data and metadata."""
    return [
        output
        for notebook in notebooks
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if "data" in output
    ]


def pictures_in(outputs: Iterable[Mapping[str, Any]]) -> dict[str, Pictures]:
    """Every figure among the outputs, by the digest of what it was drawn from."""
    return {
        output["metadata"]["of"]: (
            output["data"]["image/svg+xml"],
            output["data"][ON_A_PHONE],
        )
        for output in outputs
        if {"image/svg+xml", ON_A_PHONE} <= output["data"].keys() and "of" in output["metadata"]
    }


def drawn_before(review: Review, cache: Cache) -> dict[str, Pictures]:
    """The figures of a review, under all its parameters, that an earlier render drew."""
    found = {}
    for of in {of for each in (review, *review.variants) for of in _digests(each)}:
        if (kept := cache.find(DRAWN, {"of": of})) is not None:
            wide, narrow = json.loads(kept)
            found[of] = (wide, narrow)
    return found


def _digests(review: Review) -> Iterator[str]:
    """Of the figures that are declared soundly: what is wrong is said where it is asked for."""
    wrong = suppress(CompanionError, AttributeError, KeyError, TypeError, ValueError)
    with wrong:
        for spec in review.figures_declared.values():
            with wrong:
                yield digest(spec, review.table(spec["table"]))
