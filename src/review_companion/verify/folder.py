"""Checks a rendered folder: every digest, every trace and verdict, and the render itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..compare.comparison import differing
from ..errors import CompanionError
from ..evidence.appendix import appendix
from ..evidence.carried import Carried, unpack
from ..evidence.digests import input_digests
from ..evidence.manifest import CRATE, MANIFEST, locked_versions, output_digests, read_manifest
from ..evidence.page_check import entry_problems, page_problems, shown_texts
from ..evidence.rendered_page import AUDIT, PAGE, Page, seal_problem
from ..package.files import read_text
from ..review import Review
from ..temporary import prefix
from .alone import Verification, verify_page
from .compared_records import (
    cell_changes,
    crate_problems,
    manifest_problem,
    record_problems,
    shortened,
)

OTHER_DIGEST = "its digest is not the one in the manifest"
OTHER_FILE = "not the file that the report was made from"
SINCE = "since the report was made"


def verify_folder(folder: Path, root: Path | None, *, rerender: bool = True) -> Verification:
    """Checks a folder, against the project at `root` where there is one.

    Raises CompanionError where the folder holds no report.
    """
    outcome = Verification()
    if not (folder / MANIFEST).is_file():
        raise CompanionError(
            "there is no rendered report here", where=str(folder), hint="run `companion render`"
        )
    try:
        manifest = read_manifest(folder)
    except CompanionError as error:
        outcome.problems.append(f"{MANIFEST}: {error.what}")
        return outcome
    with tempfile.TemporaryDirectory(prefix=prefix()) as work:
        carried = _carried(folder) if _is_report(manifest) else None
        apart = manifest_problem(folder, manifest)
        changed = bool(apart)
        if apart:  # what it says of other files would blame them
            outcome.problems.append(apart)
        else:
            changed = _check_inputs(manifest, carried, root, Path(work), outcome)
            outcome.problems += _outputs(manifest, folder)
        if _is_report(manifest):
            review = _review(carried, root if not changed else None, Path(work) / "carried")
            _check_content(folder, review, outcome)
            if not apart:
                outcome.problems += _crate(folder, manifest, carried, review, outcome)
        else:
            outcome.notes.append(
                "an edition carries no data and no records: its files were held against the "
                "manifest; verify the report for what the numbers come from"
            )
        if root is not None and rerender and not changed:
            _check_render(manifest, folder, root, Path(work) / "again", outcome)
    return outcome


def _carried(folder: Path) -> Carried | None:
    """What the page carries, if it can be read."""
    with suppress(CompanionError):
        return Page(read_text(folder / PAGE)).data
    return None


def _is_report(manifest: Mapping[str, Any]) -> bool:
    """Whether records and a crate belong to it; an edition may be page and PDF alone."""
    edition = _mapping(manifest, "run").get("edition")
    return not edition or "trace.json" in _mapping(manifest, "outputs")


def _outputs(manifest: Mapping[str, Any], folder: Path) -> Iterator[str]:
    recorded, found = _mapping(manifest, "outputs"), output_digests(folder)
    for name, was, now in differing(recorded, found):
        other = "not in the manifest" if was is None else OTHER_DIGEST
        yield f"{name}: {'missing' if now is None else other}"
    if _is_report(manifest) and not (folder / CRATE).is_file():
        yield f"{CRATE}: missing"


def _mapping(manifest: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = manifest.get(name)
    return part if isinstance(part, dict) else {}


def _check_inputs(
    manifest: Mapping[str, Any],
    carried: Carried | None,
    root: Path | None,
    work: Path,
    outcome: Verification,
) -> bool:
    """Whether the project's files are others than those that the report was made from."""
    if root is None:
        outcome.notes.append("no project here: the inputs were not compared")
        return True
    recorded, found = _mapping(manifest, "inputs"), input_digests(root)
    changes = list(differing(recorded, found))
    names = [name for name, was, now in changes if was is not None and now is not None]
    problems = [f"{name}: {OTHER_FILE}" for name in names]
    problems += [f"{name}: added {SINCE}" for name, was, _ in changes if was is None]
    problems += [f"{name}: gone {SINCE}" for name, _, now in changes if now is None]
    if _mapping(manifest, "versions") != locked_versions(root / "requirements.lock"):
        problems.append(f"{MANIFEST}: the versions are not those of requirements.lock")
    cells = _cells(names, carried, root, work / "then") if carried else ()
    outcome.problems += problems + shortened(list(cells))
    return bool(problems)


