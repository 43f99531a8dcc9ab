"""The steps of a render, in order; each step has a module of its own."""

from __future__ import annotations

import contextlib
import errno
import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from ..cache import Cache, trim
from ..errors import CompanionError
from ..evaluated_parts import EVERYTHING
from ..evidence.digests import write_manifest
from ..notebooks.cell_outputs import warnings_in
from ..notebooks.execute import Event, execute_all
from ..notebooks.notebook_files import Notebook
from ..notebooks.parameters import Parameters, read_parameters
from ..package.generated import BIBLIOGRAPHY, STALE, stale_bibliography
from ..typeset.config import Book, listed_tables, read_edition
from ..typeset.metadata import Metadata
from ..typeset.resident import Typst
from .describe import describe, run_of, write_about, write_crate
from .evidence import attachments, payloads, read_pages, seal_pages, untraced_numbers
from .execution import (
    Answers,
    Work,
    from_cache,
    keep,
    plan,
)
from .inputs import Inputs, read_inputs
from .publish import locked, publish, staging
from .published_files import (
    figures_drawn,
    outputs_in,
    pictures_in,
    write_outputs,
)
from .render_session import Evaluated, RenderSession
from .run_record import stamp
from .settings import Report, Settings, Watch
from .validation import check_data

Engine = Callable[[Book, Mapping[str, Notebook], Path, Metadata], tuple[str, ...]]
ATTEMPTS = 3
CHECKING, TYPESETTING = STEPS = ("checking data", "typesetting")


class InputsChanged(Exception):
    """A file was saved while the render read it: the result belongs to no single state."""


