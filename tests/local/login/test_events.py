"""The events that logins fire have the shape that the catalogue documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.local.login.served import ADA, API, CALLBACK, PASSWORD, Place, fields_of, place
from tests.local.tenant.opened import Scripted

pytestmark = pytest.mark.anyio

RAW = json.loads(files("reconciler.catalogue").joinpath("triggers.json").read_text(encoding="utf-8"))
DOCUMENTED: Mapping[str, Mapping[str, Any]] = {entry["id"]: entry["event"] for entry in RAW["triggers"]}

TRIGGERS = (
    "post-login",
    "credentials-exchange",
    "pre-user-registration",
    "post-user-registration",
    "post-change-password",
)


def problems(trigger: str, event: Mapping[str, Any]) -> list[str]:
    """Documented properties that are missing, and properties that are not documented."""
    found = []
    documented = DOCUMENTED[trigger]
    for path, about in documented.items():
        if "[]" in path:
            continue
        *parents, name = path.split(".")
        parent = _at(event, parents)
        if isinstance(parent, Mapping) and name not in parent and not about.get("optional"):
            found.append(f"{path} is missing")
    return found + [f"{path} is not documented" for path in _paths(event) if path not in documented]


def _at(event: Any, parents: list[str]) -> Any:
    for parent in parents:
        event = event.get(parent) if isinstance(event, Mapping) else None
    return event


FREE = ("metadata", "app_metadata", "user_metadata", "query", "body", "geoip", "customClaims", "secrets")


def _paths(value: Mapping[str, Any], prefix: str = "") -> list[str]:
    paths = []
    for name, child in value.items():
        paths.append(prefix + name)
        if isinstance(child, Mapping) and name not in FREE:
            paths += _paths(child, f"{prefix}{name}.")
        for item in child if isinstance(child, list) else ():
            paths += _paths(item, f"{prefix}{name}[].") if isinstance(item, Mapping) else []
    return paths


async def everything(tenant: Place) -> None:
    """One of each: a sign-up, a login, a refresh, a password, client credentials, a changed password."""
    surfer = tenant.surfer()
    code = await surfer.code(scope="openid offline_access", audience=API, login_hint="ada@example.com", ui_locales="nl")
    body = (await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code)).json()
    await tenant.token(grant_type="refresh_token", refresh_token=body["refresh_token"])
    await tenant.token(grant_type="password", username=ADA.email, password=PASSWORD)
    await tenant.token(grant_type="client_credentials", audience=API, scope="read:orders")
    await surfer.authorize(prompt="login")
    assert "code" in fields_of(await surfer.send("/u/signup", email="bob@example.com", password="long enough"))
    fields = {"email": ADA.email, "password": PASSWORD, "wanted": "another one"}
    await surfer.http.post("/u/change-password", data=fields)


async def test_every_event_has_what_the_catalogue_documents_and_nothing_else(tmp_path: Path) -> None:
    runner = Scripted()
    async with place(tmp_path, runner=runner) as tenant:
        for trigger in TRIGGERS:
            await tenant.act("exports.handler = () => {};", trigger=trigger, name=trigger)
        await everything(tenant)
    assert [job.action for job in runner.jobs] == [
        "post-login",
        "post-login",
        "post-login",
        "credentials-exchange",
        "pre-user-registration",
        "post-user-registration",
        "post-login",
        "post-change-password",
    ]
    for job in runner.jobs:
        assert problems(job.action, {**job.event, "secrets": {}}) == []
        assert PASSWORD not in json.dumps(job.event)
