"""Verifies a rendered folder: every digest, every trace and verdict, and the render itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..compare.changes import differing
from ..errors import CompanionError
from ..evidence.digests import (
    CRATE,
    MANIFEST,
    folder_digest,
    input_digests,
    locked_versions,
    output_digests,
    read_manifest,
)
from ..evidence.page_data import PageData, unpack
from ..evidence.rendered_page import AUDIT, PAGE, Page
from ..package.files import read_text
from ..review import Review
from ..writing import temporary_folder
from .recomputed import (
    Verification,
    audit_problems,
    cell_changes,
    check_page,
    crate_problems,
    first_lines,
    manifest_problem,
    record_problems,
)

OTHER_DIGEST = "its digest is not the one in the manifest"
OTHER_FILE = "not the file that the report was made from"
SINCE = "since the report was made"
EDITION = (
    "an edition carries no data and no records: its files were held against the manifest; verify "
    "the report for what the numbers come from"
)


def verify_folder(folder: Path, root: Path | None, *, rerender: bool = True) -> Verification:
    """Verifies a folder, against the project at `root` if any; CompanionError without a report."""
    try:
        manifest = read_manifest(folder)
    except CompanionError as error:
        if not (folder / MANIFEST).exists():
            raise
        return Verification([f"{MANIFEST}: {error.what}"])
    with temporary_folder() as work:
        check = _Check(folder, manifest, root, work)
        check.run_all(rerender)
    return check.outcome


class _Check:
    """The verification of a rendered folder, against the project at `root` where there is one."""

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], root: Path | None, work: Path
    ) -> None:
        self.folder, self.manifest, self.root, self.work = folder, manifest, root, work
        self.outcome = Verification()
        self.problems, self.notes = self.outcome.problems, self.outcome.notes
        self.inputs, self.outputs, self.run = map(self._part, ("inputs", "outputs", "run"))
        # of an edition, which may be page and PDF alone, there may be neither records nor crate
        self.is_report = not self.run.get("edition") or "trace.json" in self.outputs
        self.carried: PageData | None = None
        with suppress(CompanionError):
            self.carried = Page(read_text(folder / PAGE)).data if self.is_report else None

    def _part(self, name: str) -> dict[str, Any]:
        part = self.manifest.get(name)
        return part if isinstance(part, dict) else {}

    def run_all(self, rerender: bool) -> None:
        """Runs all checks that are possible, in the order in which their findings are printed."""
        fault = manifest_problem(self.folder, self.manifest)
        if fault:  # what it says of other files cannot be relied on
            self.problems.append(fault)
        unchanged = None if fault or self._inputs_changed() else self.root
        if not fault:
            self.problems += self._outputs()
        if self.is_report:
            self._content(unchanged, manifest_is_faulty=bool(fault))
        else:
            self.notes.append(EDITION)
        if unchanged and rerender:
            self._render_again(unchanged)

    def _outputs(self) -> Iterator[str]:
        for name, was, now in differing(self.outputs, output_digests(self.folder)):
            other = "not in the manifest" if was is None else OTHER_DIGEST
            yield f"{name}: {'missing' if now is None else other}"
        if self.is_report and not (self.folder / CRATE).is_file():
            yield f"{CRATE}: missing"

    def _inputs_changed(self) -> bool:
        """Whether the project's files differ from those that the report was made from."""
        if self.root is None:
            self.notes.append("no project here: the inputs were not compared")
            return True
        changes = list(differing(self.inputs, input_digests(self.root)))
        names = [name for name, was, now in changes if was is not None and now is not None]
        problems = [f"{name}: {OTHER_FILE}" for name in names]
        problems += [f"{name}: added {SINCE}" for name, was, _ in changes if was is None]
        problems += [f"{name}: gone {SINCE}" for name, _, now in changes if now is None]
        if self._part("versions") != locked_versions(self.root / "requirements.lock"):
            problems.append(f"{MANIFEST}: the versions are not those of requirements.lock")
        self.problems += problems + first_lines(list(self._cells(names, self.root)))
        return bool(problems)

    def _cells(self, names: Iterable[str], root: Path) -> Iterator[str]:
        """The cells in which the project differs from the data that the page carries."""
        then = self.work / "then"
        with suppress(CompanionError):
            if self.carried:
                unpack(self.carried.package, then)
                for name in (n for n in names if n.startswith("data/") and n.endswith(".csv")):
                    before = then / name.removeprefix("data/")
                    yield from cell_changes(name, before, root / name)

    def _content(self, unchanged: Path | None, manifest_is_faulty: bool) -> None:
        """Checks page, records and crate against the data that the page carries.

        These are held against the project that the report was made from, where it is at hand.
        """
        review = None
        if (self.folder / PAGE).is_file():
            try:
                review = check_page(self.folder / PAGE, self.work / "carried", self.outcome)
            except CompanionError as error:
                self.problems.append(f"{PAGE}: {error.what}")
        if self.carried and unchanged and self.carried.data != folder_digest(unchanged / "data"):
            self.problems.append(f"{PAGE}: the data that it carries are not those of the project")
        if review is not None:
            self.problems += audit_problems(self.folder / AUDIT, review)
            tables = [path.stem for path in sorted((self.folder / "tables").glob("*.csv"))]
            known = [name for name in tables if name in review.tables_declared]
            self.problems += first_lines(list(record_problems(self.folder, review, known)))
        if not manifest_is_faulty:
            self._crate(review)

    def _crate(self, review: Review | None) -> None:
        """Compares the crate with what this program would write from manifest and data."""
        ours = self.carried is not None and self.carried.program == version("review-companion")
        if ours and review is not None and (self.folder / CRATE).is_file():
            self.problems += crate_problems(self.folder, review, self.manifest)
        else:
            self.notes.append(f"{CRATE} was not compared: what it follows from is not at hand")

    def _render_again(self, root: Path) -> None:
        from ..pipeline.inputs import read_inputs
        from ..pipeline.settings import Settings, Watch
        from ..pipeline.steps import render_changed

        again, given = self.work / "again", self.run.get("parameters")
        parameters = given.items() if isinstance(given, dict) else ()
        settings = Settings(
            root=root,
            parameters={str(k): str(v) for k, v in parameters},
            engine=str(self.run.get("engine", "embedded")),
            edition=str(self.run.get("edition", "")),
            out=again,
            use_cache=False,
        )
        try:
            render_changed(settings, read_inputs(root), Watch())
        except CompanionError as error:
            what = f"{MANIFEST}: these inputs and settings cannot be rendered: {error}"
            self.problems.append(what)
            return
        before, now = _bytes(self.folder), _bytes(again)
        names = sorted(name for name, _, _ in differing(before, now))
        self.problems += [f"{name}: a new render gives something else" for name in names]
        if not names:
            self.notes.append(f"rendered again: {len(before)} files, each the same to the byte")


def _bytes(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
