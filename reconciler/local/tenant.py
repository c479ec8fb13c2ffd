"""The embedded tenant: opened, used, closed."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from starlette.routing import Route
from starlette.types import ASGIApp

from reconciler.catalogue.limits import RatePlan
from reconciler.errors import TenantError, Usage
from reconciler.local.flow.firing import Firing, Heed
from reconciler.local.flow.suspensions import Waiting
from reconciler.local.keys import CLIENT, LOGIN_KEY, SECRETS_KEY, SIGNING_KEY, Keys, load_keys
from reconciler.local.means import Means, ModulesMode
from reconciler.local.node.job import Install, Runner
from reconciler.local.registered import Registered
from reconciler.local.stamp import Stamps
from reconciler.local.state.builder import Builder
from reconciler.local.state.store import DATABASE, Store, opened_store
from reconciler.local.state.tenant_log import Entry, drop_old_entries, write_entry
from reconciler.local.trigger_table import TriggerTable, current_table
from reconciler.local.wire.action_operations import ActionOperations
from reconciler.local.wire.api import management_api
from reconciler.local.wire.client_operations import ClientOperations
from reconciler.local.wire.faults import Fault, Faults
from reconciler.local.wire.module_operations import ModuleOperations
from reconciler.local.wire.other_operations import OtherOperations
from reconciler.local.wire.rate import Log, RateLimited
from reconciler.local.wire.tokens import SCOPES, Tokens
from reconciler.model.execution import FlowRun

TENANT_FILE = "tenant.json"
SERVED_LOCK = "served.lock"
CERTIFICATES = "tls"
_OWN = (
    DATABASE,
    f"{DATABASE}-wal",
    f"{DATABASE}-shm",
    SECRETS_KEY,
    SIGNING_KEY,
    CLIENT,
    LOGIN_KEY,
    TENANT_FILE,
    SERVED_LOCK,
    CERTIFICATES,
)
_KEY_CHECK = "key_check"


class OpenLogins(Protocol):
    """Gives the routes of logins, and of the tokens that applications ask for: `login.opening.login_routes`.

    It is handed in, since it is needed where a tenant is served only, and its libraries take a tenth of a second to
    load.
    """

    async def __call__(
        self,
        directory: Path,
        registered: Registered | None,
        *,
        store: Store,
        firing: Firing,
        means: Means,
        tokens: Tokens,
        clock: Callable[[], datetime],
    ) -> Sequence[Route]: ...


@dataclass(frozen=True)
class EmbeddedTenant:
    """An open tenant. `app` speaks the Management API; `means` and `store` are for what is not on the wire."""

    directory: Path
    app: Faults
    client_id: str
    store: Store
    means: Means
    _firing: Firing
    _tokens: Tokens

    @property
    def client_secret(self) -> str:
        """The secret of the tenant's one client."""
        return self.means.keys.client_secret

    def management_token(self, audience: str) -> str:
        """A token of the tenant's one client for the Management API at that audience: what `/oauth/token` gives, for
        whoever has the tenant in hand and need not prove who they are."""
        return self._tokens.issued(audience, SCOPES, self.client_id)

    async def fire(
        self,
        trigger: str,
        event: Mapping[str, Any],
        *,
        handler: str = "",
        action: str = "",
        heed: Heed | None = None,
    ) -> FlowRun:
        """Fires a trigger with that whole event (without secrets), and gives what came of it.

        The bound actions run in order, each as deployed, with the secrets and packages of its version. One that threw,
        denied or sent the user elsewhere is the last. All together have 20 seconds (limits.md). What happened is kept
        as an execution record and in the tenant log; no record where nothing was bound, no log entry of the flow where
        the platform documents no code for its end. `handler` is another handler of the trigger than its first. An
        entity-bound trigger runs its single deployed action, or the one named by `action`. `heed` hears at the end of
        the flow, not where it is suspended, what its actions asked for, secret values as they are.

        Usage for a trigger or handler that is not known; TenantError where no or several actions fit, or the database
        cannot be used; RuntimeProblem where the Node host cannot work.
        """
        return await self._firing.fire(trigger, event, handler=handler, action=action, heed=heed)

    async def resume(self, state: str, overlay: Mapping[str, Any], *, heed: Heed | None = None) -> FlowRun:
        """Lets a suspended flow go on, now that its user is back, and gives what came of it.

        Its event is the one it was left with, `request` made anew with the state in its query, and the overlay laid
        over it. After a redirect or a form the continue handler of the action that asked runs, if it has one; after a
        factor, which is among the methods then, the next action. Effects add up over both halves; `executions` are
        those of this half, and the record under the same id holds all. A state works once, for an hour.

        Usage for a state under which no flow waits; TenantError where a version that the flow began with is gone.
        """
        return await self._firing.resume(state, overlay, heed=heed)

    async def waiting(self) -> tuple[Waiting, ...]:
        """The flows that wait for a user, the newest first."""
        return await self._firing.waiting()


