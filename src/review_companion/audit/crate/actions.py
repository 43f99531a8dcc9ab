"""What was done: the run, one action for each step, and how the engine organised them."""

from __future__ import annotations

from collections.abc import Sequence

from .files import outputs
from .run import ENGINE, ORGANISATION, TYPESETTING, WORKFLOW, Entity, Run, entity, ref, refs


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
