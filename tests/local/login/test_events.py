"""The events that logins fire have the shape that the catalogue documents."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.engine.events import problems
from reconciler.local.node.job import Job
from reconciler.local.registered import TOKEN_EXCHANGE, Registered
from reconciler.model.execution import Call, Execution
from tests.local.login.served import ADA, API, CALLBACK, PASSWORD, WEB, Place, fields_of, place
from tests.local.tenant.opened import Scripted

pytestmark = pytest.mark.anyio

TRIGGERS = (
    "post-login",
    "credentials-exchange",
    "custom-token-exchange",
    "pre-user-registration",
    "post-user-registration",
    "post-change-password",
)
SUBJECT = {"subject_token": "legacy", "subject_token_type": "urn:acme:legacy"}
ACTOR = {"actor_token": "agent", "actor_token_type": "urn:acme:agent"}


async def everything(tenant: Place) -> None:
    """One of each: a login, a refresh, a password, client credentials, token exchanges, a sign-up, a changed
    password."""
    surfer = tenant.surfer()
    code = await surfer.code(scope="openid offline_access", audience=API, login_hint="ada@example.com", ui_locales="nl")
    body = (await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code)).json()
    await tenant.token(grant_type="refresh_token", refresh_token=body["refresh_token"])
    await tenant.token(grant_type="password", username=ADA.email, password=PASSWORD, audience=API, scope="openid")
    await tenant.token(grant_type="client_credentials", audience=API, scope="read:orders")
    await tenant.token(grant_type=TOKEN_EXCHANGE, **SUBJECT)
    await tenant.token(grant_type=TOKEN_EXCHANGE, **SUBJECT, **ACTOR, audience=API, scope="openid offline_access")
    await surfer.authorize(prompt="login")
    assert "code" in fields_of(await surfer.send("/u/signup", email="bob@example.com", password="long enough"))
    fields = {"email": ADA.email, "password": PASSWORD, "wanted": "another one"}
    await surfer.http.post("/u/change-password", data=fields)


def picks_ada(job: Job) -> Execution:
    calls: tuple[Call, ...] = (Call(method="authentication.setUserById", args=("auth0|ada",)),)
    if "actor_token" in job.event["transaction"]:
        calls += (Call(method="authentication.setActor", args=({"sub": "agent-7"},)),)
    return Execution(action=job.action, handler=job.handler, duration_ms=1, calls=calls)


@pytest.fixture
async def jobs(tmp_path: Path) -> list[Job]:
    """What the actions of every trigger were given."""
    runner = Scripted({"custom-token-exchange": picks_ada})
    known = Registered(users=(replace(ADA, user_id="auth0|ada"),), clients=(WEB,))
    async with place(tmp_path, known, runner=runner) as tenant:
        for trigger in TRIGGERS:
            bind = trigger != "custom-token-exchange"
            await tenant.act("exports.handler = () => {};", trigger=trigger, name=trigger, bind=bind)
        await everything(tenant)
    return runner.jobs


async def test_every_event_has_what_the_catalogue_documents_and_nothing_else(jobs: list[Job]) -> None:
    assert [job.action for job in jobs] == [
        *["post-login"] * 3,
        "credentials-exchange",
        *["custom-token-exchange", "post-login"] * 2,
        "pre-user-registration",
        "post-user-registration",
        "post-login",
        "post-change-password",
    ]
    for job in jobs:
        assert problems(triggers()[job.action].event, job.event) == ()
        assert PASSWORD not in json.dumps(job.event)


async def test_a_token_exchange_tells_the_login_what_was_exchanged_and_for_whom_somebody_acts(jobs: list[Job]) -> None:
    told = [job.event["transaction"] for job in jobs if job.action == "custom-token-exchange"]
    assert [transaction.get("actor_token") for transaction in told] == [None, "agent"]
    alone, acted = [
        job.event["transaction"]
        for job in jobs
        if job.event.get("transaction", {}).get("protocol") == "oauth2-token-exchange"
    ]
    assert (alone["subject_token_type"], "actor" in alone) == ("urn:acme:legacy", False)
    assert (acted["actor_token_type"], acted["actor"]) == ("urn:acme:agent", {"sub": "agent-7"})


@pytest.mark.parametrize("provider", ["duo", "guardian", "google-authenticator", "any"])
async def test_a_factor_that_was_passed_is_among_the_methods_in_the_catalogues_words(
    tmp_path: Path, provider: str
) -> None:
    def asks(job: Job) -> Execution:
        calls = (Call(method="multifactor.enable", args=(provider, {"allowRememberBrowser": True})),)
        return Execution(action=job.action, handler=job.handler, duration_ms=1, calls=calls)

    runner = Scripted({"asks": asks})
    async with place(tmp_path, runner=runner) as tenant:
        await tenant.act("exports.handler = () => {};", name="asks")
        surfer = tenant.surfer()
        await surfer.authorize()
        page = await surfer.sign_in()
        assert "code" in fields_of(await surfer.send("/u/mfa", code=page.text.partition('id="shown">')[2][:6]))
        assert "code" in fields_of(await surfer.authorize())
    event = runner.jobs[-1].event
    assert [method["name"] for method in event["authentication"]["methods"]] == ["pwd", "mfa"]
    assert problems(triggers()["post-login"].event, event) == ()
