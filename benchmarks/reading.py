"""What a reader waits for: the page and its first card, on a processor four times slower."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tabulate import tabulate

SLOWDOWN = 4
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
# Pages behind the address bar, which a new Chromium opens beside the one that is measured.
WITHOUT = "WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,AimEnabled"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", f"--disable-features={WITHOUT}"]
CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"]
LOADED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
CARD = """(async () => {
  const link = document.querySelector("main p a.traced"), start = performance.now();
  link.click();
  while (!document.querySelector("dialog[open]")) await new Promise(requestAnimationFrame);
  return performance.now() - start;
})()"""
IDLE_MILLISECONDS = 3000


def reading_table(page: Path) -> str:
    """DOMContentLoaded, the first card, the longest task, against what they may take."""
    if CHROMIUM is None:
        return "No Chromium here: what a reader waits for was not measured."
    loaded, card, longest = _read(page)
    rows = [
        ["the page is there (DOMContentLoaded)", f"{loaded:.0f}", "1,000"],
        ["the first card opens", f"{card:.0f}", "1,000"],
        ["longest task", f"{longest:.0f}", "200"],
    ]
    headers = [f"For a reader, at {SLOWDOWN}-fold slowdown", "ms", "at most"]
    return str(tabulate(rows, headers, "pipe", disable_numparse=True))


def _read(path: Path) -> tuple[float, float, float]:
    """Milliseconds, the last from the browser's own trace."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        browser.start_tracing(page=page, categories=CATEGORIES)
        page.goto(path.resolve().as_uri())
        loaded = _value(session, LOADED)
        page.wait_for_timeout(IDLE_MILLISECONDS)
        card = _value(session, CARD)
        traced = json.loads(browser.stop_tracing())
        browser.close()
    return loaded, card, longest_task(traced["traceEvents"])


def _value(session: Any, expression: str) -> float:
    """What it gives, asked for without the scripts that Playwright would put into the page."""
    asked = {"expression": expression, "awaitPromise": True}
    return float(session.send("Runtime.evaluate", asked)["result"]["value"])


def longest_task(events: Iterable[Mapping[str, Any]]) -> float:
    """Milliseconds of the longest task on the main thread of a page's process, by its own clock:
    what other programs take meanwhile does not count."""
    every = list(events)
    main = {
        (event["pid"], event["tid"])
        for event in every
        if event.get("name") == "thread_name" and event["args"].get("name") == "CrRendererMain"
    }
    tasks = (
        event.get("tdur", event["dur"]) / 1000
        for event in every
        if str(event.get("name", "")).endswith("RunTask")
        and "dur" in event
        and (event["pid"], event["tid"]) in main
    )
    return max(tasks, default=0.0)
