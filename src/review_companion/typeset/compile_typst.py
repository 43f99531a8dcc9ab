"""Compiles one Typst file; run as a program of its own, so that it can be limited and stopped.

    python compile_typst.py main.typ out.pdf FONTS TIMESTAMP

A layout that does not end would take all memory of the machine: the program has a bound.
Exit status 65 and a JSON list of diagnoses on stderr if Typst refuses or warns.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import typst

MEMORY_BYTES = 6 << 30
PER_THREAD_BYTES = 128 << 20
REFUSED = 65


def main(source: Path, out: Path, fonts: Path, timestamp: int) -> int:
    """Write the PDF, with Typst's checks for PDF/UA-1 and PDF/A-3a; the exit status."""
    _limit_memory()
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts])
    try:
        compiler = typst.Compiler(source, root=source.parent, font_paths=found)
        compiled, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1", "a-3a"], timestamp=timestamp
        )
    except typst.TypstError as problem:
        return _refuse([problem.diagnostic])
    if warnings:
        return _refuse([warning.diagnostic for warning in warnings])
    assert isinstance(compiled, bytes)
    out.write_bytes(compiled)
    return 0


def _refuse(diagnoses: list[str]) -> int:
    json.dump(diagnoses, sys.stderr)
    return REFUSED


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    wanted = MEMORY_BYTES + PER_THREAD_BYTES * (os.cpu_count() or 1)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
