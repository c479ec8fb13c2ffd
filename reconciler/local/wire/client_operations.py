"""`GET /api/v2/clients`: the applications of the tenant, as far as a token without scopes for them may see them.

`auth0-deploy-cli` asks for them before every dry run, whatever it is restricted to. The platform gives `client_id`,
`name`, `app_type` and `description` to any token, and more for scopes (`read:clients`) that this tenant does not have
(the SDKs' text of the operation). Applications cannot be made or changed here: they stand in the tenant file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.local.registered import CLIENT_CREDENTIALS, LoginClient
from reconciler.local.wire import shapes
from reconciler.local.wire.call import Answer, Call, Operation

CLIENTS_PER_PAGE = 50


class ClientOperations:
    """The tenant's own client of the Management API, and the applications of its file."""

    def __init__(self, client_id: str, applications: Sequence[LoginClient] = ()) -> None:
        own = LoginClient(client_id, "Management API client", grant_types=(CLIENT_CREDENTIALS,))
        self._clients = [_client_object(each) for each in (own, *applications)]

    def operations(self) -> list[Operation]:
        return [Operation("GET", "/api/v2/clients", "Get clients", (), self._list, shapes.LIST_CLIENTS)]

    async def _list(self, call: Call) -> Answer:
        """A bare list, or with `include_totals` an object {total, start, limit, clients}."""
        query = call.query
        page, per_page = query.get("page", 0), query.get("per_page") or CLIENTS_PER_PAGE
        wanted = [each for each in self._clients if _wanted(each, query)]
        start = page * per_page
        shown = [_chosen_fields(each, query) for each in wanted[start : start + per_page]]
        if not query.get("include_totals"):
            return Answer(200, shown)
        return Answer(200, {"total": len(wanted), "start": start, "limit": per_page, "clients": shown})


def _client_object(client: LoginClient) -> dict[str, Any]:
    """The type is the one the dashboard gives to an application with those grants: the tenant file names none."""
    if client.grant_types == (CLIENT_CREDENTIALS,):
        kind = "non_interactive"
    else:
        kind = "regular_web" if client.client_secret or client.public_key else "spa"
    return {"name": client.name or client.client_id, "client_id": client.client_id, "app_type": kind}


def _wanted(client: dict[str, Any], query: Any) -> bool:
    """Every application here is first-party, and none the global one."""
    return (
        client["app_type"] in query.get("app_type", client["app_type"]).split(",")
        and query.get("is_first_party", True)
        and not query.get("is_global", False)
        and "external_client_id" not in query
    )


def _chosen_fields(client: dict[str, Any], query: Any) -> dict[str, Any]:
    if not query.get("fields"):
        return client
    named = {name.strip() for name in query["fields"].split(",")}
    return {key: value for key, value in client.items() if (key in named) == query.get("include_fields", True)}
