"""What the steps of one apply share: the plan, what was there before, the journal, and the one way to write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from reconciler.errors import TenantError
from reconciler.model.event import Event
from reconciler.model.plan import Plan
from reconciler.model.tenant import Live
from reconciler.run.hands import Hands
from reconciler.run.journal import Inverse, Journal
from reconciler.run.settled import settled
from reconciler.run.waiting import refused, until_some, when_ready

T = TypeVar("T")


@dataclass
class Work:
    """One apply under way.

    `live` is the tenant right before the first write, `ids` the id of each action by name, `gone` the names of what was
    deleted; modules go by `modules/NAME` in both. `refused` names what the tenant refused to write or to
    delete, which ended it.
    """

    plan: Plan
    live: Live
    hands: Hands
    journal: Journal
    ids: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    refused: str = ""

    async def write(
        self,
        name: str,
        send: Callable[[], Coroutine[Any, Any, T]],
        landed: Callable[[], Awaitable[T | None]],
        inverse: Inverse | None = None,
    ) -> T:
        """The outcome of a write to what `name` names, waited for whatever happens meanwhile.

        Its `inverse` is noted already, and is taken back where the tenant refused: then nothing was written. Where the
        answer is lost, `landed` reads whether the write took effect: its outcome, or None.
        """
        try:
            return await when_ready(lambda: settled(self._known(name, send, landed)), self.hands.patience)
        except TenantError as failure:
            if refused(failure):
                self.refused = name
                if inverse:
                    self.journal.withdraw(inverse)
            raise

    async def insist(
        self, name: str, send: Callable[[], Coroutine[Any, Any, T]], landed: Callable[[], Awaitable[T | None]]
    ) -> T:
        """The outcome of a write to what `name` names that cannot be undone and does no harm when it is repeated. It is
        sent again where reading shows that it took no effect."""
        try:
            return await settled(self.journal.write(send, landed))
        except TenantError as failure:
            if refused(failure):
                self.refused = name
            raise

    async def _known(
        self, name: str, send: Callable[[], Coroutine[Any, Any, T]], landed: Callable[[], Awaitable[T | None]]
    ) -> T:
        try:
            return await send()
        except TenantError as failure:
            outcome = None if refused(failure) else await self._found(landed, failure)
            if outcome is None:
                raise
            self.hands.tell(
                Event(verb="settled", name=name, detail="the answer was lost; the tenant shows that it took effect")
            )
            return outcome

    async def _found(self, landed: Callable[[], Awaitable[T | None]], failure: TenantError) -> T | None:
        try:
            return await until_some(landed, self.hands.settle)
        except TenantError:
            raise failure from None  # nothing can be read either: what is known is that the write failed
