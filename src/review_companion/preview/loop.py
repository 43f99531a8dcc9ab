"""The preview: render, show, wait for a save, and again."""

from __future__ import annotations

import html
import queue
import threading
import time
import webbrowser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from ..cache import Cache
from ..compare.changes import Changes, summary, written
from ..compare.sources import of_published
from ..errors import CompanionError
from ..evidence.digests import FOLDERS, INPUTS, input_files
from ..notebooks.parameters import read_parameters
from ..pipeline.inputs import read_inputs
from ..pipeline.progress import Printer
from ..pipeline.render import render
from ..pipeline.render_session import RenderSession
from ..pipeline.settings import Report, Settings, Watch
from ..typeset.config import read_edition
from .server import Board, Server

WITHIN = tuple(f"{folder}/" for folder in FOLDERS)
SETTLED_MILLISECONDS = 60
MOST_SHOWN = 40  # changes of each kind
_HIDDEN = ("__pycache__", ".ipynb_checkpoints")


class Watcher:
    """Watches from the moment that it is made; closing it ends its threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stop = threading.Event()
        self._saved: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._follow([root / name for name in FOLDERS if (root / name).is_dir()], True)
        named = {path.parent for name, path in input_files(root) if not name.startswith(WITHIN)}
        self._follow([root, *named], False)

    def __iter__(self) -> Iterator[frozenset[Path]]:
        """The files saved since the last time, as soon as there is one."""
        while (first := self._saved.get()) is not None:
            files = {first}
            while not self._saved.empty():
                if (path := self._saved.get()) is None:
                    return
                files.add(path)
            yield frozenset(files)

    def close(self) -> None:
        """Ends the waiting, and the threads."""
        self._stop.set()
        self._saved.put(None)
        for thread in self._threads:
            thread.join()

    def _follow(self, paths: list[Path], recursive: bool) -> None:
        from watchfiles import watch

        found = watch(
            *paths,
            watch_filter=lambda _, path: is_input(Path(path), self._root),
            step=SETTLED_MILLISECONDS,
            debounce=SETTLED_MILLISECONDS * 5,
            stop_event=self._stop,
            recursive=recursive,
            ignore_permission_denied=True,
            raise_interrupt=False,
        )

        def follow() -> None:
            for changes in found:
                for _, path in changes:
                    self._saved.put(Path(path))

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        self._threads.append(thread)


def is_input(path: Path, root: Path) -> bool:
    """Whether a render of the project reads this file."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return False
    if any(part.startswith(".") or part in _HIDDEN or part.endswith("~") for part in parts):
        return False
    name = "/".join(parts)
    return name in INPUTS or name.startswith(WITHIN) or name in dict(input_files(root))


def preview_settings(
    root: Path, parameters: Mapping[str, str] | None = None, edition: str = ""
) -> Settings:
    """What each save renders: all but the PDF of the audit volume, a quarter of the time."""
    return Settings(
        root,
        parameters=parameters or {},
        edition=edition,
        out=root / "build" / "preview",
        formats=("html", "pdf"),
        without=("audit.pdf",),
    )


def run(settings: Settings, stream: TextIO, *, port: int = 0, open_browser: bool = True) -> int:
    """Serves until interrupted; port 0 takes a free one.

    Raises CompanionError for a port that is taken, and for an edition or a parameter that is not
    there: no save would change that.
    """
    if settings.edition or settings.parameters:
        book = read_edition(settings.root, settings.edition)
        read_parameters(settings.root, book.notebooks, settings.parameters)
    board, printer = Board(), Printer(stream)
    with Server(board, settings.folder, port) as server:
        preview = Preview(settings, RenderSession(settings.root), board, printer)
        watcher = Watcher(settings.root)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        printer.line(f"preview at {server.url} (Ctrl-C ends it)")
        if open_browser:
            webbrowser.open(server.url)
        try:
            preview.render(frozenset())
            for saved in watcher:
                preview.render(saved)
        finally:
            board.close()
            watcher.close()
            server.shutdown()
    return 0


class Preview:
    """Renders into a folder, and says on the board what came of it."""

    def __init__(
        self, settings: Settings, session: RenderSession, board: Board, printer: Printer
    ) -> None:
        self._settings, self._session = settings, session
        self._board, self._printer = board, printer
        self._code = read_inputs(settings.root).code
        self._changes: Changes | None = None

    def render(self, saved: frozenset[Path]) -> None:
        """Renders once; whatever goes wrong is shown, and the next save tries again."""
        names = " ".join(sorted(path.name for path in saved)[:3])
        self._board.show(kind="rendering", message=f"Rendering {names} …")
        try:
            self._require_same_code()
            watch = Watch(self._printer.event, self._printer.planned, self._compare)
            report = render(self._settings, watch, self._session)
        except CompanionError as error:
            self._fail(str(error))
        except Exception as error:
            self._fail(f"{type(error).__name__}: {error}")
        else:
            self._show(report)

    def _require_same_code(self) -> None:
        """The kernels, and this process, hold the code as it was when the preview began."""
        if read_inputs(self._settings.root).code != self._code:
            raise CompanionError(
                "the program or its lock file was changed", hint="start the preview again"
            )

    def _fail(self, problems: str) -> None:
        self._changes = None  # of what was not published
        self._printer.line(problems)
        self._board.show(
            kind="problems", message="This cannot be rendered yet", problems=_listed(problems)
        )

    def _show(self, report: Report) -> None:
        self._printer.summary(report)
        number = self._board.state.report + (not report.unchanged or not self._board.state.report)
        took = f"Rendered in {report.seconds:.1f} s" if not report.unchanged else "Up to date"
        message = f"{took}, {time.strftime('%H:%M:%S')}"
        if report.warnings:
            message += f"; {len(report.warnings)} warning(s), see the terminal"
        self._board.show(kind="report", message=message, report=number)
        if self._changes is not None:
            self._printer.line(summary(self._changes))
            self._board.show(changes=written(self._changes, "fragment", MOST_SHOWN))
            self._changes = None

    def _compare(self, old: Path, new: Path, cache: Cache) -> None:
        """What this save changed; what an earlier preview left is not compared with."""
        if self._board.state.report:
            self._changes = of_published(old, new, "before", cache)


def _listed(problems: str) -> str:
    items = "\n".join(f"<li>{html.escape(line)}</li>" for line in problems.splitlines())
    return f"<h2>This cannot be rendered yet</h2>\n<ul>\n{items}\n</ul>"
