"""How bindings are undone."""

from __future__ import annotations

from reconciler.auth0.gateway import Gateway
from reconciler.model.plan import FlowChange, Place
from reconciler.run.journal import Inverse, Journal, Undone


def bound(journal: Journal, change: FlowChange, after: tuple[Place, ...]) -> Inverse:
    """Restores the earlier bindings."""
    gateway, trigger = journal.gateway, change.trigger

    async def undo() -> Undone:
        if await is_bound(gateway, trigger, change.before):
            return Undone()
        if not await is_bound(gateway, trigger, after):
            return Undone(left="somebody else bound it differently meanwhile")
        await journal.write(lambda: _bind(gateway, change), lambda: _landed(gateway, change))
        return Undone("earlier bindings restored")

    return journal.note(trigger, undo)


async def is_bound(gateway: Gateway, trigger: str, places: tuple[Place, ...]) -> bool:
    """Whether the flow is those places, in that order."""
    now = (await gateway.read_flow(trigger)).bindings
    return [(each.action_id, each.display_name) for each in now] == [
        (place.action_id, place.display_name) for place in places
    ]


async def _bind(gateway: Gateway, change: FlowChange) -> bool:
    await gateway.bind(change.trigger, change.before)
    return True


async def _landed(gateway: Gateway, change: FlowChange) -> bool | None:
    return await is_bound(gateway, change.trigger, change.before) or None
