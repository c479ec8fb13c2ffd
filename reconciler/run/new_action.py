"""Begins an action: its folder, from a template or with nothing but the handler, its packages locked, its place in the
flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ruamel.yaml.comments import CommentedMap

from reconciler.catalogue.triggers import TriggerFacts, triggers
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.validation import did_you_mean
from reconciler.desired.writing.edits import Edits
from reconciler.desired.writing.rendering import flow_path, render_flow
from reconciler.desired.writing.yaml_text import rearrange, scalar
from reconciler.errors import InvalidInput, Usage
from reconciler.model.flow import Binding, Flow
from reconciler.model.starting import Added
from reconciler.run.addition import Notify, add, free_folder, named
from reconciler.run.templates import known_template
from reconciler.run.workplace import Workplace
from reconciler.templates.starters import starter


@dataclass(frozen=True)
class Wish:
    """An action that is to be. Either `trigger` or `template` says which trigger it is for; with `bind` it is put at
    the end of the trigger's flow, where it has one."""

    name: str
    trigger: str = ""
    template: str = ""
    bind: bool = True


async def new_action(place: Workplace, wish: Wish, notify: Notify) -> Added:
    """Writes the action; all of its files or none.

    Raises Usage for a name that is taken or that no folder can have, an unknown trigger or template, or a template of
    another trigger; InvalidInput where the repository would break; PackageError for what npm cannot give.
    """
    facts, finish = _asked(wish)
    folder = free_folder(place, "actions", wish.name)
    edits = Edits(place.repository.worktree())
    for name, text in _files(wish, facts).items():
        edits.write(f"{folder}/{name}", text.encode())
    if wish.bind and facts.bindable:
        _bind(edits, facts.id, wish.name)
    unbound = tuple(_unbound(load_repository(edits.tree), facts, wish))
    added = await add(place, edits, "action", wish.name, notify)
    return added.model_copy(update={"finish": (*finish, *unbound)})


def known_trigger(name: str) -> TriggerFacts:
    """The trigger of that name; raises Usage where there is none, or none that anybody can write for."""
    known = {facts.id: facts for facts in triggers().values() if facts.documented}
    if name not in known:
        raise Usage(f"There is no trigger '{name}'{did_you_mean(name, known)}", f"Triggers: {', '.join(known)}.")
    return known[name]


def _asked(wish: Wish) -> tuple[TriggerFacts, tuple[str, ...]]:
    """The trigger, and what the template leaves to do."""
    facts = known_trigger(wish.trigger) if wish.trigger else None
    template = known_template(wish.template) if wish.template else None
    if template and facts and facts.id != template.trigger:
        message = f"The template '{template.name}' is for {template.trigger}, not for {facts.id}."
        raise Usage(message, "Leave --trigger out, or take another template.")
    if template:
        return known_trigger(template.trigger), template.finish
    if facts:
        return facts, ()
    raise Usage("An action is written for one trigger.", "Name it with --trigger post-login, or take a --template.")


def _files(wish: Wish, facts: TriggerFacts) -> Mapping[str, str]:
    if wish.template:
        files: Mapping[str, str] = known_template(wish.template).files
    else:
        files = starter(facts.id, facts.handlers[0], facts.default_runtime)
    return {**files, "action.yaml": named(files["action.yaml"], wish.name)}


def _bind(edits: Edits, trigger: str, action: str) -> None:
    """Puts an action at the end of a flow that does not name it yet, whose file is made where there is none; raises
    InvalidInput for a file that cannot be read."""
    path = flow_path(trigger)
    if path not in edits.tree.paths:
        for name, content in render_flow(Flow(trigger=trigger, bindings=(Binding(action=action),))).items():
            edits.write(name, content)
        return
    documents = load_repository(edits.tree)
    broken = [each for each in documents.diagnostics if each.span.file == path]
    if broken:
        raise InvalidInput(broken)
    bound = {place.action for flow in documents.flows if flow.file == path for place in flow.document.ordered()}
    if action in bound:
        return

    def change(document: CommentedMap) -> None:
        rearrange(document["bindings"], [*document["bindings"], scalar(action)])

    edits.edit(path, change)


def _unbound(documents: Documents, facts: TriggerFacts, wish: Wish) -> list[str]:
    """Where the action does not run yet, a sentence each."""
    if not facts.bindable:
        return [f"{facts.id} has no flow: another resource of the tenant names its action."]
    if not wish.bind:
        return [f"It runs nowhere until {flow_path(facts.id)} binds it."]
    return [
        f"{tenant.file} says itself what runs at {facts.id}: bind the action there, too."
        for tenant in documents.tenants.values()
        if (flow := tenant.document.overrides.flows.get(facts.id)) and "bindings" in flow.model_fields_set
    ]
