"""The way back: one inverse for every write, noted before the write is sent, run backwards on failure (law 5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from reconciler.auth0.gateway import Gateway
from reconciler.errors import ReconcilerError
from reconciler.model.event import Event
from reconciler.model.plan import ActionChange, FlowChange, Place
from reconciler.model.tenant import LiveAction, Version

Notify = Callable[[Event], None]


@dataclass(frozen=True)
class Inverse:
    """How one write is undone. `undo` gives what could not be put back, empty when all was."""

    name: str
    what: str
    undo: Callable[[], Awaitable[str]]


@dataclass
class Journal:
    """What was written so far, in order. An inverse is noted before its write, for an answer may get lost."""

    gateway: Gateway
    notify: Notify
    _inverses: list[Inverse] = field(default_factory=list)
    _redeployed: set[str] = field(default_factory=set)

    def note_created(self, change: ActionChange) -> None:
        async def undo() -> str:
            there = await self.gateway.read_action_named(change.name)
            if there is not None and there.draft.provenance == change.provenance:
                await self.gateway.delete(there.id)
            return ""

        self._inverses.append(Inverse(change.name, "created action removed", undo))

    def note_staged(self, change: ActionChange, before: LiveAction) -> None:
        async def undo() -> str:
            if change.name in self._redeployed and not _edited(before):
                return ""
            kept = dict.fromkeys(stamp.name for stamp in before.draft.secrets) if change.send_secrets else None
            await self.gateway.update_draft(before.id, before.draft.content, before.draft.provenance, kept)
            return "" if change.name in self._redeployed else _lost_values(change)

        self._inverses.append(Inverse(change.name, "earlier draft restored", undo))

    def note_deployed(self, change: ActionChange, before: LiveAction | None) -> None:
        version = before.version if before else None
        if before is None:
            return  # a created action is removed with all its versions

        async def undo() -> str:
            if version is None:
                return "its first version stays deployed; no flow runs it"
            if await self._runs(before, version):
                return ""
            await self.gateway.redeploy(before.id, version.id)
            self._redeployed.add(change.name)
            return ""

        what = f"version {version.number} redeployed" if version else "first version"
        self._inverses.append(Inverse(change.name, what, undo))

    def note_bound(self, change: FlowChange, before: tuple[Place, ...]) -> None:
        async def undo() -> str:
            await self.gateway.bind(change.trigger, before)
            return ""

        self._inverses.append(Inverse(change.trigger, "earlier bindings restored", undo))

    def note_deleted(self, change: ActionChange) -> None:
        async def undo() -> str:
            there = await self.gateway.read_action_named(change.name)
            return "" if there is not None else "is deleted and cannot be brought back with its versions"

        self._inverses.append(Inverse(change.name, "delete", undo))

    async def undo(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Runs everything backwards; what was undone and what is left, one sentence each."""
        undone: list[str] = []
        left: list[str] = []
        while self._inverses:
            inverse = self._inverses.pop()
            self.notify(Event(verb="undoing", name=inverse.name, detail=inverse.what))
            remains = await _outcome(inverse)
            self.notify(Event(verb="left" if remains else "undone", name=inverse.name, detail=remains or inverse.what))
            (left if remains else undone).append(f"{inverse.name}: {remains or inverse.what}")
        return tuple(undone), tuple(left)

    async def _runs(self, before: LiveAction, version: Version) -> bool:
        now = (await self.gateway.read_action(before.id)).version
        return now is not None and now.id == version.id


async def _outcome(inverse: Inverse) -> str:
    try:
        return await inverse.undo()
    except ReconcilerError as failure:
        return f"not undone ({failure.message})"


def _edited(before: LiveAction) -> bool:
    version = before.version
    return version is None or version.content != before.draft.content or version.secrets != before.draft.secrets


def _lost_values(change: ActionChange) -> str:
    written = [step.name for step in change.secrets if step.write]
    return f"the draft keeps the new value of {', '.join(written)} until the next apply" if written else ""
