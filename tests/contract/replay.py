"""Replays every recording against a fresh embedded tenant, and counts what matches. Run it: `python -m
tests.contract.replay`.

Each recording gets a tenant of its own in a temporary directory, in process, with the state that the recorded tenant
had before (see seeding.py). Each recorded request is sent in order with its ids replaced by the tenant's. Builds are
held back until the recording shows that one ended. A call that met the rate limit of a recorded tenant meets a fault
that answers so. Packages come from a stand-in, so that no network is needed: a function that gives an empty folder, or
raises PackageError for the one version in the recordings that never existed (crypto 17.7.1). No code is run: the runner
is a stand-in that throws, as the one recorded test did.

Interactions that cannot be replayed are not sent and counted by class; a difference that the recording itself explains
is counted by class too. Whatever is left is unexplained, and fails the test.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from reconciler.errors import PackageError
from reconciler.local.login.opening import login_routes
from reconciler.local.node.job import Job
from reconciler.local.state.builder import unfinished_builds
from reconciler.local.state.rows import delete_action, find_action, unbuilt_actions
from reconciler.local.tenant import EmbeddedTenant, open_tenant
from reconciler.local.trigger_table import current_table
from reconciler.local.wire.wire_objects import trigger_list
from reconciler.model.execution import Execution, Thrown
from tests.contract.comparing import Difference, Names, differences
from tests.contract.recorded import TRIGGERS, Interaction, Recording, recordings
from tests.contract.seeding import day_after, modules_mode, rate_faults, seed_logs, seed_state, year_table

NEVER_EXISTED = {("crypto", "17.7.1")}
BASE = "https://tenant.test"
_ENDED = {"built", "failed"}

TEST_SERVER = "a token of a client's test server, not of a tenant"
TRIGGERS_OF_YEAR = "list of triggers of a tenant of another year"
CLIENT_SCOPES = "scopes and token fields of that tenant's client"
SIDE_BY_SIDE = "which of two versions deployed side by side was built first"
TEST_RUN = "a test run: the replay runs no code"


@dataclass
class Tally:
    """What came of a replay. `replayed` = sent; each of `status`, `keys`, `values` counts the interactions that
    match."""

    interactions: int = 0
    replayed: int = 0
    status: int = 0
    keys: int = 0
    values: int = 0
    seeded: int = 0
    other_years: int = 0
    outside: int = 0
    not_replayed: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


class Clock:
    """A clock that ticks a tenth of a second whenever it is looked at."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        self._now += timedelta(milliseconds=100)
        return self._now


class Packages:
    """Stands in for npm: holds every install back until the gate is open."""

    def __init__(self, folder: Path) -> None:
        self.gate = asyncio.Event()
        self._folder = folder

    async def install(self, wanted: Mapping[str, str]) -> Path:
        await self.gate.wait()
        missing = NEVER_EXISTED & set(wanted.items())
        if missing:
            raise PackageError(f"There is no version {next(iter(missing))[1]} of {next(iter(missing))[0]}.")
        return self._folder


class Thrower:
    """Stands in for Node: throws what the recorded test run threw."""

    async def run(self, job: Job) -> Execution:
        message = "Cannot read properties of undefined (reading 'id')"
        thrown = Thrown(name="TypeError", message=message, stack="TypeError")
        return Execution(action=job.action, handler=job.handler, error=thrown)


async def replayed(everything: list[Recording]) -> Tally:
    """The tally over those recordings."""
    tally = Tally()
    for recording in everything:
        await _replay(recording, tally)
    return tally


async def _replay(recording: Recording, tally: Tally) -> None:
    table = year_table(recording)
    tally.other_years += table.versions != current_table().versions
    with tempfile.TemporaryDirectory() as folder:
        packages = Packages(Path(folder))
        directory = Path(folder) / "tenant"
        async with open_tenant(
            directory,
            runner=Thrower(),
            install=packages.install,
            clock=Clock(day_after(recording)),
            table=table,
            modules=modules_mode(recording),
            faults=tuple(rate_faults(recording)),
            logins=login_routes,
        ) as tenant:
            keys = tenant.means.keys
            tally.seeded += await tenant.store.write(lambda connection: seed_state(connection, recording, keys))
            transport = httpx.ASGITransport(app=tenant.app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                await _authorize(client, tenant)
                await _Player(recording, tenant, client, packages, tally).play()


async def _authorize(client: httpx.AsyncClient, tenant: EmbeddedTenant) -> None:
    answer = await client.post("/oauth/token", data=_credentials(tenant))
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def _credentials(tenant: EmbeddedTenant) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": tenant.client_id,
        "client_secret": tenant.client_secret,
        "audience": f"{BASE}/api/v2/",
    }


