"""A commit applied to the embedded tenant, what somebody else then does to it by hand, and the drift that is found."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from reconciler.auth0.gateway import Gateway, GatewayContext
from reconciler.desired.tenant_documents import LocalTenant
from reconciler.model.drift import Drift, Finding
from reconciler.model.plan import Place
from reconciler.model.tenant import LiveAction
from reconciler.run.drift import read_world, report
from reconciler.run.session import inside, open_embedded
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import process_settings
from tests.run.attempts import FLOW, applied, scene
from tests.run.conftest import Home

HOTFIX = "exports.onExecutePostLogin = async () => { /* hotfix */ };\n"
GOES_LIVE_SECONDS = 0.1
STRANGER = "auth0-dashboard/1.0"

Play = Callable[["Hands"], Awaitable[None]]


class Hands:
    """Somebody who works on a tenant outside git."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    async def action(self, name: str) -> LiveAction:
        """The action of that name, which is there."""
        found = await self.gateway.read_action_named(name)
        assert found is not None, name
        return found

    async def edit(self, name: str, *, line: bool = True, deploy: bool = False, **content: object) -> None:
        """Writes the draft of an action, with git's line at its end or without it."""
        there = await self.action(name)
        changed = there.draft.content.model_copy(update=content or {"code": HOTFIX})
        await self.gateway.update_draft(there.id, changed, there.draft.provenance if line else None)
        if deploy:
            await self.deploy(name)

    async def secrets(self, name: str, *, deploy: bool = False, **values: str | None) -> None:
        """Writes the set of secrets; None keeps a value."""
        there = await self.action(name)
        await self.gateway.update_draft(there.id, there.draft.content, there.draft.provenance, values)
        if deploy:
            await self.deploy(name)

    async def deploy(self, name: str) -> None:
        """Deploys the draft as soon as it is built."""
        there = await self.action(name)
        while there.draft.status != "built":
            await asyncio.sleep(0.01)
            there = await self.action(name)
        await self.gateway.deploy(there.id)
        await asyncio.sleep(GOES_LIVE_SECONDS)

    async def roll_back(self, name: str, number: int) -> None:
        """Deploys an earlier version once more."""
        there = await self.action(name)
        version = next(each for each in await self.gateway.read_versions(there) if each.number == number)
        await self.gateway.redeploy(there.id, version.id)
        await asyncio.sleep(GOES_LIVE_SECONDS)

    async def create(self, name: str, *, deploy: bool = True, code: str = HOTFIX) -> None:
        """Makes an action."""
        like = await self.action("greet")
        content = like.draft.content.model_copy(update={"code": code})
        await self.gateway.create(name, content, None, {})
        if deploy:
            await self.deploy(name)

    async def bind(self, *names: str, shown: str = "") -> None:
        """Binds the flow anew; `shown` is the display name of the first."""
        places = [Place(action=name, action_id=(await self.action(name)).id) for name in names]
        if shown:
            places[0] = places[0].model_copy(update={"display_name": shown})
        await self.gateway.bind(FLOW, places)


def drifted(
    home: Home, *plays: Play, applies: Sequence[str] = ("HEAD",), at: str = "HEAD", agent: str = STRANGER
) -> Drift:
    """What is found at a revision after these commits were applied and somebody played."""

    async def found(place: Workplace) -> Drift:
        for revision in applies:
            async with scene(place, revision) as made:
                assert (await applied(made)).failure is None
        loaded = await checked(place, place.repository.tree(at), "local", decrypt=False)
        assert isinstance(loaded.tenant, LocalTenant)
        async with (
            open_embedded(place, "local", loaded.tenant) as embedded,
            GatewayContext(inside(embedded), agent=agent, clock=place.clock, writes=True) as gateway,
        ):
            for play in plays:
                await play(Hands(gateway))
            return report(await read_world(place, loaded, gateway), loaded)

    with open_workplace(replace(process_settings(), start=home.folder)) as place:  # npm knows its registry from there
        return asyncio.run(found(place))


def ids(drift: Drift, state: str = "open") -> list[str]:
    """The ids of the findings in that state, the worst first."""
    return [finding.id for finding in drift.findings if finding.state == state]


def only(drift: Drift) -> Finding:
    """The one finding."""
    (finding,) = drift.findings
    return finding
