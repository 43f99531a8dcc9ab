"""How processor time grows with size: per row or patient, and against the next smaller size."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tabulate import tabulate

from review_companion.stats.feasible import fitting_tables
from review_companion.validate import validate

from .generated import FIXTURE

ROWS = (1_000, 10_000, 100_000)
PATIENTS = (200, 1_000, 5_000)
REPEATED = 3
MOST = 2.0
Work = Callable[[], object]


def growth_table(folder: Path) -> tuple[str, list[str]]:
    """The table, and a line for each size that takes more than `MOST` times as long per unit."""
    rows, steep = [], []
    for what, size, cpu, ratio in _measured(folder):
        shown = "–" if ratio is None else f"{ratio:.2f}"
        rows.append([what, f"{size:,}", f"{cpu:.3f}", f"{cpu / size * 1e6:.1f}", shown])
        if ratio is not None and ratio > MOST:
            steep.append(
                f"{what}, {size:,}: {ratio:.1f} times as long for each as at the size before"
            )
    headers = ["Growth", "size", "CPU seconds", "µs for each", "ratio to the size before"]
    return str(tabulate(rows, headers, "pipe", disable_numparse=True)), steep


def _measured(folder: Path) -> Iterator[tuple[str, int, float, float | None]]:
    validate(FIXTURE / "data")  # its libraries are loaded
    for what, sizes, prepare, runs in (
        ("rows of a table, checked", ROWS, lambda size: rows_checked(folder, size), 1),
        ("patients of two arms, tables searched", PATIENTS, tables_searched, REPEATED),
    ):
        before: float | None = None
        for size in sizes:
            cpu = processor_seconds(prepare(size), runs)
            yield what, size, cpu, cpu / size / before if before else None
            before = cpu / size


def processor_seconds(work: Work, runs: int) -> float:
    """The least of a few runs, where one leaves nothing in memory that makes the next one quicker.

    What else the machine does only ever adds. A check remembers texts that it has read, up to a
    number: twice the same rows would be quick as long as they are few.
    """
    found = []
    for _ in range(runs):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def rows_checked(folder: Path, rows: int) -> Work:
    """The check of a package whose largest table has that many rows, all of them sound."""
    data = Path(shutil.copytree(FIXTURE / "data", folder / f"rows-{rows}"))
    path = data / "comparisons.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        header, first, *_ = list(csv.reader(handle))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(_varied(header, first, n) for n in range(rows))
    locators = data / "locators.csv"
    lines = locators.read_text("utf-8").splitlines(keepends=True)
    locators.write_text("".join(n for n in lines if ",comparisons," not in n), "utf-8")
    return lambda: validate(data)


def _varied(header: list[str], first: list[str], n: int) -> list[str]:
    row = dict(zip(header, first, strict=True))
    row |= {
        "comparison": f"{first[0]}-{n}",
        "nights": f"{n}.5",
        "lower": f"0.1{n}",
        "upper": f"1.{n}",
    }
    row["fragment"] = ", ".join(row[c] for c in header[5:17] if row[c]) + f", p = {row['p']}"
    return list(row.values())


def tables_searched(patients: int) -> Work:
    """The search for the 2×2 tables of a study of that many patients, 8% of them with an event."""
    return lambda: fitting_tables("13.0%", "6.2%", total=patients, events=patients * 8 // 100)
