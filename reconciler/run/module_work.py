"""The steps that an apply takes with modules: draft, version, delete. A version affects nobody until an action uses
it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from reconciler.errors import NotFound, Rejected
from reconciler.model.event import Event
from reconciler.model.module import LiveModule, ModuleContent, ModuleVersion
from reconciler.model.plan import ModuleChange
from reconciler.run import module_journal
from reconciler.run.module_journal import alike, is_ours, label, named
from reconciler.run.waiting import until_none
from reconciler.run.work import Work


async def write_all(work: Work) -> None:
    """Writes every module but those that are deleted, publishes what the plan says, and waits until it can be read."""
    changes = [change for change in work.plan.modules if change.kind != "delete"]
    for change in changes:
        await stage(work, change)
        if change.publish:
            await publish(work, change)
    await until_readable(work, [change for change in changes if change.publish])


async def stage(work: Work, change: ModuleChange) -> None:
    """Writes the draft of a module; makes the module where there is none."""
    before = work.live.module(change.name)
    if before is None:
        work.ids[_key(change)] = await _create(work, change)
    else:
        work.ids[_key(change)] = before.id
        await (_copy(work, change, before) if change.version_id else _update(work, change, before))
    work.hands.tell(Event(verb="staged", name=label(change)))


async def publish(work: Work, change: ModuleChange) -> None:
    """Makes a version of the draft; raises Rejected where it is not what the plan says."""
    modules, module_id = work.hands.gateway.modules, work.ids[_key(change)]

    async def landed() -> ModuleVersion | None:
        versions = (await modules.read_one(module_id)).versions
        return versions[0] if versions and versions[0].number == change.number else None

    # A version cannot be taken back (module_journal), so there is no inverse.
    version = await work.write(label(change), lambda: modules.publish(change.name, module_id), landed)
    if version.number != change.number or not is_ours(change, version):
        raise Rejected(
            f"The module {change.name} was written by somebody else meanwhile: its version {version.number} is not "
            "what this plan says.",
            "Plan again and look at what they did.",
        )
    work.hands.tell(Event(verb="published", name=label(change), detail=f"version {version.number}"))


async def until_readable(work: Work, published: Sequence[ModuleChange]) -> None:
    """Waits until the tenant shows each version that was published, so that actions can use it."""
    waiting = {work.ids[_key(change)]: change for change in published}

    async def not_shown() -> Mapping[str, str]:
        for module_id, change in tuple(waiting.items()):
            versions = (await work.hands.gateway.modules.read_one(module_id)).versions
            if any(version.number == change.number for version in versions):
                del waiting[module_id]
        return {key: label(change) for key, change in waiting.items()}

    await until_none(not_shown, "does not show its new version", work.hands.patience)


async def delete(work: Work, change: ModuleChange) -> None:
    """Deletes a module; one that somebody else deleted first counts as deleted."""
    modules = work.hands.gateway.modules

    async def send() -> bool:
        with contextlib.suppress(NotFound):  # somebody else was faster
            await modules.delete(change.id)
        work.gone.add(_key(change))
        return True

    async def landed() -> bool | None:
        if await named(work.journal, change.name) is not None:
            return None
        work.gone.add(_key(change))
        return True

    await work.insist(label(change), send, landed)
    work.hands.tell(Event(verb="deleted", name=label(change)))


async def _create(work: Work, change: ModuleChange) -> str:
    modules, content, values = work.hands.gateway.modules, _after(change), _values(work, change)

    async def landed() -> str | None:
        there = await named(work.journal, change.name)
        return there.id if there and is_ours(change, there.draft) else None

    return await work.write(
        label(change),
        lambda: modules.create(change.name, content, change.provenance, values),
        landed,
        module_journal.created(work.journal, change),
    )


async def _update(work: Work, change: ModuleChange, before: LiveModule) -> None:
    modules, content = work.hands.gateway.modules, _after(change)
    values = _values(work, change) if change.send_secrets else None

    async def send() -> bool:
        await modules.update(before.id, content, change.provenance, values)
        return True

    async def landed() -> bool | None:
        there = (await modules.read_one(before.id)).draft
        # An apply that was killed may have left this very draft: only one that was written since is this write.
        return (there.updated_at != before.draft.updated_at and is_ours(change, there)) or None

    await work.write(label(change), send, landed, module_journal.staged(work.journal, change, before))


async def _copy(work: Work, change: ModuleChange, before: LiveModule) -> None:
    modules = work.hands.gateway.modules
    version = next((each for each in before.versions if each.id == change.version_id), None)

    async def send() -> bool:
        await modules.restore(before.id, change.version_id)
        return True

    async def landed() -> bool | None:
        return (version is not None and alike((await modules.read_one(before.id)).draft, version)) or None

    await work.write(label(change), send, landed, module_journal.staged(work.journal, change, before))


def is_deleted(work: Work, change: ModuleChange) -> bool:
    """Whether the module is gone already."""
    return _key(change) in work.gone


def _key(change: ModuleChange) -> str:
    # Apart from those of actions, which may have the same name.
    return f"modules/{change.name}"


def _after(change: ModuleChange) -> ModuleContent:
    assert change.after is not None
    return change.after


def _values(work: Work, change: ModuleChange) -> Mapping[str, str]:
    path = change.provenance.path if change.provenance else ""
    return {step.name: work.hands.reveal(path, step.name) for step in change.secrets if step.write}
