"""The step that an apply takes to an earlier version of an action, and how it is undone."""

from __future__ import annotations

from reconciler.model.plan import ActionChange
from reconciler.model.tenant import LiveAction
from reconciler.run import action_journal, action_work
from reconciler.run.action_journal import is_ours
from reconciler.run.hands import Deployed
from reconciler.run.journal import Inverse, Journal, Undone
from reconciler.run.work import Work


async def redeploy(work: Work, change: ActionChange) -> Deployed:
    """Deploys an earlier version once more, draft and secrets included; raises Rejected where it gets another number
    than the plan says."""
    gateway, before = work.hands.gateway, work.live.action(change.name)
    assert before is not None
    work.ids[change.name] = before.id

    async def landed() -> int | None:
        now = (await gateway.read_versions(before))[0]
        return change.number if now.number == change.number and is_ours(change, now) else None

    inverse = _redeployed(work.journal, change, before)
    number = await work.write(change.name, lambda: gateway.redeploy(before.id, change.version_id), landed, inverse)
    return action_work.expected(work, change, number, "Look at what they did, and roll back again.")


def _redeployed(journal: Journal, change: ActionChange, before: LiveAction) -> Inverse:
    """Makes the version run again that ran before, and puts the draft back as it was."""

    async def undo() -> Undone:
        assert before.version is not None
        since = before.version.number
        versions = await journal.gateway.read_versions(before)
        now = versions[0]
        if now.number == since:
            return Undone()
        if not is_ours(change, now):
            return Undone(left=f"somebody else deployed version {now.number} meanwhile")
        # The version that was gone back to looks like ours, too. Somebody may have deployed right before us.
        ran = next(each for each in versions if each.number <= since or not is_ours(change, each))
        return await action_journal.brought_back_whole(journal, before, ran)

    return journal.note(change.name, undo)
