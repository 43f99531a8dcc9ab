"""Plain lines in a log, a bar on a terminal, silence on request."""

from __future__ import annotations

import io
from pathlib import Path

from review_companion.notebooks.pool import Event
from review_companion.pipeline.progress import Printer
from review_companion.pipeline.settings import Report

EVENTS = (
    Event("cached", "one.ipynb"),
    Event("started", "two.ipynb"),
    Event("finished", "two.ipynb", 1.25),
    Event("started", "three.ipynb"),
    Event("failed", "three.ipynb"),
)
LINES = ["· one.ipynb (cached)", "✓ two.ipynb 1.2 s", "✗ three.ipynb"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(printer: Printer) -> None:
    printer.planned(3)
    for event in EVENTS:
        printer.event(event)


def test_without_a_terminal_there_is_one_line_for_each_end() -> None:
    stream = io.StringIO()
    run(Printer(stream))
    assert stream.getvalue().splitlines() == LINES


def test_on_a_terminal_a_bar_names_what_runs() -> None:
    stream = Terminal()
    run(Printer(stream))
    assert "1/3 two.ipynb" in stream.getvalue()
    assert all(line in stream.getvalue() for line in LINES)


def test_quiet_says_nothing() -> None:
    stream = Terminal()
    run(Printer(stream, quiet=True))
    assert stream.getvalue() == ""


def test_a_log_has_the_lines_with_times_even_when_quiet() -> None:
    log = io.StringIO()
    run(Printer(io.StringIO(), quiet=True, log=log))
    lines = [line.split(" s  ", 1)[1] for line in log.getvalue().splitlines()]
    assert lines == LINES


def test_the_summary_says_what_was_spared() -> None:
    stream = io.StringIO()
    printer = Printer(stream)
    printer.summary(Report(Path("out"), 2.04, executed=("a", "b"), cached=("c",)))
    printer.summary(Report(Path("out"), 0.04, unchanged=True))
    assert stream.getvalue().splitlines() == [
        "2 executed, 1 cached, 2.0 s",
        "nothing changed (0.0 s)",
    ]
