"""How what was written of modules is undone.

A published version cannot be taken back and need not be: no action uses it once those are put back, and a plan of the
earlier commit finds the version it wants among the older ones. So only drafts are put back, and created modules
removed.
"""

from __future__ import annotations

from reconciler.model.module import LiveModule, ModuleDraft, ModuleVersion
from reconciler.model.plan import ModuleChange
from reconciler.model.stamp import SecretStamp
from reconciler.run.journal import Inverse, Journal, Undone


def created(journal: Journal, change: ModuleChange) -> Inverse:
    """Removes the module that was created; known by its provenance, for its id may never have been told."""
    modules = journal.gateway.modules

    async def undo() -> Undone:
        there = await named(journal, change.name)
        if there is None:
            return Undone()
        if not is_ours(change, there.draft):
            return Undone(left="somebody else changed it meanwhile")

        async def send() -> bool:
            await modules.delete(there.id)
            return True

        async def landed() -> bool | None:
            return True if await named(journal, change.name) is None else None

        await journal.write(send, landed)
        return Undone("created module removed")

    return journal.note(label(change), undo)


def staged(journal: Journal, change: ModuleChange, before: LiveModule) -> Inverse:
    """Puts the earlier draft back, the values of its secrets included where a version holds them."""

    async def undo() -> Undone:
        there = (await journal.gateway.modules.read_one(before.id)).draft
        if alike(there, before.draft):
            return Undone()
        if not is_ours(change, there):
            return Undone(left="somebody else edited its draft meanwhile")
        # Secrets that were overwritten come back with a version only; others must not be overwritten by one.
        copied = (_as_before(before) or _with_its_secrets(before)) if _touches_secrets(change) else None
        if copied:
            await _restored(journal, before, copied)
        if not copied or not _same_content(copied, before.draft):
            await _rewritten(journal, before)
        return Undone("earlier draft restored", _lost(change, before, copied))

    return journal.note(label(change), undo)


def label(change: ModuleChange) -> str:
    """What people are told that a step is about."""
    return f"module {change.name}"


def is_ours(change: ModuleChange, there: ModuleDraft | ModuleVersion) -> bool:
    """Whether this is what the change wrote. The provenance alone is no proof: an edit by hand leaves it there."""
    return there.provenance == change.provenance and there.content == change.after


def alike(one: ModuleDraft | ModuleVersion, other: ModuleDraft | ModuleVersion) -> bool:
    """Whether two say the same, as far as can be told: of secrets only the names are compared, since it was not seen
    which stamps a copied draft has."""
    return _same_content(one, other) and _names(one.secrets) == _names(other.secrets)


async def named(journal: Journal, name: str) -> LiveModule | None:
    """The module of that name, None where the tenant says that there is none."""
    return next((module for module in await journal.gateway.modules.read() or () if module.name == name), None)


async def _restored(journal: Journal, before: LiveModule, version: ModuleVersion) -> None:
    modules = journal.gateway.modules

    async def send() -> bool:
        await modules.restore(before.id, version.id)
        return True

    async def landed() -> bool | None:
        return alike((await modules.read_one(before.id)).draft, version) or None

    await journal.write(send, landed)


async def _rewritten(journal: Journal, before: LiveModule) -> None:
    modules, draft = journal.gateway.modules, before.draft

    async def send() -> bool:
        await modules.update(before.id, draft.content, draft.provenance)
        return True

    async def landed() -> bool | None:
        return _same_content((await modules.read_one(before.id)).draft, draft) or None

    await journal.write(send, landed)


def _as_before(before: LiveModule) -> ModuleVersion | None:
    """The newest version that the draft was a copy of."""
    return next((version for version in before.versions if alike(version, before.draft)), None)


def _with_its_secrets(before: LiveModule) -> ModuleVersion | None:
    """The newest version that has the draft's secrets."""
    wanted = _names(before.draft.secrets)
    return next((version for version in before.versions if _names(version.secrets) == wanted), None)


def _lost(change: ModuleChange, before: LiveModule, copied: ModuleVersion | None) -> str:
    """What no write brings back: values that only the draft had."""
    if not _touches_secrets(change):
        return ""
    if copied:
        edited = [stamp.name for stamp in before.draft.secrets if stamp not in copied.secrets]
        return f"its draft has the value of {', '.join(edited)} that version {copied.number} has" if edited else ""
    names = ", ".join(sorted(_names(before.draft.secrets)))
    return f"its draft has lost the value of {names} until the next apply" if names else ""


def _touches_secrets(change: ModuleChange) -> bool:
    return change.send_secrets or bool(change.version_id)


def _same_content(one: ModuleDraft | ModuleVersion, other: ModuleDraft | ModuleVersion) -> bool:
    return (one.content, one.provenance) == (other.content, other.provenance)


def _names(stamps: tuple[SecretStamp, ...]) -> set[str]:
    return {stamp.name for stamp in stamps}
