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
from .digests import combined
from .manifest import MANIFEST, manifest_digest
from .records import to_json

WORKFLOW = "workflow.yml"
README = "README.md"
CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    {
        "sha256": "https://w3id.org/ro/terms/workflow-run#sha256",
        "wasDerivedFrom": "http://www.w3.org/ns/prov#wasDerivedFrom",
    },
]
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
# Package -> name and home page, which is the identifier, as in the examples of RO-Crate 1.1.
SOFTWARE = {
    "pypandoc-binary": ("pypandoc-binary, which holds pandoc", "https://pandoc.org/"),
    "typst": ("typst, which holds Typst", "https://typst.app/"),
    "nbclient": ("nbclient", "https://nbclient.readthedocs.io/"),
    "pandas": ("pandas", "https://pandas.pydata.org/"),
    "matplotlib": ("Matplotlib", "https://matplotlib.org/"),
}
OUTPUTS = {"page": "companion.html", "pdf": "companion.pdf", "traces": "trace.json"}
FORMATS = {
    ".ipynb": "application/x-ipynb+json",
    ".yml": "application/yaml",
    ".lock": "text/plain",
    ".toml": "application/toml",
    ".md": "text/markdown",
    ".csv": "text/csv",
}
SCHEMA_TYPES = {bool: "Boolean", int: "Integer", float: "Float"}
TRACES_ARE = (
    "Every value, table cell and statement with its formula, the cells that it was derived from "
    "(`wasDerivedFrom`: resource.column -> row keys; the resource is the file "
    "data/<resource>.csv) and all cells on which it depends (`origins`); `corrected` names the "
    "cells over which a correction is laid."
)
MANIFEST_IS = (
    "SHA-256 of every input and output. The identifier is that of the manifest's own content, as "
    "JSON with sorted keys and without the program's source."
)


def crate_text(package: Package, manifest: Mapping[str, Any], derived_from: Sequence[str]) -> str:
    """`ro-crate-metadata.json`; `derived_from` are the resources that a trace read.

    Raises KeyError, TypeError, AttributeError or ValueError for a manifest that no render wrote.
    """
    given = _given(package, manifest, derived_from)
    text = _TEMPLATES.get_template("crate.json").render(given)
    graph = [
        {name: value for name, value in entity.items() if value not in ("", None, [])}
        for entity in json.loads(text)[:-1]
    ]
    return to_json({"@context": CONTEXT, "@graph": graph})


def _given(
    package: Package, manifest: Mapping[str, Any], derived_from: Sequence[str]
) -> dict[str, Any]:
    descriptor, run = package.descriptor, manifest["run"]
    inputs, outputs, executed = manifest["inputs"], manifest["outputs"], dict(run["executed"])
    versions, parameters = manifest["versions"], run["values"]
    data = [f"#{name}" for name in inputs if name.startswith("data/")]
    singles = [f"#{name}" for name in inputs if "/" not in name]
    steps = range(1, len(executed) + 2)
    found = package.resources.get("sources")
    sources = {
        f"https://doi.org/{row['doi']}" if row.get("doi") else f"#source/{key}": row
        for key, row in (found.rows.items() if found else ())
    }
    return {
        "package": descriptor,
        "run": run,
        "inputs": inputs,
        "outputs": outputs,
        "executed": executed,
        "parameters": parameters,
        "version": str(descriptor.get("version", "")),
        "program": version("review-companion"),
        "licence": (descriptor.get("licenses") or [{}])[0],
        "contributors": (descriptor.get("contributors") or [{}])[0].get("title", "the authors"),
        "sources": sources,
        "profiles": PROFILES,
        "given": OUTPUTS,
        "libraries": {
            address: (shown, versions[name])
            for name, (shown, address) in SOFTWARE.items()
            if name in versions
        },
        "data": ["#data/", *data, *singles, "#report/style/"],
        "data_files": data,
        "files": [*(name for name in outputs if name != WORKFLOW), MANIFEST],
        "notebooks": [f"#{name}" for name in executed],
        "copies": [f"#executed/{name}" for name in executed],
        "runs": [*(f"#run/{name}" for name in executed), "#run/typesetting"],
        "steps": [f"#step/{number}" for number in steps],
        "controls": [f"#control/{number}" for number in steps],
        "used": ["#data/", *(f"#value/{name}" for name in parameters)],
        "inputs_asked": ["#input/data", *(f"#input/{name}" for name in parameters)],
        "outputs_given": [f"#output/{name}" for name in OUTPUTS],
        "about": {
            "companion.html": {"exampleOfWork": _ref("#output/page")},
            README: {"about": _ref("./")},
            "companion.pdf": {"exampleOfWork": _ref("#output/pdf")},
            "trace.json": {
                "exampleOfWork": _ref("#output/traces"),
                "description": TRACES_ARE,
                "wasDerivedFrom": _refs(f"#data/{name}.csv" for name in derived_from),
            },
            MANIFEST: {"identifier": manifest_digest(manifest), "description": MANIFEST_IS},
        },
    }


def _ref(identifier: Any) -> dict[str, Any]:
    return {"@id": identifier or ""}


def _refs(identifiers: Iterable[str]) -> dict[str, str] | list[dict[str, str]]:
    """References to several; one stands without a list, as RO-Crate 1.1 recommends."""
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
    kind=lambda value: SCHEMA_TYPES.get(type(value), "Text"),
).overlay(
    finalize=lambda value: json.dumps("" if isinstance(value, Undefined) else value),
    undefined=Undefined,
)
