"""The render as a Provenance Run Crate (RO-Crate 1.1, Workflow Run RO-Crate profiles 0.5).

Its entities are those of `templates/crate.json`: the same inputs give the same bytes. Inputs lie
outside the published folder and are named by local identifiers ("#data/samples.csv") with their
SHA-256. All of it follows from the data package and the manifest.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Undefined

from ..markup import templates
from ..package.package import Package
from .digests import combined, manifest_digest, to_json

WORKFLOW, README = "workflow.yml", "README.md"
FORMATS = {
    ".ipynb": "application/x-ipynb+json",
    ".yml": "application/yaml",
    ".lock": "text/plain",
    ".toml": "application/toml",
    ".md": "text/markdown",
    ".csv": "text/csv",
}
SCHEMA_TYPES = {bool: "Boolean", int: "Integer", float: "Float"}


def crate_text(package: Package, manifest: Mapping[str, Any], derived_from: Sequence[str]) -> str:
    """`ro-crate-metadata.json`; `derived_from` are the resources that a trace read.

    Raises KeyError, TypeError, AttributeError or ValueError for a manifest that no render wrote.
    """
    descriptor, inputs = package.descriptor, manifest["inputs"]
    found = package.resources.get("sources")
    text = _TEMPLATES.get_template("crate.json").render(
        package=descriptor,
        run=manifest["run"],
        inputs=inputs,
        outputs=manifest["outputs"],
        executed=dict(manifest["run"]["executed"]),
        parameters=manifest["run"]["values"],
        versions=manifest["versions"],
        version=str(descriptor.get("version", "")),
        program=version("review-companion"),
        licence=(descriptor.get("licenses") or [{}])[0],
        contributors=(descriptor.get("contributors") or [{}])[0].get("title", "the authors"),
        sources={
            f"https://doi.org/{row['doi']}" if row.get("doi") else f"#source/{key}": row
            for key, row in (found.rows.items() if found else ())
        },
        data=[name for name in inputs if name.startswith("data/")],
        singles=[name for name in inputs if "/" not in name],
        derived=[f"#data/{name}.csv" for name in derived_from],
        manifest=manifest_digest(manifest),
    )
    crate = json.loads(text)
    # the last entity is null: it is what follows the last comma of a list written by loops
    crate["@graph"] = [
        {name: value for name, value in entity.items() if value not in ("", None, [])}
        for entity in crate["@graph"][:-1]
    ]
    return to_json(crate)


def _ref(identifier: Any) -> dict[str, Any]:
    return {"@id": identifier or ""}


def _refs(identifiers: Iterable[str]) -> dict[str, str] | list[dict[str, str]]:
    """References to several; a single one without a list, as RO-Crate 1.1 recommends."""
    found = [_ref(identifier) for identifier in dict.fromkeys(identifiers)]
    return found[0] if len(found) == 1 else found


def _file(name: str, sha256: str, mark: str, about: Any = None) -> dict[str, Any]:
    suffix = f".{name.rpartition('.')[2]}"
    kind = FORMATS.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = {"@id": f"{mark}{name}", "@type": "File", "name": name}
    return {**file, "encodingFormat": kind, "sha256": sha256, **(about or {})}


def _together(digests: Mapping[str, str], start: str) -> str:
    return combined({name: digest for name, digest in digests.items() if name.startswith(start)})


def _action(
    name: str, says: tuple[str, str], instrument: str, read: Sequence[str], made: Sequence[str]
) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "CreateAction",
        "name": says[0],
        "description": says[1],
        "instrument": _ref(instrument),
        "object": _refs(read),
        "result": _refs(made),
        "agent": _ref("#contributors"),
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }


# Whatever a template shows is JSON, so that no text of the data can break out of its place.
_TEMPLATES = templates(
    Path(__file__).parent / "templates",
    action=_action,
    ref=_ref,
    refs=_refs,
    file=_file,
    combined=_together,
    marked=lambda mark, names: [f"{mark}{name}" for name in names],
    kind=lambda value: SCHEMA_TYPES.get(type(value), "Text"),
).overlay(
    finalize=lambda value: json.dumps("" if isinstance(value, Undefined) else value),
    undefined=Undefined,
    bytecode_cache=None,  # another finalizer, another code
)