def _cells(names: list[str], carried: Carried, root: Path, work: Path) -> Iterator[str]:
    """The cells that differ from the data that the page carries."""
    try:
        unpack(carried.package, work)
    except CompanionError:
        return
    for name in (name for name in names if name.startswith("data/") and name.endswith(".csv")):
        yield from cell_changes(name, work / name.removeprefix("data/"), root / name)


def _crate(
    folder: Path,
    manifest: Mapping[str, Any],
    carried: Carried | None,
    review: Review | None,
    outcome: Verification,
) -> list[str]:
    """What is wrong with the crate, as far as this version of the program can say."""
    ours = carried is not None and carried.program == version("review-companion")
    if ours and review is not None and (folder / CRATE).is_file():
        return [*crate_problems(folder, review, manifest)]
    outcome.notes.append(f"{CRATE} was not compared: what it follows from is not at hand")
    return []


def _check_content(folder: Path, review: Review | None, outcome: Verification) -> None:
    """Page and records against the review."""
    if (folder / PAGE).is_file():
        try:
            alone = verify_page(folder / PAGE)
        except CompanionError as error:
            alone = Verification([f"{PAGE}: {error.what}"])
        outcome.problems += alone.problems
        outcome.notes += alone.notes
    if review is None:
        return
    if (folder / AUDIT).is_file():
        page = Page(read_text(folder / AUDIT))
        outcome.problems += [f"{AUDIT}: {problem}" for problem in _audit_problems(page, review)]
    tables = [path.stem for path in sorted((folder / "tables").glob("*.csv"))]
    known = [name for name in tables if name in review.tables_declared]
    outcome.problems += shortened(list(record_problems(folder, review, known)))


def _audit_problems(page: Page, review: Review) -> Iterator[str]:
    """What is wrong with the audit volume."""
    sealed = seal_problem(page.text)
    if sealed:
        yield sealed
    yield from page_problems(page, shown_texts(review))
    yield from entry_problems(page.text, appendix(review).to_html())


def _review(carried: Carried | None, root: Path | None, work: Path) -> Review | None:
    """Over the project's data where they are those of the report, or else over those carried."""
    with suppress(CompanionError, KeyError):
        if carried is not None:
            return carried.review(root) if root is not None else carried.unpacked(work)
    return None


def _check_render(
    manifest: Mapping[str, Any], folder: Path, root: Path, again: Path, outcome: Verification
) -> None:
    from ..pipeline.inputs import read_inputs
    from ..pipeline.settings import Settings, Watch
    from ..pipeline.steps import render_changed

    run = _mapping(manifest, "run")
    settings = Settings(
        root=root,
        parameters={str(k): str(v) for k, v in _mapping(run, "parameters").items()},
        engine=str(run.get("engine", "embedded")),
        edition=str(run.get("edition", "")),
        out=again,
        use_cache=False,
    )
    try:
        render_changed(settings, read_inputs(root), Watch())
    except CompanionError as error:
        outcome.problems.append(
            f"{MANIFEST}: these inputs and settings cannot be rendered: {error}"
        )
        return
    before, now = _content(folder), _content(again)
    names = sorted(name for name, _, _ in differing(before, now))
    outcome.problems += [f"{name}: a new render gives something else" for name in names]
    if not names:
        outcome.notes.append(f"rendered again: {len(before)} files, each the same to the byte")


def _content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
