"""A copy of a project as it was at a git revision."""

from __future__ import annotations

import tarfile
from pathlib import Path

from ..errors import CompanionError
from ..render.process import run

PARTS = ("_quarto.yml", "index.md", "data", "notebooks", "report/style")
SECONDS = 60


def checked_out(root: Path, revision: str, folder: Path) -> None:
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
