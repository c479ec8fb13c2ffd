"""Every request of one apply made to fail, one after the other and in every way: `python -m tests.run.every_request`.

The apply creates, changes, deletes and rebinds actions, with secrets, and creates, publishes and deletes modules. Every
request it sends has an index, the one for a token, the reads and the polls included. Each run starts with a copy of the
same tenant, and ends with the tenant as it began or as desired, never between.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import httpx

from reconciler.again import TRIES
from reconciler.auth0.auth import Credentials
from reconciler.auth0.gateway import Endpoint, Gateway, GatewayContext
from reconciler.desired.state import Loaded
from reconciler.engine import planner
from reconciler.engine.guards.facts import Facts
from reconciler.errors import ReconcilerError
from reconciler.local.login.opening import login_routes
from reconciler.local.node.runtime import NodeHost
from reconciler.local.tenant import EmbeddedTenant, open_tenant
from reconciler.local.wire.faults import Do, Fault, Faults
from reconciler.model.event import Event
from reconciler.model.plan import Plan
from reconciler.model.tenant import Live
from reconciler.npm import node_executable
from reconciler.run.apply import apply
from reconciler.run.hands import Hands
from reconciler.run.keep_going import apply_what_works
from reconciler.run.module_journal import label
from reconciler.run.session import inside
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings, now
from tests.run.attempts import FLOW, at_once
from tests.run.conftest import Home, made_repository

HANDLER = "exports.onExecutePostLogin = async () => {};\n"
BEFORE = {
    "modules/words/module.yaml": "name: words\nsecrets:\n  TONE: {value: kind}\n",
    "modules/words/code.js": "module.exports = { hello: 'hello' };\n",
    "modules/unused/module.yaml": "name: unused\n",
    "modules/unused/code.js": "module.exports = {};\n",
    "actions/greet/code.js": "const { hello } = require('actions:words');\n"
    "exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim(hello, 1); };\n",
    "actions/greet/cases.yaml": "- name: greets\n  expect: {}\n",
}

Kind = Literal["drop-before", "drop-after", "500", "429", "cut for good", "500 for good"]
KINDS: tuple[Kind, ...] = ("drop-before", "drop-after", "500", "429", "cut for good", "500 for good")
"""`for good` means that the request fails as often as it is tried, the others that it fails once."""

_DO: dict[Kind, Do] = {"500": 500, "429": 429, "500 for good": 500, "cut for good": "drop-before"}
_DO |= {"drop-before": "drop-before", "drop-after": "drop-after"}


@dataclass(frozen=True)
class Stage:
    """A prepared tenant, and what git wants of it before and after."""

    place: Workplace
    tenant: Path
    first: Loaded
    second: Loaded


@dataclass(frozen=True)
class Ending:
    """How one apply ended: `as` it began, or desired, else between; how many requests it sent, and its failure."""

    state: Literal["as it began", "as desired", "between"]
    requests: int
    failure: str = ""


def ended_well(kind: Kind, ending: Ending) -> bool:
    """Whether the tenant is not between, and the apply said so. A 429 is no failure: it must have ended as desired."""
    told = "as it began" if ending.failure else "as desired"
    return ending.state == told and not (kind == "429" and ending.failure)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """The repository with two commits, and a tenant to which the first one is applied."""
    home = made_repository(folder / "home")
    for path, text in BEFORE.items():
        home.write(path, text)
    home.change("actions/greet/action.yaml", "secrets:", "modules: {words: 1}\nsecrets:")
    first, second = home.commit("first"), _second(home)
    with open_workplace(Settings(start=home.folder, environ={})) as place:
        loaded = [asyncio.run(checked(place, place.repository.tree(each), "local")) for each in (first, second)]
        made = Stage(place, folder / "tenant", *loaded)
        done = asyncio.run(_played(made, made.tenant, made.first, ()))
        assert done.state == "as it began" and not done.failure, done
        yield made


def ending(made: Stage, kind: Kind | None = None, at: int = 0) -> Ending:
    """How the apply of the second commit ends when the request number `at` (from 1) fails in that way."""
    with _copied(made) as copy:
        return asyncio.run(_played(made, copy, made.second, _faults(kind, at) if kind else ()))


def untold(made: Stage, kind: Kind, at: int) -> set[str]:
    """What is between, or is not as desired and was not told, when the second commit is applied change by change and
    the request number `at` fails in that way."""
    with _copied(made) as copy:
        return asyncio.run(_kept_going(made, copy, _faults(kind, at)))


def _second(home: Home) -> str:
    home.change("modules/words/code.js", "'hello'", "'welcome'")
    home.change("modules/words/module.yaml", "kind", "kinder")
    home.write("modules/fresh/module.yaml", "name: fresh\n")
    home.write("modules/fresh/code.js", "module.exports = {};\n")
    home.git("rm", "-rq", "modules/unused", "actions/guard")
    home.change("actions/greet/action.yaml", "{words: 1}", "{words: 2}")
    home.change("actions/greet/action.yaml", "info", "debug")
    home.write("actions/extra/action.yaml", "name: extra\ntrigger: post-login\nmodules: {fresh: 1}\n")
    home.write("actions/extra/code.js", "require('actions:fresh');\n" + HANDLER)
    home.write("actions/plain/action.yaml", "name: plain\ntrigger: post-login\n")
    home.write("actions/plain/code.js", HANDLER)
    home.change("flows/post-login.yaml", "[guard, greet]", "[extra, greet]")
    return home.commit("second")


def _faults(kind: Kind, at: int) -> tuple[Fault, ...]:
    times = TRIES if kind.endswith("for good") else 1
    return tuple(Fault(route="* /**", call=call, do=_DO[kind], seconds=0) for call in range(at, at + times))


@contextmanager
def _copied(made: Stage) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=made.tenant.parent) as folder:
        yield Path(shutil.copytree(made.tenant, Path(folder) / "tenant"))


async def _played(made: Stage, folder: Path, loaded: Loaded, faults: Sequence[Fault]) -> Ending:
    async with _tenant(made, folder, faults) as (ours, other):
        failure = await _failure(apply(await _plan(loaded, other), _hands(ours, loaded)))
        return Ending(_state(made, await other.read_live([FLOW])), ours.traffic.requests, failure)


async def _kept_going(made: Stage, folder: Path, faults: Sequence[Fault]) -> set[str]:
    async with _tenant(made, folder, faults) as (ours, other):
        plan = await _plan(made.second, other)
        try:
            told = {failure.name for failure in (await apply_what_works(plan, _hands(ours, made.second))).failed}
        except ReconcilerError:
            told = _names(plan)  # before the first write
        there, back = _names(await _plan(made.second, other)), _names(await _plan(made.first, other))
        return (there & back) | (there - told)


async def _plan(loaded: Loaded, gateway: Gateway) -> Plan:
    return planner.plan(loaded.desired, await gateway.read_live([FLOW]), tool="test")


def _names(plan: Plan) -> set[str]:
    """What a plan changes, as failures name it."""
    flows = {f"flow {change.trigger}" for change in plan.flows}
    return {*map(label, plan.modules), *(change.name for change in plan.actions), *flows}


def _state(made: Stage, live: Live) -> Literal["as it began", "as desired", "between"]:
    if planner.plan(made.first.desired, live, tool="test").empty:
        return "as it began"
    return "as desired" if planner.plan(made.second.desired, live, tool="test").empty else "between"


async def _failure(work: Awaitable[object]) -> str:
    try:
        await work
    except ReconcilerError as failed:
        return f"{type(failed).__name__}: {failed.message} {getattr(failed, 'left', '')}"
    return ""


@asynccontextmanager
async def _tenant(made: Stage, folder: Path, faults: Sequence[Fault]) -> AsyncIterator[tuple[Gateway, Gateway]]:
    """The tenant of that folder through two gateways: ours, whose calls may fail, and that of somebody else."""
    install = made.place.npm.install
    async with (
        NodeHost(node_executable()) as host,
        open_tenant(folder, runner=host, install=install, clock=now, logins=login_routes) as tenant,
    ):
        happening = Faults(tenant.app, faults, now)
        front_door = _through_the_front_door(tenant, happening)
        async with (
            GatewayContext(front_door, agent="ours", clock=now, writes=True, sleep=at_once) as ours,
            GatewayContext(inside(tenant), agent="other", clock=now) as other,
        ):
            yield ours, other
        await happening.aclose()


def _through_the_front_door(tenant: EmbeddedTenant, app: Faults) -> Endpoint:
    """The way in of a client that has to ask for its token."""
    credentials = Credentials(client_id=tenant.client_id, client_secret=tenant.client_secret)
    return replace(inside(tenant), credentials=credentials, transport=httpx.ASGITransport(app=app))


def _hands(gateway: Gateway, loaded: Loaded) -> Hands:
    async def no_cases(names: Sequence[str]) -> None:
        """The cases have tests of their own."""

    async def no_reason(action_id: str) -> str:
        return ""

    def replan(live: Live) -> Plan:
        return planner.plan(loaded.desired, live, tool="test")

    def heard(event: Event) -> None:
        """Progress has tests of its own."""

    def reveal(name: str, secret: str) -> str:
        return loaded.vault.value(name, secret).reveal()

    facts = Facts(allowed=dict.fromkeys(("bound-delete", "many-deletes"), "these are tests of what comes after"))
    return Hands(gateway, reveal, no_cases, replan, heard, no_reason, facts, patience=5, settle=0)


def main() -> None:
    """Runs all of it and prints the figures."""
    began, runs, between = time.monotonic(), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as made:
        whole = ending(made)
        for kind in KINDS:
            for at in range(1, whole.requests + 1):
                done = ending(made, kind, at)
                runs[f"{kind}: {done.state}"] += 1
                if not ended_well(kind, done):
                    between += 1
                    print(f"{kind} at request {at}: {done}")
                runs[f"{kind}, keeping going"] += 1
                if found := untold(made, kind, at):
                    between += 1
                    print(f"{kind} at request {at}, keeping going: {sorted(found)}")
    print(
        f"{whole.requests} requests, {sum(runs.values())} runs, {time.monotonic() - began:.0f} s; not well: {between}"
    )
    for what, count in sorted(runs.items()):
        print(f"  {count:4} {what}")


if __name__ == "__main__":
    main()
