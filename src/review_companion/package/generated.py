"""The files that follow from the schema and the data: descriptor, codebook, references.

`companion check` and `companion render` write the first two anew after `schema.yml` changed,
`companion tidy` the third, and `python -m review_companion.package.generated` all of them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import CompanionError, require_known
from ..markup import templates
from ..model import Row
from .descriptor import PACKAGE, Descriptor, has_schema, spec_of
from .files import foreign, read_bytes
from .package import Package, load_package
from .schema import read_schema

CODEBOOK, TITLE = "README.md", "# Codebook: "
PLACE = ("source", "section", "fragment", "status", "note")
BIBLIOGRAPHY = Path("report/references.json")
STALE = "the data give other references now; `companion tidy` writes it anew"


def generated(root: Path) -> Mapping[Path, str]:
    """Path below `root` -> the content that the package in `root/data` asks for.

    Raises CompanionError for data from which no bibliography can be made.
    """
    return {
        **{Path("data") / name: text for name, text in from_schema(root / "data").items()},
        BIBLIOGRAPHY: _bibliography_of(load_package(root / "data")),
    }


def _bibliography_of(package: Package) -> str:
    references, sources = package.with_role("cited as")[0], package["sources"]
    for table, columns in ((references, ("reference", "study", *CITED)), (sources, CITED)):
        for column in columns:
            require_known(column, table.columns, f"{table.name} has no column", "its columns")
    return bibliography(references.rows.values(), sources.rows.values())


def stale_bibliography(root: Path, package: Package) -> str | None:
    """The bibliography that the data give, where the file was made of other data.

    A file in another form than ours was written by somebody else, and is left alone.
    """
    try:
        present = read_bytes(root / BIBLIOGRAPHY).decode("utf-8")
        wanted = _bibliography_of(package)
        is_ours = present == _csl_json(json.loads(present))
    except (CompanionError, OSError, LookupError, ValueError, RecursionError):
        return None
    return wanted if is_ours and present != wanted else None


def from_schema(folder: Path) -> Mapping[str, str]:
    """The files of a package that follow from its `schema.yml`, by name."""
    descriptor = read_schema(folder)
    package = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    return {PACKAGE: package, CODEBOOK: codebook(descriptor)}


def refresh(folder: Path) -> list[str]:
    """Rewrites the files that no longer follow from `schema.yml`, and names them.

    A README that is not a codebook is left alone, and so is everything where the schema has an
    error (validation says why) or the folder cannot be written: nothing here reads these files.
    """
    if not has_schema(folder):
        return []
    try:
        wanted = from_schema(folder)
        stale = [name for name, text in wanted.items() if _is_stale(folder / name, text)]
        for name in stale:
            (folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
    except (CompanionError, OSError):
        return []
    return stale


def _is_stale(path: Path, text: str) -> bool:
    if not os.path.lexists(path):
        return path.name == PACKAGE
    if foreign(path, path.parent):
        return False  # validation says so
    present = read_bytes(path).decode("utf-8", "replace")
    ours = path.name == PACKAGE or present.startswith(TITLE)
    return ours and present != text


def codebook(descriptor: Descriptor) -> str:
    """Markdown that describes each resource and column of a Frictionless descriptor."""
    tables = [entry for entry in descriptor.get("resources", ()) if "schema" in entry]
    place = next((_place(table) for table in tables if _place(table)), [])
    text = _TEMPLATES.get_template("codebook.md").render(
        package=descriptor, tables=tables, place=place
    )
    return text.rstrip() + "\n"


def _place(table: Descriptor) -> list[Descriptor]:
    """The columns that say where a row is printed, of a table that has all of them."""
    found = [field for field in table["schema"]["fields"] if field["name"] in PLACE]
    return found if len(found) == len(PLACE) else []


_TEMPLATES = templates(
    Path(__file__).parent / "templates",
    own=lambda table: [f for f in table["schema"]["fields"] if f not in _place(table)],
    keys=lambda table: spec_of(table).foreign_keys,
)
INITIALS = re.compile(
    r"(?P<family>.+?) (?P<initials>[^\W\d_]{1,4}(?:-[^\W\d_])?)(?: (?P<suffix>Jr|Sr))?"
)
DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
CITED = ("title", "authors", "year")  # columns that a bibliography needs
VARIABLES = {
    "container": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "doi": "DOI",
    "url": "URL",
}


def bibliography(references: Iterable[Row], sources: Iterable[Row] = ()) -> str:
    """CSL JSON of the rows of `references` and `sources`, in their order.

    The citation key is the row's study where it names one, else `reference-<number>`; a source's
    is its own key. `authors` are `Family Initials`, separated by semicolons; where `et_al` is
    true, the name "others" ends the list, which citeproc renders as "et al.".
    """
    items = [_item(row["study"] or f"reference-{row['reference']}", row) for row in references]
    items += [_item(row["source"], row) for row in sources]
    return _csl_json(items)


def _csl_json(items: Any) -> str:
    return json.dumps(items, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _item(key: str, row: Row) -> dict[str, Any]:
    item: dict[str, Any] = {"id": key, "type": row.get("type") or "article-journal"}
    item["title"] = row["title"]
    item["author"] = [_name(name) for name in row["authors"].split("; ")]
    if row.get("et_al") == "true":
        item["author"].append({"literal": "others"})
    item["issued"] = _date(row["year"])
    if row.get("type") == "webpage" and row.get("accessed"):
        item["accessed"] = _date(row["accessed"])
    filled = {csl: row.get(column, "") for column, csl in VARIABLES.items()}
    return item | {csl: value for csl, value in filled.items() if value}


def _date(text: str) -> Mapping[str, Any]:
    if not DATE.fullmatch(text):
        hint = "`companion check` names the cell"
        raise CompanionError(f"“{text}” is neither a year nor a date", hint=hint)
    return {"date-parts": [[int(part) for part in text.split("-")]]}


def _name(printed: str) -> Mapping[str, str]:
    match = INITIALS.fullmatch(printed)
    if not match or not match["initials"].isupper():
        return {"literal": printed}
    name = {"family": match["family"], "given": " ".join(f"{x}." for x in match["initials"])}
    if "-" in match["initials"]:
        name["given"] = "-".join(f"{x}." for x in match["initials"].split("-"))
    return name | ({"suffix": match["suffix"]} if match["suffix"] else {})


if __name__ == "__main__":
    for path, content in generated(Path.cwd()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
