"""`GET /api/v2/clients`: the applications of the tenant, as far as a token without scopes for them may see them.

`auth0-deploy-cli` asks for them before every dry run, whatever it is restricted to. The platform gives `client_id`,
`name`, `app_type` and `description` to any token, and more for scopes (`read:clients`) that this tenant does not have
(the SDKs' text of the operation). Applications cannot be made or changed here: they stand in the tenant file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.local.registered import CLIENT_CREDENTIALS, LoginClient
from reconciler.local.state.chosen_fields import chosen_fields
from reconciler.local.wire import shapes
from reconciler.local.wire.call import Answer, Call, Operation

CLIENTS_PER_PAGE = 50


class ClientOperations:
    """The global client, which every tenant has and some clients look for; the tenant's own client of the Management
    API; and the applications of its file."""

    def __init__(self, client_id: str, applications: Sequence[LoginClient] = ()) -> None:
        own = LoginClient(client_id, "Management API client", grant_types=(CLIENT_CREDENTIALS,))
        self._global = {"name": "All Applications", "client_id": client_id[::-1]}
        self._clients = [self._global, *(_client_object(each) for each in (own, *applications))]

    def operations(self) -> list[Operation]:
        return [Operation("GET", "/api/v2/clients", "Get clients", (), self._list, shapes.LIST_CLIENTS)]

    async def _list(self, call: Call) -> Answer:
        """A bare list, or with `include_totals` an object {total, start, limit, clients}."""
        query = call.query
        page, per_page = query.get("page", 0), query.get("per_page") or CLIENTS_PER_PAGE
        wanted = [each for each in self._clients if self._wanted(each, query)]
        start = page * per_page
        shown = [chosen_fields(each, query) for each in wanted[start : start + per_page]]
        if not query.get("include_totals"):
            return Answer(200, shown)
        return Answer(200, {"total": len(wanted), "start": start, "limit": per_page, "clients": shown})

    def _wanted(self, client: Mapping[str, str], query: Mapping[str, Any]) -> bool:
        """Every application here is first-party; the global one stands for all and has no type."""
        types = query.get("app_type", "").split(",")
        return (
            query.get("is_global", client is self._global) == (client is self._global)
            and (types == [""] or client.get("app_type") in types)
            and query.get("is_first_party", True)
            and "external_client_id" not in query
        )


def _client_object(client: LoginClient) -> dict[str, str]:
    """The type is the one the dashboard gives to an application with those grants: the tenant file names none."""
    if client.grant_types == (CLIENT_CREDENTIALS,):
        kind = "non_interactive"
    else:
        kind = "regular_web" if client.client_secret or client.public_key else "spa"
    return {"name": client.name or client.client_id, "client_id": client.client_id, "app_type": kind}
