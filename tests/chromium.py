"""One headless Chromium for a whole run, and pages opened in it."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
# What a window of the browser has and no page needs; the pages behind its address bar are two
# thirds of what it takes to open one. Chromium heeds the last list of several, so that those which
# Playwright leaves out stand here again.
WITHOUT = (
    "WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup", "AimEnabled",
    "PaintHolding", "HttpsUpgrades", "LensOverlay", "MediaRouter", "OptimizationHints",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
)  # fmt: skip
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    f"--disable-features={','.join(WITHOUT)}",
)
ATTEMPTS = 5
START_MILLISECONDS = 120_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """([within, options]) => axe.run(within, options).then((found) =>
  found.violations.map((violation) => [violation.id, violation.nodes[0].html]))"""
HAS_TASKS = "typeof dom !== 'undefined' && Boolean(dom.ready)"
ALIKE = "tbody tr:nth-child(n+4)"  # the rows of a table: of each the first three are asked
CONTRAST = "color-contrast"  # half of the time that axe takes; alone depends on colours


@contextlib.contextmanager
def serve() -> Iterator[str]:
    """Starts Chromium, again where it fails to, and gives the address to connect to."""
    settings = {"executablePath": CHROMIUM, "args": ARGUMENTS, "timeout": START_MILLISECONDS}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.json")
        config.write_text(json.dumps(settings), "utf-8")
        for _ in range(ATTEMPTS):
            with _server(config) as server:
                if (address := server.stdout.readline().strip()).startswith("ws:"):
                    yield address
                    return
        raise RuntimeError(f"{CHROMIUM} did not start in {ATTEMPTS} attempts")


@contextlib.contextmanager
def _server(config: Path) -> Iterator[Any]:
    """Playwright's server, which ends with the block, or with this process if that is killed."""
    server = [sys.executable, "-m", "playwright", "launch-server", "--browser", "chromium"]
    with subprocess.Popen(
        [sys.executable, "-c", _WHILE_INPUT_IS_OPEN, *server, "--config", str(config)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        yield process


_WHILE_INPUT_IS_OPEN = """
import os, signal, subprocess, sys, threading
def end():
    sys.stdin.read()
    os.killpg(0, signal.SIGTERM)
threading.Thread(target=end, daemon=True).start()
sys.exit(subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL))
"""


def wait_until_ready(page: Any) -> None:
    """Until a page's scripts have done what they leave until its text is there.

    By a selector: a function that is waited for is compiled in the page, whose policy forbids it.
    """
    if page.evaluate(HAS_TASKS):
        page.wait_for_selector("html.ready", state="attached")


WINDOW = {
    "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce",
    "permissions": ["clipboard-read", "clipboard-write"],
}  # fmt: skip
_idle: dict[tuple[Any, bool], list[Any]] = {}  # windows without and with scripts, for the next


class Opened:
    """A page in a window that no other has meanwhile, with what it said and asked for."""

    def __init__(self, browser: Any, path: Path, *, scripted: bool = True) -> None:
        self.scripted, self.address = scripted, path.as_uri()
        self._others = _idle.setdefault((browser, scripted), [])
        if not self._others:
            context = browser.new_context(**WINDOW, java_script_enabled=scripted)
            self._others.append(context.new_page())
        self.page = self._others.pop()
        self.said: list[str] = []
        self._heard = {
            "console": lambda message: self.said.append(message.text),
            "pageerror": lambda error: self.said.append(str(error)),
            "request": lambda request: self._note(request.url),
        }
        for event, heard in self._heard.items():
            self.page.on(event, heard)
        self._go()

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves the window as it was for the next page: another one takes as long as two pages."""
        for event, heard in self._heard.items():
            self.page.remove_listener(event, heard)
        self._forget()
        self.page.set_viewport_size(WINDOW["viewport"])
        self.page.goto("about:blank")
        self._others.append(self.page)

    def anew(self) -> Any:
        """The page as it was at first."""
        self._forget()
        self._go()
        self.said.clear()
        return self.page

    def _forget(self) -> None:
        if self.scripted:
            self.page.evaluate("localStorage.clear()")
        self.page.emulate_media(media="null", color_scheme="null", forced_colors="null")

    def _go(self) -> None:
        self.page.goto(self.address)
        if self.scripted:
            wait_until_ready(self.page)

    def _note(self, url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:")):
            self.said.append(url)


def violations(
    page: Any, within: str | None = None, *, contrast: bool = True, others: bool = True
) -> list[str]:
    """What axe finds against its rules in a page or a part of it; not in frames of the page.

    What only another width changes is asked without contrast, other colours for nothing else.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    options: dict[str, Any] = {"resultTypes": ["violations"], "iframes": False}
    if others:
        options |= {"runOnly": TAGS, "rules": {CONTRAST: {"enabled": contrast}}}
    else:
        options |= {"runOnly": {"type": "rule", "values": [CONTRAST]}}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    where = {"include": [[within or "html"]], "exclude": [[ALIKE]]}
    return [f"{rule}: {html[:160]}" for rule, html in page.evaluate(RUN, [where, options])]
