"""The manifest of a render: every input, parameter and output, by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import CompanionError
from ..package.files import PROJECT_FILE, files_within, read_json
from ..package.yaml_files import read_yaml

MANIFEST = "manifest.json"
CRATE = "ro-crate-metadata.json"
OUTSIDE = (MANIFEST, CRATE)
CODE = Path(__file__).resolve().parent.parent
STYLE = "report/style"
INPUTS = (PROJECT_FILE, "index.md", "requirements.lock")
FOLDERS = ("data", "notebooks", STYLE)
PROGRAM = "src/review_companion"
# Outside data/, what is typeset and no notebook reads.
TYPESET = frozenset({".css", ".html", ".ipynb", ".js", ".md", ".qmd", ".typ"})


def sha256(content: bytes) -> str:
    """Hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    return sha256(path.read_bytes())


def input_files(root: Path) -> Iterator[tuple[str, Path]]:
    """(kind/name, path) of every file that a render reads, in a fixed order.

    Kinds: configuration, data, notebooks, style; names are relative and POSIX.
    """
    settings: dict[str, Any] = {}
    with suppress(CompanionError):
        settings = read_yaml(root / PROJECT_FILE)
    singles = dict.fromkeys((*INPUTS, *_named(root, settings)))
    yield from ((name, root / name) for name in singles if (root / name).is_file())
    companion = settings.get("companion")
    style = companion.get("style") if isinstance(companion, dict) else None
    style = style.strip("/") if isinstance(style, str) and ".." not in style else ""
    own = [style] if style and not style.startswith(FOLDERS) else []
    for folder in (*FOLDERS, *own):
        yield from files_within(root / folder, folder)


def _named(root: Path, settings: Mapping[str, Any]) -> Iterator[str]:
    """Files that the configuration names, outside the folders of inputs."""
    for text in _texts(settings):
        path = PurePosixPath(text)
        inside = not path.is_absolute() and ".." not in path.parts and path.suffix
        if inside and not text.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
            with suppress(OSError, ValueError):
                if (root / text).is_file():
                    yield str(path)


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _texts(part)


def input_digests(root: Path, names: tuple[str, ...] = ("",)) -> dict[str, str]:
    """SHA-256 of each input file by name, as `sha256sum` gives it; one for the whole program.

    `names` are the beginnings of those that are wanted.
    """
    files = {n: file_digest(path) for n, path in input_files(root) if n.startswith(names)}
    return {**files, PROGRAM: program_digest()} if PROGRAM.startswith(names) else files


def without_program(digests: Mapping[str, str]) -> dict[str, str]:
    """The inputs that page, PDF and crate list: they name the program by its version."""
    return {name: digest for name, digest in digests.items() if name != PROGRAM}


def is_for_notebooks(name: str) -> bool:
    """Whether an input may change what notebooks show: data and settings."""
    return name != PROGRAM and (
        name.startswith("data/") or PurePosixPath(name).suffix not in TYPESET
    )


def notebook_digest(path: Path) -> str:
    """SHA-256 of a notebook's cells (kind, source and tags); of its bytes if it is not valid."""
    content = path.read_bytes()
    try:
        cells = [
            [cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", [])]
            for cell in json.loads(content)["cells"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return sha256(content)
    return sha256(json.dumps(cells, ensure_ascii=False).encode())


def folder_digest(folder: Path, name: str = "data") -> str:
    """One SHA-256 over the files of a folder; those of the data, as `input_digests` names them."""
    return combined({n: file_digest(path) for n, path in files_within(folder, name)})


def program_digest() -> str:
    """One SHA-256 over the code of this package."""
    return folder_digest(CODE, "src")


def combined(digests: Mapping[str, Any]) -> str:
    """One SHA-256 over a mapping, independent of its order."""
    return sha256(json.dumps(digests, sort_keys=True, ensure_ascii=False).encode())


def output_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in the folder except manifest and crate, by relative name."""
    return {
        path.relative_to(folder).as_posix(): file_digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() not in OUTSIDE
    }


def to_json(content: Any) -> str:
    """Readable, sorted keys, one newline at the end."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


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
        what, hint = "there is no rendered report here", "run `companion render`"
        raise CompanionError(what, where=str(folder), hint=hint)
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
