"""Turns the extracted reference list into CSL JSON, the form that pandoc and Quarto cite from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..model import Row

INITIALS = re.compile(r"(?P<family>.+) (?P<initials>[A-Z]{1,4}(?:-[A-Z])?)(?: (?P<suffix>Jr|Sr))?")
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
    return json.dumps(items, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _item(key: str, row: Row) -> dict[str, Any]:
    item: dict[str, Any] = {"id": key, "type": row.get("type") or "article-journal"}
    item["title"] = row["title"]
    item["author"] = [_name(name) for name in row["authors"].split("; ")]
    if row.get("et_al") == "true":
        item["author"].append({"literal": "others"})
    item["issued"] = {"date-parts": [[int(row["year"])]]}
    if row.get("type") == "webpage" and row["accessed"]:
        item["accessed"] = {"date-parts": [[int(part) for part in row["accessed"].split("-")]]}
    filled = {csl: row.get(column, "") for column, csl in VARIABLES.items()}
    return item | {csl: value for csl, value in filled.items() if value}


def _name(printed: str) -> Mapping[str, str]:
    match = INITIALS.fullmatch(printed)
    if not match:
        return {"literal": printed}
    name = {"family": match["family"], "given": " ".join(f"{x}." for x in match["initials"])}
    if "-" in match["initials"]:
        name["given"] = "-".join(f"{x}." for x in match["initials"].split("-"))
    return name | ({"suffix": match["suffix"]} if match["suffix"] else {})
