"""The manifest: every input, parameter and output of a render, by SHA-256."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..package.files import read_json
from .digests import combined, sha256, without_program
from .records import to_json

MANIFEST = "manifest.json"
CRATE = "ro-crate-metadata.json"
OUTSIDE = (MANIFEST, CRATE)


def output_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in the folder except manifest and crate, by relative name."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() not in OUTSIDE
    }


def write_manifest(
    folder: Path, inputs: Mapping[str, str], run: Mapping[str, Any], root: Path
) -> None:
    """Writes `manifest.json` over the finished files of the folder."""
    content = {
        "inputs": dict(inputs),
        "run": dict(run),
        "versions": locked_versions(root / "requirements.lock"),
        "outputs": output_digests(folder),
    }
    (folder / MANIFEST).write_text(to_json(content), "utf-8")


def manifest_digest(manifest: Mapping[str, Any]) -> str:
    """One SHA-256 over the manifest without the program's source, for the crate."""
    inputs = manifest.get("inputs")
    bare = without_program(inputs) if isinstance(inputs, dict) else inputs
    return combined({**manifest, "inputs": bare})


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a rendered folder. Raises CompanionError where there is none."""
    path = folder / MANIFEST
    if not path.exists():
        raise CompanionError(
            "there is no rendered report here", where=str(path), hint="run `companion render`"
        )
    content = read_json(path)
    if not isinstance(content, dict):
        raise CompanionError("is not a manifest", where=str(path))
    return content


def locked_versions(lock: Path) -> dict[str, str]:
    """Package -> version as the lock file pins them (markers dropped)."""
    found = {}
    for line in lock.read_text("utf-8").splitlines() if lock.is_file() else ():
        name, equals, rest = line.partition("==")
        if equals and not line.startswith((" ", "#")):
            found[name] = rest.split()[0]
    return dict(sorted(found.items()))
