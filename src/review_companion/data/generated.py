"""The files that follow from the data package: its codebook and the report's bibliography.

`python -m review_companion.data.generated` writes them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .bibliography import bibliography
from .codebook import codebook
from .package import load_package

CODEBOOK = Path("data/README.md")
BIBLIOGRAPHY = Path("report/style/references.json")


def generated(root: Path) -> Mapping[Path, str]:
    """Path below `root` -> the content that the package in `root/data` asks for."""
    package = load_package(root / "data")
    references, sources = package["references"].rows, package["sources"].rows
    return {
        CODEBOOK: codebook(package.descriptor),
        BIBLIOGRAPHY: bibliography(references.values(), sources.values()),
    }


if __name__ == "__main__":
    for path, content in generated(Path.cwd()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
