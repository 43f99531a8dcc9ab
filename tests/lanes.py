"""What a test needs, and what follows from it: lanes, workers, order.

A test without a mark is one of a module's logic: it starts no other process
but pandoc, and `make check` runs it. The others bear a mark of LANES, which pyproject.toml
explains; `make test` runs all.
"""

from __future__ import annotations

import gc
import random
import re
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from tests.chromium import CHROMIUM
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
LANES = ("browser", "integration", "generative")
WHOLE = "report_review"  # who asks for the review evaluated whole bears the mark without a word
DEAR = "dear"  # the group of the tests that need the browser or the review evaluated whole
OF_THE_REPORT = ("tests/club/", "tests/review/")  # whose fixtures ask for it
PROCESS_EVENTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
_running: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make test ORDER=7`: the seed makes a failure repeatable."""
    parser.addoption("--order", metavar="SEED", help="shuffle files, and the tests in each")
    parser.addoption(
        "--full", action="store_true", help="generative tests go through all their cases"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Property tests draw the same examples everywhere and are not timed one by one."""
    examples = 100 if config.getoption("full") else 20
    settings.register_profile("lanes", deadline=None, derandomize=True, max_examples=examples)
    settings.load_profile("lanes")


@pytest.fixture(scope="session")
def some(request: pytest.FixtureRequest) -> Callable[[Iterable[Any], int], list[Any]]:
    """One in so many of the cases of a generative test, always the same; with `--full` all."""

    def chosen(cases: Iterable[Any], one_in: int) -> list[Any]:
        return list(cases)[:: 1 if request.config.getoption("full") else one_in]

    return chosen


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if WHOLE in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.integration)
    if seed := config.getoption("order"):
        shuffle(items, seed)
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="needs a Chromium; none is on the path"))


def pytest_collection_finish() -> None:
    """What is there now is rubbish at no time, and need not be searched again and again."""
    gc.collect()
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Of a file whose tests all bear a mark that is not wanted not even the imports are done."""
    unwanted = re.findall(r"not (\w+)", config.option.markexpr)
    if not unwanted or collection_path.suffix != ".py":
        return None
    bears = rf"^pytestmark = .*\bmark\.({'|'.join(unwanted)})\b"
    return bool(re.search(bears, collection_path.read_text("utf-8"), re.MULTILINE)) or None


def shuffle(items: list[Any], seed: str) -> None:
    """In place: the files in another order, and the tests of each."""
    chance = random.Random(seed)
    files: dict[str, list[Any]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    shuffled = list(files.values())
    chance.shuffle(shuffled)
    for tests in shuffled:
        chance.shuffle(tests)
    items[:] = [item for tests in shuffled for item in tests]


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """A file's tests in one worker, so that what they render is rendered once.

    All files with tests in a browser share a worker, and with it the browser; so do those that ask
    for the report's review evaluated. That is about half of the time; the other worker has the
    rest. (The marks `xdist_group` of xdist 3.8 have no effect under pytest 9.2.)
    """

    def schedule(self) -> None:
        """Files of quick tests come last, so that no worker is left alone with a long one."""
        super().schedule()
        if not self.config.getoption("order"):
            self.workqueue = OrderedDict(
                sorted(self.workqueue.items(), key=lambda it: quick(it[0]))
            )

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid.partition("::")[0])


@cache
def group(file: str) -> str:
    """The name of the tests that share a worker with those of this file."""
    text = (ROOT / file).read_text("utf-8")
    dear = "mark.browser" in text or WHOLE in text or file.startswith(OF_THE_REPORT)
    return DEAR if dear else file


@cache
def quick(name: str) -> bool:
    """Whether all tests of a group are without a mark."""
    return name != DEAR and not re.search(
        rf"mark\.({'|'.join(LANES)})\b", (ROOT / name).read_text("utf-8")
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    config.option.loadscopereorder = False
    return Scheduling(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """While a test without a mark runs, its fixtures included, no process starts."""
    alone = not any(map(item.get_closest_marker, LANES))
    _running[:] = [item.nodeid] if alone else []
    try:
        return (yield)
    finally:
        _running.clear()


def _refuse_processes(event: str, arguments: tuple[Any, ...]) -> None:
    if _running and event in PROCESS_EVENTS and not str(arguments[:1]).endswith("/pandoc',)"):
        raise RuntimeError(f"starts a process without @pytest.mark.integration: {arguments}")


sys.addaudithook(_refuse_processes)