class _Player:
    """Plays one recording on one tenant."""

    def __init__(
        self,
        recording: Recording,
        tenant: EmbeddedTenant,
        client: httpx.AsyncClient,
        packages: Packages,
        tally: Tally,
    ) -> None:
        self._recording = recording
        self._tenant = tenant
        self._client = client
        self._packages = packages
        self._tally = tally
        self._names = Names()

    async def play(self) -> None:
        for interaction in self._recording.interactions:
            self._tally.interactions += 1
            reason = _not_replayable(interaction, self._recording.name)
            if reason:
                self._tally.not_replayed[reason] += 1
                continue
            await self._prepare(interaction)
            self._count(interaction, await self._send(interaction))

    async def _prepare(self, interaction: Interaction) -> None:
        """Brings the tenant to where the recorded one was: builds ended, log entries there, an action gone that another
        resource took with it."""
        if _shows_end(interaction):
            self._packages.gate.set()
            while await self._tenant.store.read(unfinished_builds):
                await asyncio.sleep(0.001)
            self._packages.gate.clear()
        while await self._tenant.store.read(_begun) is False:
            await asyncio.sleep(0.001)
        if interaction.path == "/api/v2/logs":
            await self._tenant.store.write(lambda connection: seed_logs(connection, interaction))
        gone = self._names.ids.get(interaction.action_id)
        if interaction.status == 404 and gone is not None:
            self._tally.outside += await self._tenant.store.write(lambda connection: _removed(connection, gone))

    async def _send(self, interaction: Interaction) -> httpx.Response:
        path = self._names.here(interaction.path)
        if interaction.path == "/oauth/token":
            return await self._client.post(path, json=_credentials(self._tenant))
        body = interaction.request
        content = None if body is None else self._names.here(json.dumps(body))
        return await self._client.request(
            interaction.method,
            path,
            params=dict(interaction.query),
            content=content,
            headers={"Content-Type": "application/json"} if content else {},
        )

    def _count(self, interaction: Interaction, response: httpx.Response) -> None:
        tally = self._tally
        tally.replayed += 1
        found = list(self._differences(interaction, response))
        kinds = {difference.kind for difference in found}
        tally.status += "status" not in kinds
        tally.keys += not kinds & {"status", "keys"}
        tally.values += not kinds
        reasons = {_explanation(interaction, difference) for difference in found}
        for reason in reasons - {""}:
            tally.explained[reason] += 1
        for difference in found:
            if not _explanation(interaction, difference):
                where = f"{self._recording.name} #{interaction.number} {interaction.method} {interaction.path}"
                tally.unexplained.append(f"{where}: {difference}")

    def _differences(self, interaction: Interaction, response: httpx.Response) -> Iterator[Difference]:
        actual = response.json() if response.content else None
        if interaction.path == TRIGGERS:
            actual = trigger_list(current_table())  # not the table that was read off the recording
        if response.status_code != interaction.status:
            yield Difference("status", "", interaction.status, (response.status_code, actual))
            return
        yield from differences(interaction.answer, actual, self._names)


def _begun(connection: sqlite3.Connection) -> bool:
    """Whether no build is still to begin: the recordings show `pending` in answers to writes only."""
    return all(row.status != "pending" for row in unbuilt_actions(connection))


def _removed(connection: sqlite3.Connection, action_id: str) -> bool:
    there = find_action(connection, action_id) is not None
    delete_action(connection, action_id)
    return there


def _not_replayable(interaction: Interaction, name: str) -> str:
    if interaction.path == "/oauth/token" and name.startswith("go__authentication"):
        return TEST_SERVER
    return ""


def _shows_end(interaction: Interaction) -> bool:
    """Whether the answer shows drafts of which the build has ended, and none that is on."""
    if interaction.method == "POST":
        return interaction.path.endswith(("/deploy", "/test"))
    if interaction.method != "GET" or not isinstance(interaction.answer, dict):
        return False
    shown = interaction.answer.get("actions") or [interaction.answer]
    return bool({each.get("status") for each in shown} & _ENDED)


def _explanation(interaction: Interaction, difference: Difference) -> str:
    """Why that difference is none of ours, or nothing."""
    if interaction.path == TRIGGERS:
        return TRIGGERS_OF_YEAR
    if interaction.path == "/oauth/token" and difference.place in ("", "scope"):
        return CLIENT_SCOPES
    if interaction.path.endswith("/test") and difference.place.startswith("payload"):
        return TEST_RUN
    if difference.place.endswith(("current_version.build_time", "current_version.updated_at")):
        return SIDE_BY_SIDE
    return ""


def table_text(tally: Tally) -> str:
    """The tally for people."""
    lines = [
        f"interactions                       {tally.interactions:5}",
        f"replayed                           {tally.replayed:5}",
        f"  same status                      {tally.status:5}",
        f"  same keys in the same order      {tally.keys:5}",
        f"  same values                      {tally.values:5}",
        f"  differing, unexplained           {len(tally.unexplained):5}",
        f"seeded actions and bindings        {tally.seeded:5}",
        f"actions removed from outside       {tally.outside:5}",
        f"recordings with another year's trigger table {tally.other_years:5}",
        "not replayed:",
        *(f"  {count:5}  {reason}" for reason, count in sorted(tally.not_replayed.items())),
        "differing, explained:",
        *(f"  {count:5}  {reason}" for reason, count in sorted(tally.explained.items())),
    ]
    return "\n".join([*lines, *(f"UNEXPLAINED {each}" for each in tally.unexplained)])


if __name__ == "__main__":
    result = asyncio.run(replayed(recordings()))
    print(table_text(result))
    sys.exit(1 if result.unexplained else 0)