@dataclass
class Run:
    """A render under way; `steps` collects how long each part took."""

    settings: Settings
    session: RenderSession
    watch: Watch
    inputs: Inputs
    steps: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @cached_property
    def cache(self) -> Cache:
        return self.inputs.cache(finds=self.settings.use_cache)

    @cached_property
    def book(self) -> Book:
        settings = self.settings
        book = read_edition(settings.root, settings.edition, settings.engine)
        formats = settings.formats or book.formats
        return replace(book, formats=formats, without=settings.without)

    @cached_property
    def parameters(self) -> Parameters:
        wanted = {**self.book.parameters, **self.settings.parameters}
        return read_parameters(self.settings.root, self.book.notebooks, wanted)

    @property
    def evaluated(self) -> Evaluated:
        """The review under all parameters asked for, which knows those of each notebook."""
        parameters, sets = self.parameters.merged, self.parameters.sets
        return self.session.evaluated(self.inputs, self.cache, parameters, sets)

    @property
    def answers(self) -> Answers:
        """What notebooks are answered, by digests; of the parts only where they were evaluated."""
        return {
            **self.evaluated.digests,
            **self.inputs.digests,
            EVERYTHING: self.inputs.for_notebooks,
        }

    def executed_before(self, works: list[Work]) -> dict[str, str]:
        """The notebooks that need not be executed again."""
        with contextlib.suppress(CompanionError):  # the data cannot be read
            return from_cache(self.cache, works, self.answers)
        return {}

    def require_same_inputs(self) -> None:
        """Raises InputsChanged where they are no longer what they were at the beginning."""
        if not self.inputs.hold():
            raise InputsChanged

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Reports and times a part."""
        self.watch.event(Event("started", name))
        began = time.perf_counter()
        try:
            yield
        except BaseException:
            self.watch.event(Event("failed", name))
            raise
        self.steps[name] = time.perf_counter() - began
        self.watch.event(Event("finished", name, self.steps[name]))


def render_changed(
    settings: Settings, inputs: Inputs, watch: Watch, session: RenderSession | None = None
) -> Report:
    """Renders and publishes; starts again where inputs are saved meanwhile."""
    with contextlib.ExitStack() as stack:
        shared = session or RenderSession(settings.root)
        stack.enter_context(locked(settings.folder))
        stack.enter_context(disk_errors(settings))
        for _ in range(ATTEMPTS):
            with contextlib.suppress(InputsChanged):
                return _render(Run(settings, shared, watch, inputs))
            inputs = read_inputs(settings.root)
    raise CompanionError(
        "the project's files were changed while it was rendered, again and again",
        where=str(settings.root),
        hint="render once more when nothing writes there",
    )


def _render(run: Run) -> Report:
    settings, book = run.settings, run.book
    typeset = engine(settings.engine, run.cache, run.session.typst)
    executed, fresh = _executed(run)
    stage = staging(settings.folder)
    with run.step(TYPESETTING):
        _typeset(run, typeset, executed, stage)
        review = run.evaluated.review
        if stale_bibliography(settings.root, review.package):
            run.warnings += (f"{BIBLIOGRAPHY}: {STALE}",)
        if book.files:
            pages, is_edition = read_pages(stage), bool(book.edition)
            seal_pages(stage, pages, review)
            run.warnings += untraced_numbers(pages, review, run.cache, is_edition=is_edition)
            write_about(settings.root, stage, book)
        ran = run_of(settings, book, review, executed, run.parameters.merged)
        write_manifest(stage, run.inputs.digests, ran, settings.root)
        if book.files:
            write_crate(stage, review)
    run.require_same_inputs()
    if settings.folder.is_dir():
        run.watch.before_switch(settings.folder, stage, run.cache)
    publish(stage, settings.folder)
    stamp(settings, run.inputs, run.warnings, run.cache)
    trim(run.cache.folder)
    cached = tuple(name for name in book.notebooks if name not in fresh)
    return Report(settings.folder, 0.0, fresh, cached, steps=run.steps, warnings=run.warnings)


def engine(name: str, cache: Cache, typst: Typst) -> Engine:
    """The engine of that name. Raises CompanionError for another, and where it is not installed."""
    if name == "embedded":
        from ..typeset import embedded

        return partial(embedded.typeset, cache=cache, typst=typst)
    if name == "quarto":
        from ..typeset import quarto

        return partial(quarto.typeset, version=quarto.installed_version())
    raise CompanionError(f"there is no engine “{name}”", hint="known: embedded, quarto")


def _executed(run: Run) -> tuple[dict[str, str], tuple[str, ...]]:
    """The text of every executed notebook, and the names of those that had to run."""
    works = plan(run.settings.root, run.parameters.by_notebook, run.inputs)
    run.watch.planned(len(works) + len(STEPS))
    if len(run.executed_before(works)) < len(works):
        from ..notebooks.kernels import load_libraries

        load_libraries()  # while the data are checked
    with run.step(CHECKING):
        run.warnings = check_data(run.inputs, run.cache)
    evaluated = _for_kernels(run)
    have = run.executed_before(works)
    stale = [work for work in works if work.name not in have]
    for name in have:
        run.watch.event(Event("cached", name))
    done = execute_all(stale, jobs=run.settings.jobs, progress=run.watch.event, evaluated=evaluated)
    run.require_same_inputs()
    for work, one in zip(stale, done, strict=True):
        have[work.name] = keep(run.cache, work, one, run.answers)
        run.steps[work.name] = one.seconds
    return {work.name: have[work.name] for work in works}, tuple(work.name for work in stale)


def _for_kernels(run: Run) -> bytes:
    """What the kernels need not evaluate, made while their libraries load.

    Nothing where something in the definitions fails: a notebook that meets it says where.
    """
    with contextlib.suppress(CompanionError):
        run.evaluated.evaluate(run.parameters.audited)
        return run.evaluated.for_kernels()
    return b""


def _typeset(run: Run, typeset: Engine, executed: dict[str, str], stage: Path) -> None:
    """Page and PDF and, at the same time, the machine-readable files."""
    book, review, made = run.book, run.evaluated.review, run.evaluated.records
    tables = listed_tables(book, review.tables_declared)
    notebooks: dict[str, Notebook] = {name: json.loads(text) for name, text in executed.items()}
    for name, notebook in notebooks.items():
        run.warnings += tuple(warnings_in(notebook, name))
    metadata = describe(run.settings, book, review, run.inputs)
    with ThreadPoolExecutor(max_workers=1) as background:
        files: list[Future[None]] = []
        if book.files:
            outputs = outputs_in(notebooks.values())
            apart = outputs if len(book.volumes) > 1 else None
            metadata = replace(
                metadata,
                payloads=payloads(review, made, run.inputs.everything, apart),
                attachments=attachments(review, made),
            )
            figures = figures_drawn(review, pictures_in(outputs), run.cache)
            files.append(background.submit(write_outputs, review, made, tables, figures, stage))
        run.warnings += typeset(book, notebooks, stage, metadata)
        for each in files:
            each.result()


@contextlib.contextmanager
def disk_errors(settings: Settings) -> Iterator[None]:
    """What the system refuses (no room, no right) as an error that says where, and what to do."""
    try:
        yield
    except OSError as error:
        place = Path(str(error.filename2 or error.filename or settings.folder))
        said = error.strerror or str(error)
        if place.is_relative_to(settings.folder.parent):
            what, hint = f"could not be written: {said}", "make room or choose another --out"
        elif error.errno == errno.ENOSPC:
            what, hint = said, "make room there, or have TMPDIR name another folder"
        else:
            what, hint = said, "make it readable"
        hint = f"the published report is untouched; {hint}"
        raise CompanionError(what, where=str(place), hint=hint) from error
