"""Writes the crate of a finished render: without times beside it, with times into `build/`."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..audit.crate import WORKFLOW, Run, Times, crate_text
from ..audit.digests import sha256
from ..audit.manifest import CRATE, MANIFEST, read_manifest
from ..audit.records import every_trace
from ..render.config import Book
from ..review import Review
from .cache import write_whole

TIMED = Path("build/crate")
CONFIGURATION = "_quarto.yml"


def write_workflow(root: Path, stage: Path) -> None:
    """The configuration that names the notebooks in order, as the crate's workflow."""
    write_whole(stage / WORKFLOW, (root / CONFIGURATION).read_bytes())


def write_crate(
    stage: Path,
    book: Book,
    review: Review,
    executed: Mapping[str, str],
    parameters: Mapping[str, Any],
) -> Run:
    """Writes the crate of a folder whose manifest is finished, and gives what it describes."""
    run = Run(
        title=book.title,
        description=book.subtitle or book.description or book.title,
        package=review.package,
        manifest=read_manifest(stage),
        manifest_sha256=sha256((stage / MANIFEST).read_bytes()),
        executed={name: sha256(text.encode()) for name, text in executed.items()},
        parameters={**review.parameters, **parameters},
        derived_from=sorted(
            {origin.resource for trace in every_trace(review) for origin in trace.result.read}
        ),
    )
    write_whole(stage / CRATE, crate_text(run))
    return run


def write_timed_crate(root: Path, folder: Path, run: Run, times: Times) -> None:
    """The same crate with the times in it, over links to the same files; never published."""
    timed = root / TIMED
    with contextlib.suppress(OSError):
        shutil.rmtree(timed, ignore_errors=True)
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != CRATE):
            target = timed / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(path, target)
        write_whole(timed / CRATE, crate_text(replace(run, times=times)))


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)
