"""The way back: one inverse for every write, noted before the write is sent, run backwards on failure (law 5).

An inverse looks before it acts. It puts back only what this apply did: what is there already it leaves, and so it
leaves what somebody else did meanwhile, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.auth0.gateway import Gateway
from reconciler.errors import Unreachable
from reconciler.model.event import Event
from reconciler.model.plan import ActionChange, FlowChange, Place
from reconciler.model.tenant import Draft, LiveAction, Version
from reconciler.run.waiting import until_none

Notify = Callable[[Event], None]

PATIENCE = 15.0
"""Seconds that an earlier version may take to be live again."""


@dataclass(frozen=True)
class Undone:
    """What an inverse did, and what it could not do; both empty where there was nothing to undo."""

    done: str = ""
    left: str = ""


@dataclass(eq=False)
class Inverse:
    """How one write is undone."""

    name: str
    undo: Callable[[], Coroutine[Any, Any, Undone]]


@dataclass
class Journal:
    """The inverses of what was written so far, in order."""

    gateway: Gateway
    notify: Notify
    _inverses: list[Inverse] = field(default_factory=list)
    _redeployed: dict[str, str] = field(default_factory=dict)
    _unreachable: bool = False

    def withdraw(self, inverse: Inverse) -> None:
        """Forgets an inverse whose write the tenant certainly refused."""
        self._inverses.remove(inverse)

    def created(self, change: ActionChange) -> Inverse:
        """Removes the action that was created; known by its provenance, for its id may never have been told."""

        async def undo() -> Undone:
            there = await self.gateway.read_action_named(change.name)
            if there is None:
                return Undone()
            if not _ours(change, there.draft):
                return Undone(left="somebody else changed it meanwhile")
            await self.gateway.delete(there.id)
            return Undone("created action removed")

        return self._note(change.name, undo)

    def staged(self, change: ActionChange, before: LiveAction) -> Inverse:
        """Puts the earlier draft back."""

        async def undo() -> Undone:
            version = self._redeployed.get(change.name)
            if version and (before.version is None or version != before.version.id):
                return Undone(left="its draft follows the version that somebody else deployed meanwhile")
            if version and not _edited(before):
                return Undone()
            there = (await self.gateway.read_action(before.id)).draft
            if not version and _same(there, before.draft):
                return Undone()
            if not version and not _ours(change, there):
                return Undone(left="somebody else edited its draft meanwhile")
            return await self._draft_restored(change, before, bool(version))

        return self._note(change.name, undo)

    def deployed(self, change: ActionChange, before: LiveAction) -> Inverse:
        """Deploys the version once more that came before ours."""

        async def undo() -> Undone:
            versions = await self.gateway.read_versions(before)
            now = versions[0] if versions else None  # not what is live: a version goes live a moment after its deploy
            if now is None or (before.version and now.id == before.version.id):
                return Undone()
            if not _ours(change, now):
                return Undone(left=f"somebody else deployed version {now.number} meanwhile")
            # Somebody may have deployed ours once more.
            earlier = next((each for each in versions if not _ours(change, each)), None)
            if earlier is None:
                return Undone(left="its first version stays deployed; no flow runs it")
            number = await self.gateway.redeploy(before.id, earlier.id)
            self._redeployed[change.name] = earlier.id
            await self._until_live(before, number)
            return Undone(f"version {earlier.number} redeployed")

        return self._note(change.name, undo)

    def bound(self, change: FlowChange, after: tuple[Place, ...]) -> Inverse:
        """Restores the earlier bindings."""

        async def undo() -> Undone:
            now = [
                (each.action_id, each.display_name) for each in (await self.gateway.read_flow(change.trigger)).bindings
            ]
            if now == _bindings(change.before):
                return Undone()
            if now != _bindings(after):
                return Undone(left="somebody else bound it differently meanwhile")
            await self.gateway.bind(change.trigger, change.before)
            return Undone("earlier bindings restored")

        return self._note(change.trigger, undo)

    async def undo(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Runs everything backwards; what was undone and what is left, one sentence each."""
        undone: list[str] = []
        left: list[str] = []
        if self._inverses:
            self.notify(Event(verb="undoing", name="everything", detail="that was begun"))
        while self._inverses:
            inverse = self._inverses.pop()
            outcome = await self._outcome(inverse)
            if outcome.done:
                undone.append(f"{inverse.name}: {outcome.done}")
                self.notify(Event(verb="undone", name=inverse.name, detail=outcome.done))
            if outcome.left:
                left.append(f"{inverse.name}: {outcome.left}")
                self.notify(Event(verb="left", name=inverse.name, detail=outcome.left))
        return tuple(undone), tuple(left)

    async def _outcome(self, inverse: Inverse) -> Undone:
        if self._unreachable:
            return Undone(left="not put back (the tenant cannot be reached)")
        try:
            return await inverse.undo()
        except Exception as failure:  # whatever one inverse meets, the others still have to run
            # Where nobody answers, asking again for each of the others would only keep people waiting.
            self._unreachable = isinstance(failure, Unreachable)
            return Undone(left=f"not put back ({failure})")

    def _note(self, name: str, undo: Callable[[], Coroutine[Any, Any, Undone]]) -> Inverse:
        inverse = Inverse(name, undo)
        self._inverses.append(inverse)
        return inverse

    async def _until_live(self, before: LiveAction, number: int) -> None:
        """Waits until that version, or a later one, is what runs: only then it has been put back."""

        async def not_live() -> Mapping[str, str]:
            version = (await self.gateway.read_action(before.id)).version
            return {} if version and version.number >= number else {before.id: before.name}

        await until_none(not_live, "did not become live again", PATIENCE)

    async def _draft_restored(self, change: ActionChange, before: LiveAction, redeployed: bool) -> Undone:
        names = {stamp.name for stamp in before.draft.secrets}
        there = {step.name for step in change.secrets} if change.send_secrets and not redeployed else names
        # A name without a value keeps the value that is there; one that is not there cannot be brought back.
        secrets = dict.fromkeys(sorted(names & there)) if change.send_secrets and not redeployed else None
        await self.gateway.update_draft(before.id, before.draft.content, before.draft.provenance, secrets)
        return Undone("earlier draft restored", _lost(change, before, redeployed))


