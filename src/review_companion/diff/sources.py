"""Snapshots of rendered folders, pages, projects and git revisions."""

from __future__ import annotations

import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..audit.carried import ELEMENT, Carried, from_json, unpack
from ..audit.digests import sha256
from ..audit.page import Page
from ..data.descriptor import PACKAGE
from ..data.files import read_text
from ..data.json_files import read_json
from ..data.schema import SCHEMA
from ..errors import CompanionError
from ..render.process import run
from ..temporary import prefix
from .evaluated import cells_of, evaluated, evaluated_page
from .prose import sentences_of
from .snapshot import Snapshot, findings, numbers

PAGE = "companion.html"
PARTS = ("_quarto.yml", "index.md", "data", "notebooks", "report/style")
SECONDS = 60


def snapshot(what: str, root: Path | None) -> Snapshot:
    """Of a rendered folder, a page, a project folder or a git revision of the project at `root`.

    Raises CompanionError for something that is none of these.
    """
    path = Path(what)
    if path.is_dir():
        if (path / "trace.json").is_file():
            return of_folder(path)
        if any((path / "data" / name).is_file() for name in (SCHEMA, PACKAGE)):
            return of_project(path, what)
        raise CompanionError(
            "is neither a rendered report nor a project", where=what, hint="run `companion render`"
        )
    if path.is_file():
        return of_page(path)
    if root is None:
        raise CompanionError("there is no such folder or file", where=what)
    return of_revision(root, what)


def of_folder(folder: Path, name: str = "") -> Snapshot:
    """Of a folder that `companion render` published."""
    traces, claims = _json(folder / "trace.json"), _json(folder / "claims.json")
    page = folder / PAGE
    text = page.read_text("utf-8") if page.is_file() else ""
    return Snapshot(
        name or str(folder),
        numbers(traces),
        findings(claims),
        _cells(text),
        sentences_of(text) if text else None,
        {path.stem: sha256(path.read_bytes())[:12] for path in folder.glob("figures/*.csv")},
    )


def of_page(page: Path) -> Snapshot:
    """Of one HTML file: its sentences, and the data that it carries, evaluated now."""
    text = read_text(page)
    carried = carried_in(text)
    if carried is None:
        raise CompanionError("the page carries no data", where=str(page))
    with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
        found = evaluated_page(carried, Path(folder), str(page))
    return replace(found, sentences=sentences_of(text), prose="page")


def of_project(root: Path, name: str) -> Snapshot:
    """Of a project's data and definitions as they are, evaluated without executing a notebook."""
    return evaluated(root, name)


def of_revision(root: Path, revision: str) -> Snapshot:
    """Of a git revision, evaluated by the present program from a copy."""
    with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
        _checked_out(root, revision, Path(folder))
        try:
            return of_project(Path(folder), revision)
        except CompanionError as error:
            error.where = f"{revision}: {error.where}" if error.where else revision
            raise


def _checked_out(root: Path, revision: str, folder: Path) -> None:
    """Writes the project's files of that revision into an empty folder.

    Raises CompanionError for an unknown revision, and outside a git repository.
    """
    commit_of = f"{revision}^{{commit}}"
    commit = _git(root, revision, "rev-parse", "--verify", "--end-of-options", commit_of).strip()
    listed = _git(root, revision, "ls-tree", "-r", "--name-only", commit).splitlines()
    known = [part for part in PARTS if any(_is_in(line, part) for line in listed)]
    if "data" not in known:
        raise CompanionError("this revision holds no data", where=revision)
    archive = folder / "revision.tar"
    _git(root, revision, "archive", "--format=tar", f"--output={archive}", commit, *known)
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    archive.unlink()


def _is_in(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}/")


def _git(root: Path, revision: str, *arguments: str) -> str:
    hint = "compare two rendered folders instead"
    done = run(["git", "-C", str(root), *arguments], timeout_seconds=SECONDS, install=hint)
    if done.code:
        said = done.stderr.strip().splitlines()
        raise CompanionError(
            f"is no folder, no page and no git revision ({said[-1] if said else 'git failed'})",
            where=revision,
        )
    return done.stdout


def carried_in(page: str) -> Carried | None:
    """What the page carries; None for a page that carries nothing."""
    found = Page(page).carried.get(ELEMENT)
    return from_json(found) if found else None


def _json(path: Path) -> Any:
    return read_json(path)


def _cells(page: str) -> dict[str, str] | None:
    """Every cell of the data that the page carries."""
    carried = carried_in(page)
    if carried is None:
        return None
    with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
        unpack(carried.package, Path(folder))
        return cells_of(Path(folder))
