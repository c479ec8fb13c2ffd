from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from joserfc import jws, jwt
from joserfc.jwk import OctKey

from tests.local.tenant.opened import ACTIONS, BASE, FLOW, LOGS, Clock, credentials, opened

pytestmark = pytest.mark.anyio


async def test_a_token_comes_for_json_and_for_a_form(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        fields = credentials(session.tenant)
        by_json = await session.client.post("/oauth/token", json=fields)
        by_form = await session.client.post(
            "/oauth/token",
            content=urlencode(fields),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        for response in (by_json, by_form):
            assert response.status_code == 200
            body = response.json()
            assert list(body) == ["access_token", "scope", "expires_in", "token_type"]
            assert (body["expires_in"], body["token_type"]) == (86_400, "Bearer")
        claims = json.loads(jws.extract_compact(by_json.json()["access_token"].encode()).payload)
        assert claims["aud"] == f"{BASE}/api/v2/"
        assert claims["exp"] - claims["iat"] == 86_400
        assert claims["scope"].split()[0] == "read:actions"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"grant_type": "wishful_thinking"}, 400, "unsupported_grant_type"),
        ({"audience": "https://elsewhere.test/"}, 403, "access_denied"),
    ],
)
async def test_a_bad_token_request_is_refused_the_oauth_way(
    tmp_path: Path, change: dict[str, str], status: int, error: str
) -> None:
    async with opened(tmp_path) as session:
        response = await session.client.post("/oauth/token", json=credentials(session.tenant) | change)
        assert response.status_code == status
        assert response.json()["error"] == error
        assert set(response.json()) == {"error", "error_description"}
        assert session.tenant.client_secret not in response.text


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"grant_type": 1}', "grant_type=", b"\xff"])
async def test_a_token_request_that_cannot_be_read_is_refused(tmp_path: Path, content: str | bytes) -> None:
    async with opened(tmp_path) as session:
        headers = {"Content-Type": "application/json"}
        response = await session.client.post("/oauth/token", content=content, headers=headers)
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


async def test_a_call_needs_a_token_that_is_ours_and_not_expired(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, clock=clock) as session:
        good = session.client.headers["Authorization"]
        header, payload, _ = good.split(".")
        claims = {"exp": 2**32, "azp": "x", "scope": "read:actions"}
        foreign = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("k" * 32))
        cases = {
            "": (401, "Missing authentication"),
            "Bearer nonsense": (401, "Invalid token"),
            f"{header}.{payload}.AAAA": (401, "Invalid signature received for JSON Web Token validation"),
            f"Bearer {foreign}": (401, "Invalid signature received for JSON Web Token validation"),
            "nonsense": (400, "Bad HTTP authentication header format"),
        }
        for value, (status, message) in cases.items():
            response = await session.client.get(ACTIONS, headers={"Authorization": value})
            assert (response.status_code, response.json()["message"]) == (status, message)
        clock.now += timedelta(hours=25)
        expired = await session.send("GET", ACTIONS)
        message = "Expired token received for JSON Web Token validation"
        assert expired.json() == {
            "statusCode": 401,
            "error": "Unauthorized",
            "message": message,
            "attributes": {"error": message},
        }
        assert "www-authenticate" in expired.headers


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        ("GET", ACTIONS, "read:actions"),
        ("POST", ACTIONS, "create:actions"),
        ("PATCH", f"{ACTIONS}/x", "update:actions"),
        ("DELETE", f"{ACTIONS}/x", "delete:actions"),
        ("POST", f"{ACTIONS}/x/deploy", "create:actions"),
        ("POST", f"{ACTIONS}/x/test", "create:actions"),
        ("GET", f"{ACTIONS}/x/versions", "read:actions"),
        ("POST", f"{ACTIONS}/x/versions/y/deploy", "create:actions"),
        ("PATCH", FLOW, "update:actions"),
        ("GET", FLOW, "read:actions"),
        ("GET", "/api/v2/actions/triggers", "read:actions"),
        ("GET", "/api/v2/actions/executions/x", "read:actions"),
        ("GET", LOGS, "read:logs, read:logs_users"),
        ("GET", f"{LOGS}/x", "read:logs, read:logs_users"),
    ],
)
async def test_a_missing_scope_is_named(tmp_path: Path, method: str, path: str, scopes: str) -> None:
    async with opened(tmp_path, scope="nothing:here") as session:
        response = await session.send(method, path)
        assert response.status_code == 403
        assert response.json() == {
            "statusCode": 403,
            "error": "Forbidden",
            "message": f"Insufficient scope, expected any of: {scopes}",
            "errorCode": "insufficient_scope",
        }


async def test_a_token_for_fewer_scopes_does_only_those(tmp_path: Path) -> None:
    async with opened(tmp_path, scope="read:actions read:logs_users") as session:
        assert (await session.send("GET", ACTIONS)).status_code == 200
        assert (await session.send("GET", LOGS)).status_code == 200
        assert (await session.send("POST", ACTIONS, {})).status_code == 403
