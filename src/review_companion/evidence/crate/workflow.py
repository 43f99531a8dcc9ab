"""The workflow of a crate, parameters, notebooks as steps, software; and what was done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from .crate_files import FORMATS, outputs
from .crate_run import (
    ENGINE,
    ORGANISATION,
    OUTPUTS,
    TYPESETTING,
    WORKFLOW,
    Entity,
    Run,
    entity,
    ref,
    refs,
)

BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
# Package -> name and home page, which is the identifier, as in the examples of RO-Crate 1.1.
SOFTWARE = {
    "pypandoc-binary": ("pypandoc-binary, which holds pandoc", "https://pandoc.org/"),
    "typst": ("typst, which holds Typst", "https://typst.app/"),
    "nbclient": ("nbclient", "https://nbclient.readthedocs.io/"),
    "pandas": ("pandas", "https://pandas.pydata.org/"),
    "matplotlib": ("Matplotlib", "https://matplotlib.org/"),
}


def parameters(run: Run) -> list[Entity]:
    """What the run takes and gives, each with the file or value that it was."""
    found = [
        entity("#input/data", "FormalParameter", name="data", additionalType="Dataset",
                workExample=ref("#data/")),
        *(
            entity(f"#output/{name}", "FormalParameter", name=name, additionalType="File",
                    workExample=ref(file))
            for name, file in OUTPUTS.items()
        ),
    ]  # fmt: skip
    for name, value in run.parameters.items():
        kind = {bool: "Boolean", int: "Integer", float: "Float"}.get(type(value), "Text")
        found += [
            entity(f"#input/{name}", "FormalParameter", name=name, additionalType=kind,
                    workExample=ref(f"#value/{name}")),
            entity(f"#value/{name}", "PropertyValue", name=name, value=str(value),
                    exampleOfWork=ref(f"#input/{name}")),
        ]  # fmt: skip
    return found


def workflow(run: Run) -> list[Entity]:
    """The book, its steps, and the notebooks that they execute."""
    tools = [f"#{name}" for name in run.executed]
    inputs = ["#input/data", *(f"#input/{name}" for name in run.parameters)]
    outputs = [f"#output/{name}" for name in OUTPUTS]
    workflow = entity(
        WORKFLOW, ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
        name=f"{run.title}: the notebooks in order", version=run.version, url="companion.html",
        encodingFormat="application/yaml", programmingLanguage=ref("#book"),
        sha256=run.manifest["outputs"].get(WORKFLOW, ""), conformsTo=ref(BIOSCHEMAS),
        license=ref(run.licence.get("path", "")), input=refs(inputs), output=refs(outputs),
        hasPart=refs([*tools, TYPESETTING]),
        step=refs(f"#step/{number}" for number in range(1, len(tools) + 2)),
    )  # fmt: skip
    steps = [
        entity(f"#step/{number}", "HowToStep", position=str(number), workExample=ref(tool))
        for number, tool in enumerate([*tools, TYPESETTING], 1)
    ]
    notebooks = [
        entity(
            f"#{name}", ["File", "SoftwareSourceCode"], name=name, version=run.version,
            encodingFormat=FORMATS[".ipynb"], url="companion.html",
            programmingLanguage=ref("#python"), sha256=run.manifest["inputs"].get(name, ""),
            input=refs(inputs),
        )
        for name in run.executed
    ]  # fmt: skip
    return [workflow, *steps, *notebooks]


def software(run: Run) -> list[Entity]:
    """The engine, its libraries as locked, and the languages."""
    versions: Mapping[str, str] = run.manifest["versions"]
    libraries = [
        entity(address, "SoftwareApplication", name=shown,
                url=address, softwareVersion=versions[name])
        for name, (shown, address) in SOFTWARE.items() if name in versions
    ]  # fmt: skip
    requirements = refs(one["@id"] for one in libraries)
    engine = {
        "version": version("review-companion"),
        "url": "companion.html",
        "softwareRequirements": requirements,
    }
    return [
        entity(ENGINE, "SoftwareApplication", name="Review Companion", **engine,
                description="Evaluates, executes the notebooks and sets the report"),
        entity(TYPESETTING, "SoftwareApplication", name="Review Companion, typesetting", **engine,
                output=refs(f"#output/{name}" for name in OUTPUTS)),
        entity("#book", "ComputerLanguage", name="Quarto book configuration",
                url="https://quarto.org/docs/books/"),
        entity("#python", "ComputerLanguage", name="Python", url="https://www.python.org/"),
        *libraries,
    ]  # fmt: skip


def actions(run: Run) -> list[Entity]:
    """The run, one action for each step, and how the engine organised them."""
    values = [f"#value/{name}" for name in run.parameters]
    executed = [f"#executed/{name}" for name in run.executed]
    made = [one["@id"] for one in outputs(run)]
    found = [
        _action("#run", "The render", "Executes the notebooks and sets page and PDF", WORKFLOW,
                ["#data/", *values], made),
        *(
            _action(f"#run/{name}", f"Execution of {name}", "Executes one notebook on the data",
                    f"#{name}", ["#data/", *values], [f"#executed/{name}"])
            for name in run.executed
        ),
        _action("#run/typesetting", "Typesetting", "Sets page and PDF from the executed notebooks",
                TYPESETTING, executed, made),
    ]  # fmt: skip
    return found


def _action(
    identifier: str, name: str, description: str, instrument: str,
    objects: Sequence[str], results: Sequence[str],
) -> Entity:  # fmt: skip
    return entity(
        identifier, "CreateAction", name=name, description=description,
        instrument=ref(instrument), object=refs(objects), result=refs(results),
        agent=ref(ORGANISATION), actionStatus="http://schema.org/CompletedActionStatus",
    )  # fmt: skip


def organisation(run: Run) -> list[Entity]:
    """Which step each action ran, and the executed notebooks in between."""
    actions_ = [*(f"#run/{name}" for name in run.executed), "#run/typesetting"]
    controls = [
        entity(f"#control/{number}", "ControlAction", name=f"Step {number}",
               instrument=ref(f"#step/{number}"), object=ref(action))
        for number, action in enumerate(actions_, 1)
    ]  # fmt: skip
    organised = entity(
        "#organisation", "OrganizeAction", name="Orchestration of the render",
        instrument=ref(ENGINE), object=refs(control["@id"] for control in controls),
        result=ref("#run"), agent=ref(ORGANISATION),
    )  # fmt: skip
    executed = [
        entity(f"#executed/{name}", "CreativeWork", name=f"{name}, executed", sha256=digest)
        for name, digest in run.executed.items()
    ]
    return [*controls, organised, *executed]
