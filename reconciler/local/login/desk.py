"""What every step of a login works with, and the entries that logins leave in the tenant log."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from authlib.oauth2 import OAuth2Error

from reconciler.local.flow.firing import Firing
from reconciler.local.login.caller import Caller
from reconciler.local.login.clients import Client
from reconciler.local.login.events import Events
from reconciler.local.login.oauth import OAuthServer
from reconciler.local.login.oauth_request import OAuthRequest
from reconciler.local.login.signing import Signer
from reconciler.local.login.users import CONNECTION, User
from reconciler.local.means import Means
from reconciler.local.state.store import Store
from reconciler.local.state.tenant_log import Entry, write_entry

T = TypeVar("T")

LONGEST_TEXT = 512
"""Characters that an entry of the log keeps of what somebody sent, who need not be known."""


@dataclass(frozen=True)
class Desk:
    """The parts of the tenant that a login needs."""

    store: Store
    firing: Firing
    means: Means
    server: OAuthServer
    signer: Signer
    events: Events

    def now(self) -> int:
        """This instant, in nanoseconds."""
        return self.means.stamps.next()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await self.store.read(work)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await self.store.write(work)

    def asked(
        self,
        connection: sqlite3.Connection,
        caller: Caller,
        pairs: Sequence[tuple[str, str]],
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> OAuthRequest:
        """A request of an application as it is checked: in that transaction, now."""
        return OAuthRequest(method, pairs, connection=connection, issuer=caller.issuer, now=self.now(), headers=headers)

    async def log(
        self,
        code: str,
        description: str,
        caller: Caller,
        *,
        client: Client | None = None,
        user: User | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Writes an entry of what happened outside a flow; flows write their own."""
        said = description[:LONGEST_TEXT]
        details = {"error": {"message": said}} if code.startswith("f") else {}
        known = {**about(caller, client, user), **(more or {})}
        entry = Entry(code, said, details, {name: str(value)[:LONGEST_TEXT] for name, value in known.items()})
        await self.write(lambda connection: write_entry(connection, entry, self.means))


def about(caller: Caller, client: Client | None, user: User | None) -> dict[str, Any]:
    """The fields of a log entry that say whom it is about."""
    found: dict[str, Any] = {"ip": caller.ip, "hostname": caller.hostname, "user_agent": caller.user_agent}
    if client:
        found |= {"client_id": client.client_id, "client_name": client.name}
    if user:
        found |= {
            "user_id": user.user_id,
            "user_name": user.email,
            "connection": CONNECTION["name"],
            "connection_id": CONNECTION["id"],
            "strategy": CONNECTION["strategy"],
            "strategy_type": "database",
        }
    return found


def oauth_error(refusal: OAuth2Error) -> tuple[str, str]:
    """The code and the description of a refusal."""
    return str(refusal.error), str(refusal.get_error_description() or refusal.error)
