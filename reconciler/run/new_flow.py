"""Begins a flow: the file of a trigger, with the actions that are there for it."""

from __future__ import annotations

from reconciler.desired.load import load_repository
from reconciler.desired.writing.edits import Edits
from reconciler.desired.writing.rendering import flow_path, render_flow
from reconciler.errors import Usage
from reconciler.model.flow import Binding, Flow
from reconciler.model.starting import Added
from reconciler.run.addition import add
from reconciler.run.new_action import known_trigger
from reconciler.run.workplace import Workplace


async def new_flow(place: Workplace, trigger: str) -> Added:
    """Writes the flow with every action of the trigger, in order of name: what runs first is for people to say.

    Raises Usage for a trigger that has no flow, or whose flow is there already.
    """
    facts = known_trigger(trigger)
    if not facts.bindable:
        raise Usage(f"Trigger '{facts.id}' has no flow.", "Another resource of the tenant names its action.")
    edits = Edits(place.repository.worktree())
    path = flow_path(facts.id)
    if path in edits.tree.paths:
        raise Usage(f"{path} is there already.", "Write into its bindings what is to run.")
    actions = [one.document for one in load_repository(edits.tree).actions]
    bindings = tuple(Binding(action=one.name) for one in actions if one.trigger == facts.id)
    for name, content in render_flow(Flow(trigger=facts.id, bindings=bindings)).items():
        edits.write(name, content)
    return await add(place, edits, "flow", facts.id, lambda _: None)
