"""How what was written of actions is undone.

A deployed version cannot be taken back: what ran before is made to run again by a newer version. That version must not
look like one that somebody rolled back to (its provenance naming a lower number than its own), or a guard would hold
the content back that a pipeline tries again. So the earlier content is signed anew with the number it gets; where it
had been rolled back to, with the numbers of what was made since and is taken back, so that this is not held as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.engine.rolled_back import is_rolled_back
from reconciler.errors import Rejected, TenantError
from reconciler.model.action import Content
from reconciler.model.plan import ActionChange
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Draft, LiveAction, Version
from reconciler.run.journal import Inverse, Journal, Undone
from reconciler.run.waiting import until_none

Secrets = Mapping[str, str | None]

ROLLED_BACK = "it runs what it ran before, and counts as rolled back until its next deploy"


def created(journal: Journal, change: ActionChange) -> Inverse:
    """Removes the action that was created; known by its provenance, for its id may never have been told."""
    gateway = journal.gateway

    async def undo() -> Undone:
        there = await gateway.read_action_named(change.name)
        if there is None:
            return Undone()
        if not is_ours(change, there.draft):
            return Undone(left="somebody else changed it meanwhile")
        await journal.write(lambda: _deleted(journal, there.id), lambda: _gone(journal, change.name))
        return Undone("created action removed")

    return journal.note(change.name, undo)


def staged(journal: Journal, change: ActionChange, before: LiveAction) -> Inverse:
    """Puts the earlier draft back, the values of its secrets included where a version holds them."""

    async def undo() -> Undone:
        back = journal.brought_back.get(change.name)
        if back is not None:
            if before.version is None or back.id != before.version.id:
                return Undone(left="its draft follows the version that somebody else deployed meanwhile")
            return await _edits_restored(journal, before)
        there = (await journal.gateway.read_action(before.id)).draft
        if _alike(there, before.draft):
            return Undone()
        if not is_ours(change, there):
            return Undone(left="somebody else edited its draft meanwhile")
        if before.version and _lost(change, before):
            return await brought_back_whole(journal, before, before.version)
        return await _draft_restored(journal, change, before)

    return journal.note(change.name, undo)


def deployed(journal: Journal, change: ActionChange, before: LiveAction) -> Inverse:
    """Makes what ran before run again."""

    async def undo() -> Undone:
        versions = await journal.gateway.read_versions(before)
        now = versions[0] if versions else None  # not what is live: a version goes live a moment after its deploy
        if now is None or (before.version and now.id == before.version.id):
            return Undone()
        if not is_ours(change, now):
            return Undone(left=f"somebody else deployed version {now.number} meanwhile")
        # Somebody may have deployed ours once more.
        earlier = next((each for each in versions if not is_ours(change, each)), None)
        if earlier is None:
            return Undone(left="its first version stays deployed; no flow runs it")
        told = await _brought_back(journal, change, before, earlier, now.number)
        journal.brought_back[change.name] = earlier
        return told

    return journal.note(change.name, undo)


def is_ours(change: ActionChange, there: Draft | Version) -> bool:
    """Whether this is what the change wrote. The provenance alone is no proof: an edit by hand leaves it there."""
    return there.provenance == change.provenance and there.content == change.after


async def brought_back_whole(journal: Journal, before: LiveAction, version: Version) -> Undone:
    """Makes a version run again that ran before, with its secrets, and puts the draft back as it was, unless it belongs
    to a version that somebody else deployed meanwhile."""
    told = await _redeployed(journal, before, version)
    is_theirs = before.version is None or before.version.id != version.id
    return told if is_theirs else _joined(told, await _edits_restored(journal, before))


async def _brought_back(
    journal: Journal, change: ActionChange, before: LiveAction, earlier: Version, number: int
) -> Undone:
    done = f"version {earlier.number} deployed again"
    if _lost(change, before) or not _can_be_signed(earlier):
        return await _redeployed(journal, before, earlier)
    try:
        return Undone(done, await _deployed_anew(journal, before, earlier, number + 1, _kept(change, before)))
    except Rejected as failure:
        # What was built once may not build again; the version itself still can be deployed.
        await _version_deployed(journal, before, earlier)
        return Undone(done, f"{ROLLED_BACK} ({failure})")


async def _redeployed(journal: Journal, before: LiveAction, earlier: Version) -> Undone:
    """Deploys an earlier version with its draft and its secrets, then signs it anew."""
    number = await _version_deployed(journal, before, earlier)
    done = f"version {earlier.number} deployed again"
    if not _can_be_signed(earlier):
        return Undone(done)
    try:
        return Undone(done, await _deployed_anew(journal, before, earlier, number + 1, None))
    except TenantError as failure:
        return Undone(done, f"{ROLLED_BACK} ({failure})")


async def _version_deployed(journal: Journal, before: LiveAction, earlier: Version) -> int:
    gateway = journal.gateway
    newest = (await gateway.read_versions(before))[0].number

    async def landed() -> int | None:
        now = (await gateway.read_versions(before))[0]
        again = now.number > newest and (now.content, now.provenance) == (earlier.content, earlier.provenance)
        return now.number if again else None

    number = await journal.write(lambda: gateway.redeploy(before.id, earlier.id), landed)
    await _until_live(journal, before, number)
    return number


async def _deployed_anew(
    journal: Journal, before: LiveAction, earlier: Version, number: int, secrets: Secrets | None
) -> str:
    """Makes a version of the earlier content, signed with the number that it gets; gives what is not as before."""
    gateway = journal.gateway
    signed = _signed(earlier, number)

    async def landed() -> int | None:
        now = (await gateway.read_versions(before))[0]
        return now.number if now.number >= number and now.provenance == signed else None

    await _write_draft(journal, before, earlier.content, signed, secrets)
    await _until_built(journal, before)
    made = await journal.write(lambda: gateway.deploy(before.id), landed)
    await _until_live(journal, before, made)
    return "" if made == number else f"{ROLLED_BACK} (somebody else deployed it meanwhile)"


def _signed(earlier: Version, number: int) -> Provenance | None:
    """What an earlier version says of itself when it is made again under that number."""
    told = earlier.provenance
    if told is None or not is_rolled_back(earlier):
        return told and told.model_copy(update={"number": number})
    return told.model_copy(update={"undone": (*told.undone, *range(earlier.number + 1, number))})


async def _draft_restored(journal: Journal, change: ActionChange, before: LiveAction) -> Undone:
    await _write_draft(journal, before, before.draft.content, before.draft.provenance, _kept(change, before))
    lost = _lost(change, before)
    return Undone("earlier draft restored", f"its draft {lost} until the next apply" if lost else "")


async def _edits_restored(journal: Journal, before: LiveAction) -> Undone:
    """Puts back what somebody had edited in the draft before this apply, after the version itself came back."""
    version, draft = before.version, before.draft
    assert version is not None
    left = "secrets edited in its draft are as in the deployed version now" if draft.secrets != version.secrets else ""
    if version.content == draft.content:
        return Undone(left=left)
    await _write_draft(journal, before, draft.content, draft.provenance, None)
    return Undone("earlier draft restored", left)


async def _write_draft(
    journal: Journal, before: LiveAction, content: Content, provenance: Provenance | None, secrets: Secrets | None
) -> None:
    gateway = journal.gateway

    async def landed() -> LiveAction | None:
        there = await gateway.read_action(before.id)
        return there if (there.draft.content, there.draft.provenance) == (content, provenance) else None

    await journal.write(lambda: gateway.update_draft(before.id, content, provenance, secrets), landed)


async def _until_built(journal: Journal, before: LiveAction) -> None:
    async def building() -> Mapping[str, str]:
        status = (await journal.gateway.read_action(before.id)).draft.status
        if status == "failed":
            raise Rejected(f"The earlier content of {before.name} does not build any more.")
        return {} if status == "built" else {before.id: before.name}

    await until_none(building, "did not finish building", journal.patience)


async def _until_live(journal: Journal, before: LiveAction, number: int) -> None:
    """Waits until that version, or a later one, is what runs: only then it has been put back."""

    async def not_live() -> Mapping[str, str]:
        version = (await journal.gateway.read_action(before.id)).version
        return {} if version and version.number >= number else {before.id: before.name}

    await until_none(not_live, "did not become live again", journal.patience)


async def _deleted(journal: Journal, action_id: str) -> bool:
    await journal.gateway.delete(action_id)
    return True


async def _gone(journal: Journal, name: str) -> bool | None:
    return True if await journal.gateway.read_action_named(name) is None else None


def _can_be_signed(version: Version) -> bool:
    """Whether the version is what its provenance says it is, or that once more."""
    provenance = version.provenance
    return provenance is not None and (provenance.number == version.number or is_rolled_back(version))


def _alike(one: Draft, other: Draft) -> bool:
    return (one.content, one.provenance) == (other.content, other.provenance)


def _kept(change: ActionChange, before: LiveAction) -> Secrets | None:
    """The secrets to send with the earlier content: names without values, which keep the values that are there.

    One that is not there cannot be brought back by its name.
    """
    if not change.send_secrets:
        return None
    names = {stamp.name for stamp in before.draft.secrets}
    return dict.fromkeys(sorted(names & {step.name for step in change.secrets}))


def _lost(change: ActionChange, before: LiveAction) -> str:
    """Which values the change overwrote or removed, as words; no write but a redeploy brings them back."""
    if not change.send_secrets:
        return ""
    steps = {step.name: step for step in change.secrets}
    old = [stamp.name for stamp in before.draft.secrets]
    overwritten = [name for name in old if name in steps and steps[name].write]
    removed = [name for name in old if name not in steps]
    told = [f"keeps the new value of {', '.join(overwritten)}"] if overwritten else []
    told += [f"has lost the value of {', '.join(removed)}"] if removed else []
    return " and ".join(told)


def _joined(one: Undone, other: Undone) -> Undone:
    return Undone(*("; ".join(filter(None, pair)) for pair in ((one.done, other.done), (one.left, other.left))))
