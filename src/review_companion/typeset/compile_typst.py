"""Compiles Typst files; run as a program of its own, so that it can be limited and stopped.

    python compile_typst.py FONTS

Each line of stdin is a JSON list: main.typ, out.pdf, timestamp. A line of stdout answers it with
the list of diagnoses, empty where the PDF was written, and the most bytes that were held so far.
What did not change since the last of the same source is not laid out again. A layout that does not
end would take all memory of the machine: the program has a bound.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import typst

MEMORY_BYTES = 6 << 30
PER_THREAD_BYTES = 128 << 20
# Typst forgets what ten compilations in a row did not use: so, what two PDFs did not.
NOTHING_TIMES = 5


def main(fonts: Path) -> None:
    """Answers until there is nothing more to compile."""
    _limit_memory()
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts])
    for line in sys.stdin:
        source, out, timestamp = json.loads(line)
        diagnoses = _compile(Path(source), Path(out), timestamp, found)
        print(json.dumps([diagnoses, _held_bytes()]), flush=True)
        for _ in range(NOTHING_TIMES):
            typst.compile(b"")


def _compile(source: Path, out: Path, timestamp: int, fonts: typst.Fonts) -> list[str]:
    """Writes the PDF, with Typst's checks for PDF/UA-1 and PDF/A-3a, or says what is wrong."""
    try:
        compiler = typst.Compiler(source, root=source.parent, font_paths=fonts)
        compiled, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1", "a-3a"], timestamp=timestamp
        )
    except typst.TypstError as problem:
        return [problem.diagnostic]
    if not warnings:
        assert isinstance(compiled, bytes)
        out.write_bytes(compiled)
    return [warning.diagnostic for warning in warnings]


def _held_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _limit_memory() -> None:
    wanted = MEMORY_BYTES + PER_THREAD_BYTES * (os.cpu_count() or 1)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