@asynccontextmanager
async def open_tenant(
    directory: Path,
    *,
    runner: Runner,
    install: Install,
    clock: Callable[[], datetime],
    entropy: Callable[[int], bytes] = secrets.token_bytes,
    table: TriggerTable | None = None,
    modules: ModulesMode = "on",
    rate: RatePlan | None = None,
    faults: Sequence[Fault] = (),
    registered: Registered | None = None,
    logins: OpenLogins | None = None,
) -> AsyncIterator[EmbeddedTenant]:
    """The tenant whose state is that directory, made where there is none.

    `runner` runs the code and `install` gives packages; both stay the caller's. `clock` gives aware datetimes,
    `entropy` random bytes, `table` the triggers of a tenant of another year, `modules` says whether it has modules,
    or had them early. `rate` limits the Management API as that plan does, None as none; `faults` happen to its calls.
    `logins` opens the logins of the users and applications that are `registered`; without it there is no
    `/oauth/token`, and `management_token` is the way in. Builds that a killed process left are started again. Several
    processes may have one directory open at once, each with rates and faults of its own. TenantError where the
    directory, the keys or the database cannot be used; nothing is half made then.
    """
    _make_directory(directory)
    keys = load_keys(directory, entropy)
    stamps = Stamps(clock, entropy)
    store = opened_store(directory, stamps.now, keys)
    means = Means(keys, stamps, table or current_table(), entropy, modules)
    builder = Builder(store, install, means)
    app: Faults | None = None
    try:
        await store.write(lambda connection: _check_key(connection, keys))
        await store.write(drop_old_entries)
        await builder.resume()
        operations = [
            *ActionOperations(store, builder, runner, install).operations(),
            *OtherOperations(store).operations(),
            *ModuleOperations(store, builder).operations(modules),
            *ClientOperations(keys.client_id, registered.clients if registered else ()).operations(),
        ]
        firing, tokens = Firing(store, runner, install, means), Tokens(keys, clock)
        doors: Sequence[Route] = ()
        if logins is not None:
            doors = await logins(
                directory, registered, store=store, firing=firing, means=means, tokens=tokens, clock=clock
            )
        api: ASGIApp = management_api(operations, tokens, means, store, doors)
        if rate is not None:
            api = RateLimited(api, rate, clock, _log(store, means))
        app = Faults(api, faults, clock)  # outermost: what goes wrong on the way is none of the tenant's
        yield EmbeddedTenant(directory, app, keys.client_id, store, means, firing, tokens)
    finally:
        if app is not None:
            await app.aclose()
        await builder.aclose()
        store.close()


def reset(directory: Path) -> None:
    """Deletes the state of the tenant in that directory: its own files only, and the directory where nothing else is in
    it.

    Usage where there is no tenant in it.
    """
    if not (directory / DATABASE).is_file():
        raise Usage(f"{directory} is not the directory of an embedded tenant.", "Name the directory that holds one.")
    try:
        for name in _OWN:
            path = directory / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        if not any(directory.iterdir()):
            directory.rmdir()
    except OSError as error:
        raise TenantError(
            f"The embedded tenant in {directory} cannot be deleted: {error.strerror}.", "Delete the directory by hand."
        ) from None


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise TenantError(
            f"The directory {directory} cannot be made: {error.strerror}.", "Name a directory that you may write."
        ) from None


def _log(store: Store, means: Means) -> Log:
    async def keep(entry: Entry) -> None:
        await store.write(lambda connection: write_entry(connection, entry, means))

    return keep


def _check_key(connection: sqlite3.Connection, keys: Keys) -> None:
    """TenantError where the database was sealed with another key: better now than at the first login."""
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (_KEY_CHECK,)).fetchone()
    if row is None:
        connection.execute("INSERT INTO facts VALUES (?, ?)", (_KEY_CHECK, keys.sealed(_KEY_CHECK)))
    else:
        keys.opened(row[0])
