"""Shared fixtures: the real project, the invented review, and packages written for one test."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.chromium import serve

from review_companion.club.pages import Club
from review_companion.evidence import digests
from review_companion.imports import frictionless
from review_companion.package.package import Package, load_package
from review_companion.review import Review, open_review

frictionless()  # before all else: jsonschema without its grammars
digests.program_digest = cache(digests.program_digest)  # the program is the same for all tests

pytest_plugins = ["tests.lanes", "tests.rendered"]
ROOT = Path(__file__).resolve().parent.parent
FIXTURE = Path(__file__).resolve().parent / "fixture_review"

Make = Callable[..., Package]


def pytest_configure() -> None:
    """Signals must reach the processes under test, also behind a shell or under `nohup`."""
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def report_review(root: Path) -> Review:
    """The review of the report, evaluated once; tests ask it and change nothing."""
    return open_review(root)


@pytest.fixture(scope="session")
def club(report_review: Review) -> Club:
    """The session on the report, its questions generated once."""
    return Club(report_review)


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """The address of the one headless Chromium of the whole run."""
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def connected(chromium: str) -> Iterator[Any]:
    """A connection to Chromium and the event loop that it lives in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        loop = asyncio.get_running_loop()
        yield playwright.chromium.connect(chromium), loop
        asyncio._set_running_loop(loop)


@pytest.fixture(scope="module")
def browser(connected: tuple[Any, asyncio.AbstractEventLoop]) -> Iterator[Any]:
    """The connection to Chromium, for tests marked `browser`.

    While it stands, no notebook can be executed in this process: both need its event loop.
    """
    connection, loop = connected
    asyncio._set_running_loop(loop)
    yield connection
    asyncio._set_running_loop(None)


@pytest.fixture
def fixture_copy(tmp_path: Path) -> Path:
    """The invented review in a folder that a test may change."""
    return Path(shutil.copytree(FIXTURE, tmp_path / "review"))


@pytest.fixture
def make_package(tmp_path: Path) -> Make:
    """Builds a package from CSV texts; `types` and `links` by "resource.column"."""

    def make(
        types: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
        **tables: str,
    ) -> Package:
        resources = []
        for name, text in tables.items():
            lines = "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"
            (tmp_path / f"{name}.csv").write_text(lines, "utf-8")
            columns = lines.splitlines()[0].split(",")
            fields = [
                {"name": c, "type": (types or {}).get(f"{name}.{c}", "string")} for c in columns
            ]
            keys = [
                {"fields": c, "reference": {"resource": target, "fields": target}}
                for c in columns
                if (target := (links or {}).get(f"{name}.{c}"))
            ]
            schema = {"fields": fields, "primaryKey": columns[0], "foreignKeys": keys}
            resources.append({"name": name, "path": f"{name}.csv", "schema": schema})
        descriptor = {"name": "test", "resources": resources}
        (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
        return load_package(tmp_path)

    return make
