"""Waits for saves of the files that a render reads."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

from ..audit.digests import INPUTS, STYLE

FOLDERS = ("data", "notebooks", STYLE)
SETTLED_MILLISECONDS = 60
_HIDDEN = ("__pycache__", ".ipynb_checkpoints")


class Watcher:
    """Watches from the moment that it is made; closing it ends its threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stop = threading.Event()
        self._saved: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        folders = [root / name for name in FOLDERS if (root / name).is_dir()]
        self._follow(folders, True)
        self._follow([root], False)

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
    return name in INPUTS or name.startswith(tuple(f"{folder}/" for folder in FOLDERS))
