"""Renders the report: validate, execute what changed, typeset, publish."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..audit.digests import combined, input_digests, notebook_digest
from ..audit.manifest import read_manifest, up_to_date, write_manifest
from ..errors import CheckFailed, CompanionError
from ..notebook.files import read_notebook
from ..notebook.names import probe_for, read_names
from ..notebook.parameters import Parameter, declared, resolve
from ..notebook.pool import Event, Progress, Task, execute_all
from ..render.config import Book, read_book
from ..render.protocol import Engine, Metadata
from ..review import Review, open_review
from .cache import Entry, entry, trim, write_whole
from .fingerprints import fingerprint
from .outputs import write_outputs
from .publish import locked, publish, staging

PUBLISHED = Path("report/rendered")
PROBE = probe_for("review_companion.review", "asked")


@dataclass(frozen=True)
class Settings:
    """What a render is asked for; `parameters` as texts, `out` None for the default folder."""

    root: Path
    parameters: Mapping[str, str] = field(default_factory=dict)
    engine: str = "embedded"
    edition: str = ""
    out: Path | None = None
    jobs: int | None = None
    use_cache: bool = True

    @property
    def folder(self) -> Path:
        """Only a plain render writes the published report."""
        if self.out is not None:
            return self.out
        if self.engine != "embedded":
            return self.root / "build" / self.engine
        if self.edition:
            return self.root / "build" / self.edition
        if self.parameters:
            name = ",".join(f"{k}={v}" for k, v in sorted(self.parameters.items()))
            return self.root / "build" / "".join(c if c.isalnum() or c in "=,_-" else "-" for c in name)
        return self.root / PUBLISHED


@dataclass(frozen=True)
class Report:
    """What a render did."""

    folder: Path
    seconds: float
    executed: tuple[str, ...]
    cached: tuple[str, ...]
    unchanged: bool = False


def render(settings: Settings, progress: Progress | None = None) -> Report:
    """Renders and publishes; the published folder is replaced only by a whole new one.

    Raises CheckFailed for data that do not validate, CompanionError for bad use or input.
    """
    began = time.perf_counter()
    report = progress or (lambda event: None)
    book = read_book(settings.root)
    inputs = input_digests(settings.root)
    run = {"parameters": dict(settings.parameters), "engine": settings.engine,
           "edition": settings.edition}
    if settings.use_cache and up_to_date(settings.folder, inputs, run):
        return Report(settings.folder, time.perf_counter() - began, (), book.notebooks, True)
    check_data(settings.root)
    parameters = resolved_parameters(book, settings.parameters)
    with locked(settings.folder):
        try:
            return _render(settings, book, inputs, run, parameters, report, began)
        except OSError as error:
            raise CompanionError(
                f"could not be written: {error.strerror or error}",
                where=str(error.filename or settings.folder),
                hint="the published report is untouched; make room or choose another --out",
            ) from error


def _render(
    settings: Settings,
    book: Book,
    inputs: Mapping[str, str],
    run: Mapping[str, Any],
    parameters: Mapping[str, Mapping[str, Any]],
    progress: Progress,
    began: float,
) -> Report:
    executed, fresh = execute_stale(settings, book, inputs, parameters, progress)
    stage = staging(settings.folder)
    defaults = open_review(settings.root)
    progress(Event("started", "typesetting"))
    started = time.perf_counter()
    write_outputs(defaults, list(book.companion.get("tables", ())), stage)
    metadata = describe(settings, book, defaults, inputs)
    engine(settings.engine).render(book, executed, stage, metadata)
    write_manifest(stage, inputs, run, settings.root)
    publish(stage, settings.folder)
    progress(Event("finished", "typesetting", time.perf_counter() - started))
    cached = tuple(name for name in book.notebooks if name not in fresh)
    return Report(settings.folder, time.perf_counter() - began, fresh, cached)


def check_data(root: Path) -> None:
    """Raises CheckFailed with one line per problem unless `data/` validates."""
    from ..data.validate import validate

    problems = [p for p in validate(root / "data") if p.severity == "error"]
    if problems:
        lines = "\n".join(str(problem) for problem in problems)
        raise CheckFailed(f"{lines}\n{len(problems)} problem(s) in data/; nothing was rendered")


def resolved_parameters(
    book: Book, wanted: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """For each notebook the values of the wanted parameters that it declares.

    Raises CompanionError for a parameter that no notebook declares, listing those known.
    """
    known: dict[str, dict[str, Parameter]] = {}
    for name in book.notebooks:
        found = declared(read_notebook(book.root / name), name)
        known[name] = {parameter.name: parameter for parameter in found}
    everywhere = {name: p for found in known.values() for name, p in found.items()}
    for name in wanted:
        if name not in everywhere:
            listing = "; ".join(str(p) for _, p in sorted(everywhere.items())) or "none"
            raise CompanionError(f"no notebook has a parameter “{name}”", hint=f"known: {listing}")
    return {
        notebook: {
            name: resolve(found[name], value, notebook)
            for name, value in wanted.items()
            if name in found
        }
        for notebook, found in known.items()
    }


def execute_stale(
    settings: Settings,
    book: Book,
    inputs: Mapping[str, str],
    parameters: Mapping[str, Mapping[str, Any]],
    progress: Progress,
) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Executed copies of every notebook, and which of them had to run."""
    folder = settings.root / "build" / "cache"
    code = combined({k: v for k, v in inputs.items() if k.startswith(("src/", "requirements"))})
    executed: dict[str, Path] = {}
    entries: dict[str, Entry] = {}
    reviews: dict[str, Callable[[Sequence[str]], str]] = {}
    for name in book.notebooks:
        entries[name] = entry(
            folder,
            {
                "name": name,
                "cells": notebook_digest(book.root / name),
                "parameters": {k: str(v) for k, v in parameters[name].items()},
                "code": code,
            },
        )
        reviews[name] = _fingerprints(settings.root, parameters[name])
        found = entries[name].find(reviews[name]) if settings.use_cache else None
        if found is not None:
            executed[name] = found
            progress(Event("cached", name))
    stale = [name for name in book.notebooks if name not in executed]
    tasks = [
        Task(book.root / name, name, parameters[name], (book.root / name).parent, PROBE)
        for name in stale
    ]
    for name, done in zip(
        stale, execute_all(tasks, jobs=settings.jobs, progress=progress), strict=True
    ):
        asked = read_names(done.probe)
        executed[name] = entries[name].store(asked, reviews[name], _as_text(done.notebook))
    trim(folder)
    return executed, tuple(stale)


