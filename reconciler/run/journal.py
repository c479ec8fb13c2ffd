"""The way back: one inverse for every write, noted before the write is sent, run backwards on failure (law 5).

An inverse looks before it acts. It puts back only what this apply did: what is there already it leaves, and so it
leaves what somebody else did meanwhile, and says so. The inverses themselves are in files of their own, by what they
put back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from reconciler.auth0.gateway import Gateway
from reconciler.errors import TenantError, Unreachable
from reconciler.model.event import Event
from reconciler.model.tenant import Version
from reconciler.run.hands import SETTLE_SECONDS, Notify
from reconciler.run.waiting import refused, until_some, when_ready

T = TypeVar("T")

TRIES = 3
"""How often a step back is sent at the most."""


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
    """The inverses of what was written so far, in order.

    `patience` bounds builds (seconds), `settle` how long a write whose answer was lost may still take effect.
    `brought_back` holds, by action, the earlier version that was made to run again.
    """

    gateway: Gateway
    notify: Notify
    patience: float = 120.0
    settle: float = SETTLE_SECONDS
    brought_back: dict[str, Version] = field(default_factory=dict)
    _inverses: list[Inverse] = field(default_factory=list)
    _unreachable: bool = False

    def note(self, name: str, undo: Callable[[], Coroutine[Any, Any, Undone]]) -> Inverse:
        """Keeps how the next write to what `name` names is undone."""
        inverse = Inverse(name, undo)
        self._inverses.append(inverse)
        return inverse

    def withdraw(self, inverse: Inverse) -> None:
        """Forgets an inverse whose write the tenant certainly refused."""
        self._inverses.remove(inverse)

    async def write(self, send: Callable[[], Coroutine[Any, Any, T]], landed: Callable[[], Awaitable[T | None]]) -> T:
        """The outcome of a step back. It is sent again only when reading shows that it took no effect: `landed` gives
        the outcome of one that did, else None."""
        for again in range(1, TRIES + 1):
            try:
                return await when_ready(send, self.patience)
            except TenantError as failure:
                outcome = None if refused(failure) else await until_some(landed, self.settle)
                if outcome is not None:
                    return outcome
                if refused(failure) or again == TRIES:
                    raise
        raise AssertionError("a loop ended without an outcome")

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
