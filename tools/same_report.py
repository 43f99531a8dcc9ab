"""`make same-report`: renders afresh beside a report and says what differs, for a reader first.

python -m tools.same_report [BASE] renders the project and compares; with --fresh DIR it compares
with a folder that is already rendered. Exit status 0: every byte is the same; 1: something differs.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from review_companion.cli import main as companion
from review_companion.evidence.digests import MANIFEST, PROGRAM

COMMITTED, FRESH = Path("report/rendered"), Path("build/same-report")
MOST_LINES = 12
WIDTH = 160
BETWEEN_TAGS = re.compile(r"(?<=>)\s*(?=<)|(?<=\.)\s+(?=<p)")


def differing(base: Path, fresh: Path) -> list[str]:
    """The files, by relative name, that one folder lacks or whose bytes differ."""
    names = sorted(
        {
            path.relative_to(folder).as_posix()
            for folder in (base, fresh)
            for path in folder.rglob("*")
            if path.is_file()
        }
    )
    return [name for name in names if _bytes(base / name) != _bytes(fresh / name)]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def described(base: Path, fresh: Path, names: list[str]) -> Iterator[str]:
    """Each file with the lines in which it differs, a few of them."""
    for name in names:
        one, other = base / name, fresh / name
        if not one.is_file() or not other.is_file():
            yield f"{name}: {'new' if other.is_file() else 'gone'}"
            continue
        lines = [line for line in _difference(one, other) if line.strip("+- ")]
        yield f"{name}: {other.stat().st_size - one.stat().st_size:+d} bytes"
        yield from (f"  {_short(line)}" for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield f"  … and {len(lines) - MOST_LINES} more lines"


def _difference(one: Path, other: Path) -> list[str]:
    """Lines that are in one file only, gone and new in turn; of markup, a line ends at each tag.

    Moved lines are not told; however much differs, it takes no longer than reading the files.
    """
    before, after = _lines(one), _lines(other)
    gone = (f"-{line}" for line in _only(before, after))
    new = (f"+{line}" for line in _only(after, before))
    return [line for pair in zip_longest(gone, new) for line in pair if line is not None]


def _only(lines: list[str], others: list[str]) -> Iterator[str]:
    left = Counter(lines)
    left.subtract(Counter(others))
    for line in lines:
        if left[line] > 0:
            left[line] -= 1
            yield line


def _lines(path: Path) -> list[str]:
    if path.suffix == ".pdf":
        return _pdf_lines(path)
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".json":
        text = json.dumps(json.loads(text), indent=1, ensure_ascii=False, sort_keys=True)
    elif path.suffix in (".html", ".svg"):
        text = BETWEEN_TAGS.sub("\n", text)
    return text.splitlines()


def _pdf_lines(path: Path) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [
            f"page {number}: {line}"
            for number, page in enumerate(document, 1)
            for line in page.get_textpage().get_text_range().splitlines()
        ]


def _short(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def only_the_program(base: Path, fresh: Path, names: list[str]) -> bool:
    """Whether nothing but the digest of the program's source differs."""
    if names != [MANIFEST]:
        return False
    one, other = (json.loads((folder / MANIFEST).read_text("utf-8")) for folder in (base, fresh))
    for manifest in (one, other):
        manifest["inputs"].pop(PROGRAM, None)
    return bool(one == other)


def report(base: Path, fresh: Path) -> int:
    """Prints what differs: numbers, verdicts and sentences, then files and their markup."""
    names = differing(base, fresh)
    if not names:
        print(f"the same bytes: {sum(1 for p in fresh.rglob('*') if p.is_file())} files")
        return 0
    if only_the_program(base, fresh, names):
        print(f"{MANIFEST}: only the digest of the program's source ({PROGRAM}) differs")
        return 1
    print("For a reader:", flush=True)
    companion(["diff", str(base), str(fresh)])
    print(f"\nFiles that differ ({len(names)}):")
    print("\n".join(described(base, fresh, names)))
    return 1


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="same-report", description=__doc__)
    parser.add_argument("base", type=Path, nargs="?", default=COMMITTED)
    parser.add_argument("--fresh", type=Path, default=None, help="a folder rendered already")
    given = parser.parse_args(arguments)
    if not (given.base / MANIFEST).is_file():
        print(f"{given.base}: there is no rendered report here; name one: BASE=folder")
        return 2
    fresh = given.fresh or FRESH
    if given.fresh is None:
        shutil.rmtree(fresh, ignore_errors=True)
        status = companion(["render", "--no-cache", "--out", str(fresh)])
        if status:
            return status
    return report(given.base, fresh)


if __name__ == "__main__":
    sys.exit(main())
