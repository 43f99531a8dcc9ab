"""The language in which everything is computed: Python's expression syntax over traced frames.

    samples[group == "total"].number.sum()
    comparisons["alpha-2001/adjusted"].p
    all(row.ci_low > 1 for row in comparisons[study == "alpha-2001" and p.given])

Nothing is run: a text is parsed into a closed set of nodes (`parse`), whose names are looked up
(`binding`), and which are evaluated (`walk`) over frames of the data package (`frames`) with the
functions of one registry (`functions`, filled by `aggregates`, `statistics` and `directions`).
`docs/expressions.md` teaches the language.

To use it:

    evaluator = Evaluator(package, values, parameters)   # values: name -> {expression, …}
    evaluator.named("participants-total")                # a Result: value, cells, formula
    evaluator.result("count(studies)")                   # the same for any expression
    evaluator.result("row.number * 2", here=RowRef(resource, key))    # with a row in hand
    evaluator.bounds("percent(a, b)")                    # Interval, printed figures as rounded
    evaluator.rows("studies[year > 2020].sort(year)")    # Selection: rows, and what chose them
    evaluator.labels("participants_total / 2")           # name -> label, for a formula's hover

An expression is a `str`; a `Written` knows its file, line and column, so that errors name them.
Every error is a CompanionError. Calculating with an empty cell raises `NotReported`, which names
the cell; a comparison with it is open (None), and with a row in hand the result is None.

A function is added by the decorator of `functions`; its signature and docstring are its reference.
"""

from ..package.yaml_nodes import Written as Written
from . import aggregates as aggregates
from . import directions as directions
from . import statistics as statistics
from .evaluator import Evaluator as Evaluator
from .evaluator import Selection as Selection
from .frames import Reads as Reads
from .frames import RowRef as RowRef
from .parse import NotReported as NotReported