def _ours(change: ActionChange, there: Draft | Version) -> bool:
    """Whether this is what the change wrote. The provenance alone is no proof: an edit by hand leaves it there."""
    return there.provenance == change.provenance and there.content == change.after


def _bindings(places: tuple[Place, ...]) -> list[tuple[str, str]]:
    return [(place.action_id, place.display_name) for place in places]


def _same(one: Draft, other: Draft) -> bool:
    """Whether two drafts are alike, apart from how far their builds are."""
    return (one.content, one.provenance, one.secrets) == (other.content, other.provenance, other.secrets)


def _edited(before: LiveAction) -> bool:
    version = before.version
    return version is None or version.content != before.draft.content or version.secrets != before.draft.secrets


def _lost(change: ActionChange, before: LiveAction, redeployed: bool) -> str:
    """What no write brings back: values that were overwritten or removed."""
    if redeployed:
        edited = before.version is not None and before.version.secrets != before.draft.secrets
        return "secrets edited in its draft are as in the deployed version now" if edited else ""
    if not change.send_secrets:
        return ""
    steps = {step.name: step for step in change.secrets}
    old = [stamp.name for stamp in before.draft.secrets]
    overwritten = [name for name in old if name in steps and steps[name].write]
    removed = [name for name in old if name not in steps]
    told = [f"keeps the new value of {', '.join(overwritten)}"] if overwritten else []
    told += [f"has lost the value of {', '.join(removed)}"] if removed else []
    return f"its draft {' and '.join(told)} until the next apply" if told else ""
