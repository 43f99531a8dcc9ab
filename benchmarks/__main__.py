"""`make bench`: times everything, prints the tables, and puts them into docs/performance.md."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tabulate import tabulate

from .edits import edit_cell, edit_prose
from .generated import generate
from .growth import growth_table
from .reading import reading_table
from .running import Measured, machine, measure

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/performance.md"
MARKS = "<!-- measured -->", "<!-- end of measured -->"
PARTS = ("data", "notebooks", "report/style", "report/references.json", "_quarto.yml", "index.md",
         "pyproject.toml", "requirements.lock")  # fmt: skip
SIZES = (13, 130, 1300)
CHECK = (sys.executable, "-m", "review_companion.cli", "check")
RENDER = (sys.executable, "-m", "review_companion.cli", "render", "--quiet", "--out")


def main() -> None:
    """Measures in a copy of the project; nothing in the project changes but the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, metavar="STUDIES")
    parser.add_argument("--limit", type=float, default=300, help="seconds for one size")
    parser.add_argument("--dry", action="store_true", help="leave docs/performance.md as it is")
    arguments = parser.parse_args()
    described = machine()
    with tempfile.TemporaryDirectory() as folder:
        report = report_table(Path(folder))
        reading = reading_table(Path(folder) / "out/companion.html")
        sizes = size_table(Path(folder), arguments.sizes, arguments.limit)
        growth, steep = growth_table(Path(folder))
    text = f"Measured on {described}.\n\n{report}\n\n{reading}\n\n{sizes}\n\n{growth}\n"
    print(text)
    if not arguments.dry:
        head, rest = PAGE.read_text("utf-8").split(MARKS[0])
        tail = rest.split(MARKS[1])[1]
        PAGE.write_text(f"{head}{MARKS[0]}\n\n{text}\n{MARKS[1]}{tail}", "utf-8")
    if steep:
        sys.exit("\n".join(["Grows faster than the data:", *steep]))


def report_table(folder: Path) -> str:
    """The real report: what is timed, seconds, and the ratio to the other tools."""
    project = copied(folder / "project")
    before = baseline(project, folder / "before")
    edits = report_runs(project, folder / "out")
    runs = [next(edits)]
    steps = step_table(project)
    runs += edits
    after = baseline(project, folder / "after")
    against = {"papermill + nbconvert": mean(before, after)}
    if shutil.which("quarto"):
        against["Quarto"] = measure(["quarto", "render"], copied(folder / "quarto"))
    rows = [
        [name, seconds(m.seconds), f"{m.cpu:.1f}", f"{m.peak:.0f}",
         *(each for other in against.values()
           for each in (ratio(m.cpu, other.cpu), ratio(m.seconds, other.seconds)))]
        for name, m in [*runs, *against.items()]
    ]  # fmt: skip
    headers = ["Of the real report", "seconds", "CPU seconds", "largest process (MB)"]
    ratios = [f"{kind} ratio to {name}" for name in against for kind in ("CPU", "wall")]
    table = tabulate(rows, [*headers, *ratios], "pipe", disable_numparse=True)
    return f"{table}\n\n{steps}"


def step_table(project: Path) -> str:
    """The steps of the last render; notebooks are executed two at a time."""
    steps = json.loads((project / "build/run.json").read_text("utf-8"))["steps"]
    rows = [[name, seconds(taken)] for name, taken in steps.items()]
    return str(
        tabulate(rows, ["Step of the full render", "seconds"], "pipe", disable_numparse=True)
    )


def mean(one: Measured, other: Measured) -> Measured:
    """Of two runs, one before and one after what is held against them."""
    wall = ((one.seconds or 0) + (other.seconds or 0)) / 2
    return Measured(wall, (one.cpu + other.cpu) / 2, max(one.peak, other.peak))


def report_runs(project: Path, out: Path) -> Iterator[tuple[str, Measured]]:
    """A full render, then what follows on the edits."""
    command = [*RENDER, str(out)]
    yield "full render, empty cache", measure(command, project)
    edit_cell(project, "11.5")
    yield "one cell edited, new process", measure(command, project)
    edit_prose(project, "11.5")
    yield "prose of one notebook edited, new process", measure(command, project)
    yield "nothing changed", measure(command, project)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.loop", str(project)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    for what, name in (("one cell", "cell"), ("prose", "prose")):
        wall, cpu = found[name]
        yield f"{what} edited, running preview", Measured(wall, cpu, 0)
    check = (*CHECK[:-1], "--project", str(project), CHECK[-1])
    edit_cell(project, "11.9")
    yield "check, the first one", measure(check, project)
    edit_cell(project, "12.1")
    yield "check, one cell edited", measure(check, project)
    yield "check, nothing changed", measure(check, project)


def baseline(project: Path, folder: Path) -> Measured:
    """papermill and nbconvert on the same notebooks."""
    out = folder / "papermill"
    return measure([sys.executable, "-m", "benchmarks.baseline", str(project), str(out)], ROOT)


def size_table(folder: Path, sizes: list[int], limit: float) -> str:
    """Generated reviews of several sizes: a full render, and each study's share of it."""
    rows, before = [], None
    for studies in sizes:
        project = generate(folder, studies)
        full = measure([*RENDER, str(folder / f"out-{studies}")], project, limit)
        each = full.seconds / studies if full.seconds else None
        rows.append([
            f"{studies:,}",
            seconds(full.seconds) if full.seconds else f"over {limit:.0f}",
            f"{full.cpu:.1f}",
            f"{each * 1000:.0f}" if each else "–",
            f"{each / before:.2f}" if each and before else "–",
            f"{full.peak:.0f}",
        ])  # fmt: skip
        before = each
    headers = ["Studies (generated)", "seconds", "CPU seconds", "ms per study",
               "ratio to the size before", "largest process (MB)"]  # fmt: skip
    return str(tabulate(rows, headers, "pipe", disable_numparse=True))


def copied(folder: Path) -> Path:
    """The project as it is, without what was rendered and cached."""
    folder.mkdir(parents=True)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        elif (ROOT / name).is_file():
            shutil.copy(ROOT / name, folder / name)
    return folder


def seconds(value: float | None) -> str:
    """With two digits below ten."""
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def ratio(measured: float | None, other: float | None) -> str:
    """Seconds by seconds."""
    return f"{measured / other:.3f}" if measured and other else "–"


if __name__ == "__main__":
    main()
