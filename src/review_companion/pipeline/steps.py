"""The steps of a render, in order; what each does stands in a module of its own."""

from __future__ import annotations

import contextlib
import errno
import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..cache import FOLDER, Cache, trim
from ..errors import CompanionError
from ..evidence.manifest import write_manifest
from ..figures.draw import Pictures
from ..notebooks.execute import Event, execute_all
from ..notebooks.strip import said_aside
from ..review import Review
from ..temporary import prefix
from ..typeset.config import Book
from ..typeset.editions import read_edition
from ..typeset.protocol import Engine, Metadata
from .describe import describe, engine, run_of, write_about, write_crate
from .evidence import Records, attachments, payloads, seal_pages, untraced_numbers
from .execution import (
    KIND,
    Parameters,
    as_text,
    from_cache,
    plan,
    read_parameters,
)
from .inputs import Inputs, read_inputs
from .publish import locked, publish, staging
from .published_files import (
    keep_pictures,
    listed_tables,
    outputs_in,
    pictures_in,
    write_outputs,
)
from .render_session import Evaluated, Session
from .run_record import stamp
from .settings import Report, Settings, Step, Watch
from .validation import check_data

ATTEMPTS = 3
CHECKING, TYPESETTING = STEPS = ("checking data", "typesetting")


class InputsChanged(Exception):
    """Something was saved while the render read it: what was made is of no one state."""


@dataclass
class Run:
    """A render under way; `steps` collects how long each part took."""

    settings: Settings
    session: Session
    watch: Watch
    cache: Cache
    steps: list[Step] = field(default_factory=list)
    parameters: Parameters = field(default_factory=lambda: Parameters({}, {}, []))
    warnings: tuple[str, ...] = ()

    def evaluated(self, inputs: Inputs) -> Evaluated:
        """The review under all parameters asked for, and beside them those of each notebook."""
        return self.session.evaluated(inputs, self.parameters.together, self.parameters.sets)

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
        seconds = time.perf_counter() - began
        self.steps.append(Step(name, seconds))
        self.watch.event(Event("finished", name, seconds))


def render_changed(
    settings: Settings, inputs: Inputs, watch: Watch, session: Session | None = None
) -> Report:
    """Renders and publishes; starts again where inputs are saved meanwhile."""
    with contextlib.ExitStack() as stack:
        shared = session or Session(settings.root)
        stack.enter_context(locked(settings.folder))
        stack.enter_context(disk_errors(settings))
        for _ in range(ATTEMPTS):
            with contextlib.suppress(InputsChanged):
                cache = Cache(settings.root / FOLDER, inputs.code, settings.use_cache)
                return _render(Run(settings, shared, watch, cache), inputs)
            inputs = read_inputs(settings.root)
    raise CompanionError(
        "the project's files were changed while it was rendered, again and again",
        where=str(settings.root),
        hint="render once more when nothing writes there",
    )


def _render(run: Run, inputs: Inputs) -> Report:
    settings = run.settings
    typesetter = engine(settings.engine, run.cache)
    typesetter.require_ready()
    book = read_edition(settings.root, settings.edition, settings.engine)
    book = replace(book, formats=settings.formats or book.formats)
    executed, fresh = _executed(run, book, inputs)
    review, made = (evaluated := run.evaluated(inputs)).review, evaluated.records
    stage = staging(settings.folder)
    with run.step(TYPESETTING):
        metadata = describe(settings, book, review, inputs)
        outputs = outputs_in(executed.values()) if book.files else []
        if book.files:
            apart = outputs if len(book.volumes) > 1 else None
            metadata = replace(
                metadata,
                payloads=payloads(review, made, inputs.everything, apart),
                attachments=attachments(review, made),
            )
        drawn = pictures_in(outputs)
        keep_pictures(run.cache, drawn)
        _typeset(run, typesetter, book, executed, stage, metadata, review, made, drawn)
        if book.files:
            seal_pages(stage, review)
            run.warnings += untraced_numbers(
                stage, review, is_edition=bool(book.edition), cache=run.cache
            )
            write_about(settings.root, stage, book)
        ran = run_of(settings, book, review, executed, run.parameters.together)
        write_manifest(stage, inputs.digests, ran, settings.root)
        if book.files:
            write_crate(stage, review)
    _require_same(settings.root, inputs)
    if settings.folder.is_dir():
        run.watch.before_switch(settings.folder, stage)
    publish(stage, settings.folder)
    stamp(settings, inputs, run.warnings)
    trim(run.cache.folder)
    cached = tuple(name for name in book.notebooks if name not in fresh)
    return Report(
        settings.folder, 0.0, fresh, cached, steps=tuple(run.steps), warnings=run.warnings
    )


def _executed(run: Run, book: Book, inputs: Inputs) -> tuple[dict[str, str], tuple[str, ...]]:
    """The text of every executed notebook, and the names of those that had to run."""
    settings = run.settings
    wanted = {**book.parameters, **settings.parameters}
    run.parameters = read_parameters(settings.root, book.notebooks, wanted)
    works = plan(settings.root, run.parameters.told, inputs)
    run.watch.planned(len(works) + len(STEPS))
    have = from_cache(run.cache, works)
    stale = [work for work in works if work.name not in have]
    if stale:
        from ..notebooks.kernels import load_libraries

        load_libraries()  # while the data are checked
    with run.step(CHECKING):
        run.warnings = check_data(settings.root, run.cache, inputs.data)
    for name in have:
        run.watch.event(Event("cached", name))
    ahead = _ahead(run, inputs) if stale else b""
    done = execute_all(stale, jobs=settings.jobs, progress=run.watch.event, ahead=ahead)
    _require_same(settings.root, inputs)
    run.cache.nothing_changed()
    for work, one in zip(stale, done, strict=True):
        text = as_text(one)
        run.cache.keep(KIND, work.made_from, text.encode())
        have[work.name] = text
        run.steps.append(Step(work.name, one.seconds))
    run.warnings += tuple(
        said for work in works for said in said_aside(json.loads(have[work.name]), work.name)
    )
    return {work.name: have[work.name] for work in works}, tuple(work.name for work in stale)


def _ahead(run: Run, inputs: Inputs) -> bytes:
    """What the kernels need not evaluate, made while their libraries load.

    Nothing where something in the definitions fails: a notebook that meets it says where.
    """
    with contextlib.suppress(CompanionError):
        return run.evaluated(inputs).handed_over(run.cache)
    return b""


def _typeset(
    run: Run,
    typesetter: Engine,
    book: Book,
    executed: dict[str, str],
    stage: Path,
    metadata: Metadata,
    review: Review,
    made: Records,
    drawn: dict[str, Pictures],
) -> None:
    """Page and PDF, and beside them, at the same time, the machine-readable files."""
    tables = listed_tables(book, review)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix()))
        beside = stack.enter_context(ThreadPoolExecutor(max_workers=1))
        files = None
        if book.files:
            files = beside.submit(write_outputs, review, made, tables, drawn, stage)
        copies = _write_copies(executed, Path(folder))
        run.warnings += typesetter.render(book, copies, stage, metadata, book.formats).notes
        if files is not None:
            files.result()


def _write_copies(executed: dict[str, str], folder: Path) -> dict[str, Path]:
    """The executed notebooks as files of this render's own: the cache may go at any moment."""
    copies = {}
    for number, (name, text) in enumerate(executed.items()):
        copies[name] = folder / f"{number}.ipynb"
        copies[name].write_text(text, "utf-8")
    return copies


def _require_same(root: Path, inputs: Inputs) -> None:
    if read_inputs(root).digests != inputs.digests:
        raise InputsChanged


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