def _fingerprints(root: Path, parameters: Mapping[str, Any]) -> Callable[[Sequence[str]], str]:
    opened: list[Review] = []

    def of(asked: Sequence[str]) -> str:
        if not opened:
            opened.append(open_review(root, **parameters))
        return fingerprint(opened[0], asked)

    return of


def _as_text(notebook: Any) -> str:
    import json

    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def describe(
    settings: Settings, book: Book, review: Review, inputs: Mapping[str, str]
) -> Metadata:
    """What the report says of itself."""
    descriptor = review.package.descriptor
    created = str(descriptor.get("created", "1980-01-01"))[:10]
    moment = datetime.fromisoformat(created).replace(tzinfo=UTC)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    version = str(descriptor.get("version", ""))
    author = ", ".join(book.authors)
    return Metadata(
        version=version,
        data_date=created,
        digest=combined({k: v for k, v in inputs.items() if k.startswith("data/")}),
        citation=f"{author} ({created[:4]}). {book.title}. Version {version}.",
        licence="CC BY 4.0",
        timestamp=int(epoch) if epoch and epoch.isdigit() else int(moment.timestamp()),
        edition=settings.edition,
    )


def engine(name: str) -> Engine:
    """The engine of that name. Raises CompanionError for an unknown one."""
    if name == "embedded":
        from ..render.embedded import EmbeddedEngine

        return EmbeddedEngine()
    if name == "quarto":
        from ..render.quarto import QuartoEngine

        return QuartoEngine()
    raise CompanionError(f"there is no engine “{name}”", hint="known: embedded, quarto")


__all__ = ["Report", "Settings", "render", "write_whole", "read_manifest"]
