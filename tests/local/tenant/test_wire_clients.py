from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.local.registered import LoginClient, Registered
from reconciler.local.tenant import open_tenant
from tests.local.tenant.opened import BASE, Clock, Scripted, no_packages, opened

CLIENTS = "/api/v2/clients"
pytestmark = pytest.mark.anyio


async def test_any_token_may_list_the_applications_and_sees_what_needs_no_scope(tmp_path: Path) -> None:
    async with opened(tmp_path, scope="read:logs") as session:
        every, own = await session.answer("GET", CLIENTS)
        assert (every["name"], len(every["client_id"])) == ("All Applications", 32)
        assert own == {
            "name": "Management API client",
            "client_id": session.tenant.client_id,
            "app_type": "non_interactive",
        }
        paged = await session.answer("GET", CLIENTS, include_totals="true", per_page=1, page=1)
        assert paged == {"total": 2, "start": 1, "limit": 1, "clients": [own]}
        session.client.headers.pop("Authorization")
        assert (await session.send("GET", CLIENTS)).status_code == 401


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            {"fields": "name", "is_global": "false"},
            [{"name": "Management API client"}, {"name": "Shop"}, {"name": "mobile"}],
        ),
        ({"app_type": "spa,regular_web", "fields": "app_type"}, [{"app_type": "regular_web"}, {"app_type": "spa"}]),
        ({"page": 1, "per_page": 3}, [{"name": "mobile", "client_id": "mobile", "app_type": "spa"}]),
        (
            {"app_type": "spa", "fields": "app_type", "include_fields": "false"},
            [{"name": "mobile", "client_id": "mobile"}],
        ),
        ({"is_global": "true", "fields": "name"}, [{"name": "All Applications"}]),
        ({"is_first_party": "false"}, []),
        ({"external_client_id": f"{BASE}/client.json"}, []),
    ],
)
async def test_the_applications_of_the_tenant_file_are_filtered_and_paged(
    tmp_path: Path, query: dict[str, Any], found: list[dict[str, str]]
) -> None:
    registered = Registered(clients=(LoginClient("web", "Shop", client_secret="s"), LoginClient("mobile")))
    async with (
        open_tenant(tmp_path, runner=Scripted(), install=no_packages, clock=Clock(), registered=registered) as tenant,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=tenant.app), base_url=BASE) as client,
    ):
        token = tenant.management_token(f"{BASE}/api/v2/")
        answer = await client.get(CLIENTS, params=query, headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == found


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "roles?page=0", "read:roles"),
        ("GET", "tenants/settings", "read:tenant_settings"),
        ("PATCH", "clients/abc", "update:clients"),
        ("POST", "connections", "create:connections"),
        ("PUT", "guardian/factors/otp", "update:guardian_factors"),
        ("DELETE", "users/abc", "delete:users"),
    ],
)
async def test_every_other_resource_is_refused_for_want_of_its_scope(
    tmp_path: Path, method: str, path: str, scope: str
) -> None:
    async with opened(tmp_path) as session:
        refused = await session.send(method, f"/api/v2/{path}")
        assert (refused.status_code, refused.json()["errorCode"]) == (403, "insufficient_scope")
        assert refused.json()["message"] == f"Insufficient scope, expected any of: {scope}"
        session.client.headers.pop("Authorization")
        assert (await session.send(method, f"/api/v2/{path}")).status_code == 401


@pytest.mark.parametrize(("method", "path"), [("GET", "nothing"), ("PUT", "actions/actions"), ("GET", "actions/x/y")])
async def test_what_the_platform_does_not_have_is_not_found(tmp_path: Path, method: str, path: str) -> None:
    async with opened(tmp_path) as session:
        answer = await session.send(method, f"/api/v2/{path}")
        assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")
