"""The files of a crate: sources, inputs, outputs, and who made them."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Any

from ..digests import STYLE, combined
from ..manifest import MANIFEST, manifest_digest
from .crate_run import ORGANISATION, README, WORKFLOW, Entity, Run, entity, ref, refs

MANIFEST_IS = (
    "SHA-256 of every input and output. The identifier is that of the manifest's own content, as "
    "JSON with sorted keys and without the program's source."
)
FORMATS = {
    ".ipynb": "application/x-ipynb+json",
    ".yml": "application/yaml",
    ".lock": "text/plain",
    ".toml": "application/toml",
    ".md": "text/markdown",
    ".csv": "text/csv",
}


def people(run: Run) -> list[Entity]:
    """The contributors, as one organisation, and the licence."""
    contributors = run.package.descriptor.get("contributors") or [{}]
    licence = run.licence
    return [
        entity(ORGANISATION, "Organization", name=contributors[0].get("title", "the authors"),
                url="companion.html"),
        entity(licence.get("path", ""), "CreativeWork", name=licence.get("title", ""),
                identifier=licence.get("name", "")),
    ]  # fmt: skip


def sources(run: Run) -> list[Entity]:
    """The documents that the data were taken from, their own authors and licence with them."""
    sources = run.package.resources.get("sources")
    return [
        entity(
            f"https://doi.org/{row['doi']}" if row.get("doi") else f"#source/{key}",
            "ScholarlyArticle", name=row.get("title"), creditText=row.get("citation"),
            isPartOf=row.get("container"), datePublished=row.get("year"), url=row.get("url"),
            license=_licence_of(row.get("licence", ""), run),
        )
        for key, row in (sources.rows.items() if sources else ())
    ]  # fmt: skip


def _licence_of(name: str, run: Run) -> Any:
    same = name == run.licence.get("name")
    return ref(run.licence["path"]) if same and "path" in run.licence else name


def _file(identifier: str, name: str, sha256: str, **fields: Any) -> Entity:
    suffix = f".{name.rpartition('.')[2]}"
    kind = FORMATS.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return entity(identifier, "File", name=name, encodingFormat=kind, sha256=sha256, **fields)


def inputs(run: Run) -> list[Entity]:
    """The data package and its files, the configuration and style."""
    files: Mapping[str, str] = run.manifest["inputs"]
    data = {name: digest for name, digest in files.items() if name.startswith("data/")}
    singles = {n: d for n, d in files.items() if "/" not in n}
    descriptor = run.package.descriptor
    found = [
        entity("#data/", "Dataset", name=str(descriptor.get("title", "data")),
                description=str(descriptor.get("description", "")), version=run.version,
                license=ref(run.licence.get("path", "")), author=ref(ORGANISATION),
                hasPart=refs(f"#{name}" for name in data), exampleOfWork=ref("#input/data"),
                wasDerivedFrom=refs(one["@id"] for one in sources(run)),
                sha256=combined(data)),
        *(_file(f"#{name}", name, digest) for name, digest in {**data, **singles}.items()),
    ]  # fmt: skip
    style = {name: digest for name, digest in files.items() if name.startswith(STYLE)}
    found.append(
        entity(f"#{STYLE}/", "Dataset", name="Style of page and PDF", sha256=combined(style))
    )
    return found


def outputs(run: Run) -> list[Entity]:
    """The published files but the workflow itself; the traces say what they come from."""
    files: Mapping[str, str] = run.manifest["outputs"]
    extra: dict[str, dict[str, Any]] = {
        "companion.html": {"exampleOfWork": ref("#output/page")},
        README: {"about": ref("./")},
        "companion.pdf": {"exampleOfWork": ref("#output/pdf")},
        "trace.json": {
            "exampleOfWork": ref("#output/traces"),
            "description": "Every value, table cell and statement with its formula, the cells "
            "that it was derived from (`wasDerivedFrom`: resource.column -> row keys; the "
            "resource is the file data/<resource>.csv) and all cells on which it depends "
            "(`origins`); `corrected` names the cells over which a correction is laid.",
            "wasDerivedFrom": refs(f"#data/{name}.csv" for name in run.derived_from),
        },
    }
    found = [
        _file(name, name, digest, **extra.get(name, {}))
        for name, digest in files.items()
        if name != WORKFLOW
    ]
    manifest = _file(MANIFEST, MANIFEST, "")
    manifest |= {"identifier": manifest_digest(run.manifest), "description": MANIFEST_IS}
    return [*found, manifest]
