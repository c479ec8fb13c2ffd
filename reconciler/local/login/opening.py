"""The logins of a tenant, opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.routing import Route

from reconciler.local.flow.firing import Firing
from reconciler.local.login.application_routes import ApplicationRoutes
from reconciler.local.login.browser_routes import BrowserRoutes
from reconciler.local.login.clients import known_clients
from reconciler.local.login.desk import Desk
from reconciler.local.login.events import Events
from reconciler.local.login.grants import drop_what_is_over
from reconciler.local.login.oauth import OAuthServer
from reconciler.local.login.signing import Signer
from reconciler.local.login.users import declare_users
from reconciler.local.means import Means
from reconciler.local.registered import Registered
from reconciler.local.state.store import Store
from reconciler.local.wire.tokens import Tokens


async def login_routes(
    directory: Path,
    registered: Registered | None,
    *,
    store: Store,
    firing: Firing,
    means: Means,
    tokens: Tokens,
    clock: Callable[[], datetime],
) -> list[Route]:
    """The routes of logins, after the users of the tenant file were made those of the database; None leaves them as
    they are and knows no application. TenantError where a client's key cannot be read."""
    await store.write(lambda connection: drop_what_is_over(connection, means.stamps.next()))
    if registered is not None:
        declared = registered
        await store.write(lambda connection: declare_users(connection, declared, means))
    clients = known_clients(registered or Registered(), means.keys)
    desk = Desk(store, firing, means, OAuthServer(clients), Signer(directory, clock), Events(directory.name))
    return [*ApplicationRoutes(desk, tokens).routes(), *BrowserRoutes(desk, directory.name).routes()]
