"""The step that an apply takes with flows: bind."""

from __future__ import annotations

from reconciler.model.event import Event
from reconciler.model.plan import FlowChange
from reconciler.run import flow_journal
from reconciler.run.work import Work


async def bind(work: Work, change: FlowChange) -> None:
    """Replaces the bindings of a flow."""
    gateway = work.hands.gateway
    places = tuple(
        place.model_copy(update={"action_id": place.action_id or work.ids[place.action]}) for place in change.after
    )

    async def send() -> bool:
        await gateway.bind(change.trigger, places)
        return True

    async def landed() -> bool | None:
        return await flow_journal.is_bound(gateway, change.trigger, places) or None

    await work.write(change.trigger, send, landed, flow_journal.bound(work.journal, change, places))
    names = " > ".join(place.action for place in places) or "nothing"
    work.hands.tell(Event(verb="bound", name=change.trigger, detail=names))
