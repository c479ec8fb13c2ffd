"""Which actions run when a trigger is fired."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from reconciler.catalogue.triggers import TriggerFacts, triggers
from reconciler.engine.events import misshapen
from reconciler.errors import TenantError, Usage
from reconciler.local.flow.run_record import Bound
from reconciler.local.state.flows import bound
from reconciler.local.state.rows import find_action, find_version, list_actions, list_bindings, live_versions


def known_facts(trigger: str) -> TriggerFacts:
    """The catalogue's facts of a trigger whose handlers are public; Usage otherwise."""
    facts = triggers().get(trigger)
    if facts is None or not facts.handlers:
        known = ", ".join(name for name, each in triggers().items() if each.handlers)
        why = "there is no such trigger" if facts is None else "the platform has published no more of it than its id"
        raise Usage(f"The trigger {trigger} cannot be fired: {why}.", f"Use one of: {known}.")
    return facts


def known_handler(facts: TriggerFacts, handler: str) -> str:
    """That handler of the trigger, its first one where none is named; Usage for one that it does not have."""
    if handler and handler not in facts.handlers:
        raise Usage(f"The trigger {facts.id} has no handler {handler}.", f"Use one of: {', '.join(facts.handlers)}.")
    return handler or facts.handlers[0]


def check_shape(facts: TriggerFacts, event: Mapping[str, Any]) -> None:
    """Usage for an event with a text where the platform has an object, or the like."""
    wrong = misshapen(facts.event, event)
    if wrong:
        raise Usage(
            f"That is no event of {facts.id}: {' '.join(wrong)}",
            f"See what belongs there: `reconciler trigger {facts.id} --sample`.",
        )


def places(connection: sqlite3.Connection, facts: TriggerFacts, action: str) -> list[Bound]:
    """What runs: the bound actions; for an entity-bound trigger, whose binding lies in a resource that this tenant does
    not have, its single deployed action, or the one that is named."""
    if facts.bindable:
        return [Bound(*place) for place in bound(connection, facts.id)]
    actions = [row for row in list_actions(connection) if row.material.trigger_id == facts.id]
    live = live_versions(connection, actions)
    ready = [Bound(None, row, live[row.id]) for row in actions if row.id in live and live[row.id].status == "built"]
    if action:
        ready = [place for place in ready if place.action.name == action]
    if action and not ready:
        raise TenantError(f"No deployed action {action} has the trigger {facts.id}.", "Deploy it first.")
    if len(ready) > 1:
        names = ", ".join(place.action.name for place in ready)
        raise TenantError(f"Several deployed actions have the trigger {facts.id}.", f"Name one of them: {names}.")
    return ready


def noted(place: Bound) -> dict[str, str]:
    """A place as it is kept while its flow waits."""
    return {
        "action": place.action.name,
        "version": place.version.id,
        "binding": place.binding.id if place.binding else "",
    }


def found(connection: sqlite3.Connection, trigger: str, note: Mapping[str, str]) -> Bound:
    """The place that was noted, with the version it had then: a deploy in the meantime does not change a login that
    has begun.

    TenantError where that version is gone: leaving an action out of a login in silence could let somebody in.
    """
    version = find_version(connection, note["version"])
    action = find_action(connection, version.action_id) if version else None
    if version is None or action is None:
        raise TenantError(
            f"The flow cannot go on: the version of {note['action']} that it began with is gone.", "Begin it again."
        )
    bindings = (row for row in list_bindings(connection, trigger) if row.id == note["binding"])
    return Bound(next(bindings, None), action, version)
