"""What an apply works with besides the plan, and what comes of it."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from reconciler.auth0.gateway import Gateway
from reconciler.engine.guards.facts import Facts
from reconciler.errors import Exit
from reconciler.model.event import Event
from reconciler.model.plan import Plan
from reconciler.model.tenant import Live

Notify = Callable[[Event], None]

SETTLE_SECONDS = 3.0
"""How long a write whose answer was lost is given to take effect."""


@dataclass(frozen=True)
class Deployed:
    """A version that an apply made."""

    action: str
    number: int


@dataclass(frozen=True)
class Failure:
    """A change that an apply which keeps going could not make: what was undone of it, and what could not be."""

    name: str
    message: str
    remedy: str = ""
    exit_code: Exit = Exit.ERROR
    undone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Applied:
    """What an apply came to. Only one that keeps going has failures; any other raises the first."""

    deployed: tuple[Deployed, ...] = ()
    failed: tuple[Failure, ...] = ()

    @property
    def exit_code(self) -> Exit:
        """That of the failures where they are all of one kind, else 1."""
        codes = {failure.exit_code for failure in self.failed} or {Exit.DONE}
        return codes.pop() if len(codes) == 1 else Exit.ERROR


@dataclass(frozen=True)
class Hands:
    """What an apply works with besides the plan.

    `reveal` gives the value of a secret by action and name; `test` runs the cases of the named actions and flows
    (`flows/TRIGGER`) and raises CasesFailed; `replan` plans again; `build_error` says why a build failed where that can
    be known. `patience` bounds builds (seconds), `settle` how long a write whose answer was lost may still take effect
    (seconds).
    """

    gateway: Gateway
    reveal: Callable[[str, str], str]
    test: Callable[[Sequence[str]], Awaitable[None]]
    replan: Callable[[Live], Plan]
    notify: Notify
    build_error: Callable[[str], Awaitable[str]]
    facts: Facts = field(default_factory=Facts)
    patience: float = 120.0
    settle: float = SETTLE_SECONDS

    def tell(self, event: Event) -> None:
        """Notifies; a listener that went away stops no work."""
        with contextlib.suppress(OSError):
            self.notify(event)
