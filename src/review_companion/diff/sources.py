"""Snapshots of rendered folders, pages, projects and git revisions."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..audit.digests import sha256
from ..errors import CompanionError
from .prose import sentences_of
from .records import findings, numbers
from .snapshot import Snapshot

PAGE = "companion.html"
_PAYLOAD = re.compile(r'<script type="application/json" id="([^"]+)">(.*?)</script>', re.DOTALL)


def snapshot(what: str, root: Path | None) -> Snapshot:
    """Of a rendered folder, a page, a project folder or a git revision of the project at `root`.

    Raises CompanionError for something that is none of these.
    """
    path = Path(what)
    if path.is_dir():
        if (path / "trace.json").is_file():
            return of_folder(path)
        if (path / "data" / "datapackage.json").is_file():
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
        _cells(payloads(text)),
        sentences_of(text) if text else None,
        {path.stem: sha256(path.read_bytes()) for path in sorted(folder.glob("figures/*.csv"))},
    )


def of_page(page: Path) -> Snapshot:
    """Of one HTML file, from what it carries."""
    try:
        text = page.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CompanionError(f"cannot be read: {error}", where=str(page)) from None
    carried = payloads(text)
    traces, claims = _records(carried, "trace"), _records(carried, "claims")
    if traces is None or claims is None:
        raise CompanionError(
            "the page carries no traces", where=str(page), hint="give the rendered folder"
        )
    sentences = sentences_of(text)
    return Snapshot(str(page), numbers(traces), findings(claims), _cells(carried), sentences)


def of_project(root: Path, name: str) -> Snapshot:
    """Of a project's data and definitions as they are, evaluated without executing a notebook."""
    from .evaluated import evaluated

    return evaluated(root, name)


def of_revision(root: Path, revision: str) -> Snapshot:
    """Of a git revision, evaluated by the present program from a copy."""
    from .revision import checked_out

    with tempfile.TemporaryDirectory() as folder:
        checked_out(root, revision, Path(folder))
        try:
            return of_project(Path(folder), revision)
        except CompanionError as error:
            error.where = f"{revision}: {error.where}" if error.where else revision
            raise


def payloads(page: str) -> dict[str, Any]:
    """What the page's JSON elements hold, by id."""
    return {name: json.loads(text) for name, text in _PAYLOAD.findall(page)}


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CompanionError(f"cannot be read: {error}", where=str(path)) from None


def _records(carried: Mapping[str, Any], name: str) -> list[Any] | None:
    found = carried.get(name, carried.get(f"{name}s"))
    return found if isinstance(found, list) else None


def _cells(carried: Mapping[str, Any]) -> dict[str, str] | None:
    """Every cell of the data that the page carries: resource → row → column → text."""
    data = carried.get("data")
    if not isinstance(data, dict):
        return None
    return {
        f"{resource}[{row}].{column}": str(text)
        for resource, rows in data.items()
        for row, cells in rows.items()
        for column, text in cells.items()
    }
