"""Slips of data entry: cells that contradict their own row, its fragment or the rows beside it.

Each is a warning that names file, row and column. Nothing is declared for it but the schema: what
a column is, which words print a code, which columns belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..damage import Table
from ..descriptor import TableSpec
from ..problems import Problem
from .codes import code_slips
from .effects import effect_slips
from .order import named_slips, order_slips
from .shared_codes import link_slips
from .slip_places import Places
from .together import together_slips
from .twice import twice_slips

CHECKS = (
    order_slips,
    named_slips,
    code_slips,
    effect_slips,
    link_slips,
    twice_slips,
    together_slips,
)


def slips(
    specs: Iterable[TableSpec], tables: Mapping[str, Table], printed: Mapping[str, str]
) -> Iterator[Problem]:
    """Every slip of the tables; `printed` holds the published cells by their section."""
    specs = list(specs)
    places = Places(tables, {s.name: s.foreign_keys for s in specs}, printed)
    for spec in specs:
        for check in CHECKS:
            yield from check(spec, places)
