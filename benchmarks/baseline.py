"""What it is held against: papermill executes every notebook, nbconvert makes HTML of it."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path


def main(project: Path, out: Path) -> None:
    """Executes and converts the notebooks of the project's book, one after another."""
    warnings.simplefilter("ignore")
    import papermill  # type: ignore[import-untyped]
    from nbconvert import HTMLExporter

    from review_companion.typeset.config import read_book

    out.mkdir(parents=True, exist_ok=True)
    for name in read_book(project).notebooks:
        path = project / name
        executed = out / path.name
        papermill.execute_notebook(
            path, executed, cwd=path.parent, progress_bar=False, kernel_name="python3"
        )
        exporter = HTMLExporter()  # type: ignore[no-untyped-call]
        page, _ = exporter.from_filename(str(executed))
        executed.with_suffix(".html").write_text(page, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
