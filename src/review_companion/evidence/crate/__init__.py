"""The render as a Provenance Run Crate (RO-Crate 1.1, Workflow Run RO-Crate profiles 0.5).

Written as JSON-LD directly: the same inputs give the same bytes. Inputs lie outside the published
folder and are named by local identifiers ("#data/samples.csv") with their SHA-256.
"""

from __future__ import annotations

from ..records import to_json
from .crate_files import inputs, outputs, people, sources
from .crate_run import ORGANISATION, README, WORKFLOW, Entity, Run, entity, ref, refs
from .workflow import actions, organisation, parameters, software, workflow

__all__ = ["README", "WORKFLOW", "Run", "crate_text"]

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


def crate_text(run: Run) -> str:
    """`ro-crate-metadata.json`."""
    parts = (about, people, sources, inputs, outputs, parameters, workflow, software, actions,
             organisation)  # fmt: skip
    graph = [found for part in parts for found in part(run)]
    return to_json({"@context": CONTEXT, "@graph": graph})


def about(run: Run) -> list[Entity]:
    """The crate itself, and the profiles that it follows."""
    data = [one["@id"] for one in (*inputs(run), *outputs(run))]
    notebooks = [f"#{name}" for name in run.executed]
    root = entity(
        "./", "Dataset",
        name=run.title, description=run.description, version=run.version,
        datePublished=str(run.package.descriptor.get("created", ""))[:10],
        license=ref(run.licence.get("path", "")), author=ref(ORGANISATION),
        publisher=ref(ORGANISATION), conformsTo=refs(PROFILES), mainEntity=ref(WORKFLOW),
        hasPart=refs(dict.fromkeys([WORKFLOW, *data, *notebooks])),
        mentions=refs(one["@id"] for one in actions(run)),
        isBasedOn=refs(one["@id"] for one in sources(run)),
    )  # fmt: skip
    described = entity(
        "ro-crate-metadata.json", "CreativeWork", about=ref("./"),
        conformsTo=refs(
            ["https://w3id.org/ro/crate/1.1", "https://w3id.org/workflowhub/workflow-ro-crate/1.0"]
        ),
    )  # fmt: skip
    profiles = [
        entity(address, "CreativeWork", name=name, version=address.rpartition("/")[2])
        for address, name in PROFILES.items()
    ]
    return [described, root, *profiles]
