"""One apply of a commit against the embedded tenant, with what goes wrong in it, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from reconciler.auth0.gateway import Gateway, GatewayContext
from reconciler.desired.state import Loaded
from reconciler.desired.tenant_documents import LocalTenant
from reconciler.engine import planner
from reconciler.engine.guards.facts import Facts
from reconciler.errors import ApplyFailed
from reconciler.local.wire.faults import Do, Faults
from reconciler.model.event import Event
from reconciler.model.plan import Plan
from reconciler.model.tenant import Live
from reconciler.run.apply import apply
from reconciler.run.hands import Hands
from reconciler.run.session import inside, open_embedded
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.run.conftest import Home
from tests.run.watched import Watched, faults

FLOW = "post-login"


@dataclass(frozen=True)
class Attempt:
    """What an apply came to: the tenant before and after, what was written, and how it failed."""

    before: Live
    after: Live
    writes: list[str]
    failure: ApplyFailed | None

    @property
    def ran_before(self) -> Any:
        """What users met before."""
        return what_runs(self.before)

    @property
    def runs(self) -> Any:
        """What users meet now."""
        return what_runs(self.after)


@dataclass(frozen=True)
class Scene:
    """An open tenant: the gateway of the apply, whose calls may fail, and that of somebody else."""

    ours: Gateway
    way: Watched
    faults: Faults
    other: Gateway
    loaded: Loaded


def what_runs(live: Live) -> Any:
    """The content and the secrets' number of each live version, and the order of each flow."""
    return (
        {each.name: (each.version.content, len(each.version.secrets)) for each in live.actions if each.version},
        {flow.trigger: [binding.action for binding in flow.bindings] for flow in live.flows},
    )


def attempt(home: Home, revision: str, **fault: Any) -> Attempt:
    """Applies a commit with one fault."""
    done: Attempt = in_scene(home, revision, applied, **fault)
    return done


def in_scene(home: Home, revision: str, play: Callable[[Scene], Awaitable[Any]], **fault: Any) -> Any:
    """Plays in the tenant of a repository, with a commit loaded."""

    async def played(place: Workplace) -> Any:
        async with scene(place, revision, **fault) as made:
            return await play(made)

    with open_workplace(Settings(start=home.folder, environ={})) as place:
        return asyncio.run(played(place))


@asynccontextmanager
async def scene(
    place: Workplace, revision: str, *, at: int = 0, do: Do | None = None, tenant: str = "local"
) -> AsyncIterator[Scene]:
    """The tenant, open, with a commit loaded; `do` is what goes wrong with the write number `at`."""
    loaded = await checked(place, place.repository.tree(revision), tenant)
    async with opened_scene(place, loaded, at=at, do=do) as made:
        yield made


@asynccontextmanager
async def opened_scene(place: Workplace, loaded: Loaded, *, at: int = 0, do: Do | None = None) -> AsyncIterator[Scene]:
    """The same with what was loaded before."""
    assert isinstance(loaded.tenant, LocalTenant)
    async with open_embedded(place, loaded.desired.tenant, loaded.tenant) as embedded:
        endpoint = inside(embedded)
        happening = Faults(embedded.app, faults(at, do), place.clock)
        way = Watched(httpx.ASGITransport(app=happening), at)
        async with (
            GatewayContext(
                replace(endpoint, transport=way), agent="ours", clock=place.clock, writes=True, sleep=at_once
            ) as ours,
            GatewayContext(endpoint, agent="other", clock=place.clock, writes=True) as other,
        ):
            yield Scene(ours, way, happening, other, loaded)


async def at_once(seconds: float) -> None:
    """Does not wait before a call is tried again."""
    await asyncio.sleep(0)


async def applied(made: Scene, **hands: Any) -> Attempt:
    """Plans and applies; an ApplyFailed is part of the outcome."""
    before = await made.other.read_live([FLOW])
    plan = planner.plan(made.loaded.desired, before, tool="test")
    failure = None
    try:
        await apply(plan, replace(hands_of(made), **hands))
    except ApplyFailed as failed:
        failure = failed
    await made.faults.aclose()
    return Attempt(before, await made.other.read_live([FLOW]), made.way.writes, failure)


def hands_of(made: Scene) -> Hands:
    """Hands that run no cases and hear nothing."""

    async def no_cases(names: Sequence[str]) -> None:
        """The cases have tests of their own."""

    async def no_reason(action_id: str) -> str:
        return ""

    def replan(live: Live) -> Plan:
        return planner.plan(made.loaded.desired, live, tool="test")

    def heard(event: Event) -> None:
        """Progress has tests of its own."""

    return Hands(
        gateway=made.ours,
        reveal=lambda action, name: made.loaded.vault.value(action, name).reveal(),
        test=no_cases,
        replan=replan,
        notify=heard,
        build_error=no_reason,
        facts=Facts(allowed={"bound-delete": "these applies delete what runs"}),
        patience=5,
        settle=0,
    )
