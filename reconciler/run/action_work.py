"""The steps that an apply takes with actions: draft, build, version, delete."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from reconciler.errors import NotFound, Rejected
from reconciler.model.event import Event
from reconciler.model.plan import ActionChange
from reconciler.model.tenant import LiveAction
from reconciler.run import action_journal
from reconciler.run.action_journal import is_ours
from reconciler.run.hands import Deployed
from reconciler.run.waiting import until_none
from reconciler.run.work import Work


async def stage(work: Work, change: ActionChange) -> None:
    """Writes the draft of an action, which affects nobody; makes the action where there is none."""
    values = {step.name: work.hands.reveal(change.name, step.name) for step in change.secrets if step.write}
    before = work.live.action(change.name)
    there = await (_create(work, change, values) if before is None else _update(work, change, before, values))
    work.ids[change.name] = there.id
    work.hands.tell(Event(verb="staged", name=change.name))


async def until_built(work: Work, changes: Sequence[ActionChange]) -> None:
    """Waits until every draft is built; raises Rejected for one that fails to, or takes longer than the patience."""
    waiting = {work.ids[change.name]: change.name for change in changes}

    async def still_building() -> Mapping[str, str]:
        for action in await work.hands.gateway.read_actions() if waiting else ():
            if action.id in waiting and await _is_built(work, action):
                work.hands.tell(Event(verb="built", name=waiting.pop(action.id)))
        return waiting

    await until_none(still_building, "did not finish building", work.hands.patience)


async def deploy(work: Work, change: ActionChange) -> Deployed:
    """Makes a version of the draft; raises Rejected where it gets another number than the plan says."""
    gateway, before, action_id = work.hands.gateway, work.live.action(change.name), work.ids[change.name]

    async def landed() -> int | None:
        versions = await gateway.read_versions(await gateway.read_action(action_id))
        ours = versions and versions[0].number == change.number and is_ours(change, versions[0])
        return change.number if ours else None

    # A created action is removed with all its versions, so its deploy needs no inverse of its own.
    inverse = action_journal.deployed(work.journal, change, before) if before else None
    number = await work.write(change.name, lambda: gateway.deploy(action_id), landed, inverse)
    return expected(work, change, number, "Plan again and look at what they did.")


def expected(work: Work, change: ActionChange, number: int, remedy: str) -> Deployed:
    """The version that was made, told to whoever listens; raises Rejected, with that way out, where it got another
    number than the plan says."""
    if number != change.number:
        raise Rejected(
            f"{change.name} became version {number} instead of {change.number}: somebody else deployed it meanwhile.",
            remedy,
        )
    work.hands.tell(Event(verb="deployed", name=change.name, detail=f"version {number}"))
    return Deployed(action=change.name, number=number)


async def until_live(work: Work, deployed: Sequence[Deployed]) -> None:
    """Waits until each of those versions is what runs."""
    waiting = {work.ids[each.action]: each for each in deployed}

    async def not_live() -> Mapping[str, str]:
        for action in await work.hands.gateway.read_actions() if waiting else ():
            version, awaited = action.version, waiting.get(action.id)
            if awaited and version and version.live and version.number == awaited.number:
                del waiting[action.id]
        return {key: each.action for key, each in waiting.items()}

    await until_none(not_live, "did not become live after its deploy", work.hands.patience)


async def delete(work: Work, change: ActionChange) -> None:
    """Deletes an action; one that somebody else deleted first counts as deleted."""
    gateway = work.hands.gateway

    async def send() -> bool:
        with contextlib.suppress(NotFound):  # somebody else was faster
            await gateway.delete(change.id)
        work.gone.add(change.name)
        return True

    async def landed() -> bool | None:
        if await gateway.read_action_named(change.name) is not None:
            return None
        work.gone.add(change.name)
        return True

    await work.insist(change.name, send, landed)
    work.hands.tell(Event(verb="deleted", name=change.name))


async def _create(work: Work, change: ActionChange, values: Mapping[str, str]) -> LiveAction:
    gateway, after = work.hands.gateway, change.after
    assert after is not None

    async def landed() -> LiveAction | None:
        there = await gateway.read_action_named(change.name)
        return there if there and is_ours(change, there.draft) else None

    inverse = action_journal.created(work.journal, change)
    return await work.write(
        change.name, lambda: gateway.create(change.name, after, change.provenance, values), landed, inverse
    )


async def _update(work: Work, change: ActionChange, before: LiveAction, values: Mapping[str, str]) -> LiveAction:
    gateway, after = work.hands.gateway, change.after
    assert after is not None

    async def landed() -> LiveAction | None:
        there = await gateway.read_action(before.id)
        # An apply that was killed may have left this very draft: only one that was written since is this write.
        written = there.draft.updated_at != before.draft.updated_at and is_ours(change, there.draft)
        return there if written else None

    secrets = _whole(change, before, values)
    inverse = action_journal.staged(work.journal, change, before)
    return await work.write(
        change.name, lambda: gateway.update_draft(before.id, after, change.provenance, secrets), landed, inverse
    )


async def _is_built(work: Work, action: LiveAction) -> bool:
    if action.draft.status == "failed":
        reason = await work.hands.build_error(action.id)
        raise Rejected(
            f"The draft of {action.name} failed to build{': ' + reason if reason else '.'}",
            "Check its dependencies in action.yaml and reconciler.lock.",
        )
    return action.draft.status == "built"


def _whole(change: ActionChange, before: LiveAction, values: Mapping[str, str]) -> Mapping[str, str | None] | None:
    """The secrets to send: None to leave them alone; a name without a value only where there is a value to keep."""
    if not change.send_secrets:
        return None
    there = {stamp.name for stamp in before.draft.secrets}
    return {step.name: values.get(step.name) for step in change.secrets if step.write or step.name in there}
