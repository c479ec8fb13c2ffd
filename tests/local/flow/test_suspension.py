"""Flows that are suspended and resumed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.errors import TenantError, Usage
from reconciler.local.tenant import EmbeddedTenant
from reconciler.model.effects import Suspension
from reconciler.model.execution import Call, Execution, FlowRun
from tests.local.flow.on_node import login_flow, on_node
from tests.local.tenant.opened import ACTIONS, LOGS, Clock, Scripted, Session, opened

pytestmark = pytest.mark.anyio
EVENT = triggers()["post-login"].sample_event
EXECUTIONS = "/api/v2/actions/executions"

TERMS = """
exports.onExecutePostLogin = async (event, api) => {
  api.transaction.setMetadata("started", event.transaction.id);
  api.user.setAppMetadata("terms", "asked");
  api.redirect.sendUserTo("https://terms.acme.example/read?lang=nl", {query: {user: event.user.user_id}});
};
exports.onContinuePostLogin = async (event, api) => {
  const {query, body, method} = event.request;
  api.idToken.setCustomClaim("https://acme.example/back", {
    accepted: query.accepted, state: query.state.length > 20, keys: Object.keys(query), method, body,
    metadata: event.transaction.metadata, terms: event.user.app_metadata.terms,
  });
};
"""


def waits(run: FlowRun) -> Suspension:
    assert run.suspension is not None, run
    return run.suspension


def asks(*calls: Call) -> Any:
    return lambda job: Execution(action=job.action, handler=job.handler, calls=calls)


def factor(kind: str) -> Call:
    return Call(method="authentication.challengeWith", args=({"type": kind},))


async def scripted_flow(session: Session, *names: str) -> None:
    for name in names:
        await session.deployed(name)
    await session.bind(*names)


async def test_a_redirect_suspends_the_flow_and_the_same_action_goes_on(tmp_path: Path) -> None:
    async with on_node(tmp_path) as session:
        await login_flow(
            session, terms=TERMS, last="api.accessToken.setCustomClaim('seen', event.request.query.accepted)"
        )
        first = await session.tenant.fire("post-login", EVENT)
        assert (first.status, [each.action for each in first.executions]) == ("suspended", ["terms"])
        sent = waits(first)
        assert (sent.method, sent.action) == ("redirect.sendUserTo", "terms")
        url = urlsplit(sent.url)
        assert (url.netloc, url.path) == ("terms.acme.example", "/read")
        assert parse_qs(url.query) == {"lang": ["nl"], "user": [EVENT["user"]["user_id"]], "state": [sent.state]}
        record = await session.answer("GET", f"{EXECUTIONS}/{first.execution_id}")
        assert (record["status"], len(record["results"])) == ("suspended", 1)

        done = await session.tenant.resume(sent.state, {"request": {"query": {"accepted": "yes"}}})

        assert (done.status, done.execution_id) == ("completed", first.execution_id)
        assert [(each.action, each.handler) for each in done.executions] == [
            ("terms", "onContinuePostLogin"),
            ("last", "onExecutePostLogin"),
        ]
        assert done.effects.id_token["https://acme.example/back"] == {
            "accepted": "yes",
            "state": True,
            "keys": ["state", "accepted"],
            "method": "GET",
            "body": {},
            "metadata": {"started": EVENT["transaction"]["id"]},
            "terms": "asked",
        }
        assert (done.effects.app_metadata, done.effects.access_token) == ({"terms": "asked"}, {"seen": "yes"})
        record = await session.answer("GET", f"{EXECUTIONS}/{first.execution_id}")
        assert (record["status"], [each["action_name"] for each in record["results"]]) == (
            "final",
            ["terms", "terms", "last"],
        )
        entry = await session.answer("GET", f"{LOGS}/{done.log_id}")
        assert (entry["type"], entry["details"]["actions"]) == ("s", {"executions": [first.execution_id]})


async def test_a_flow_waits_over_a_restart_of_the_tenant_and_what_it_keeps_is_sealed(tmp_path: Path) -> None:
    async with on_node(tmp_path) as session:
        await login_flow(session, terms=TERMS)
        state = waits(await session.tenant.fire("post-login", EVENT)).state
    kept = b"".join(path.read_bytes() for path in (tmp_path / "tenant").iterdir() if path.is_file())
    assert EVENT["user"]["email"].encode() not in kept
    async with on_node(tmp_path) as session:
        done = await session.tenant.resume(state, {})
        assert done.effects.id_token["https://acme.example/back"]["terms"] == "asked"


async def test_a_state_works_once_and_for_an_hour(tmp_path: Path) -> None:
    clock = Clock()
    away = Call(method="redirect.sendUserTo", args=("https://x.test",))
    async with opened(tmp_path, runner=Scripted({"one": asks(away)}), clock=clock) as session:
        await scripted_flow(session, "one")
        with pytest.raises(Usage, match="No flow waits"):
            await session.tenant.resume("unknown", {})
        state = waits(await session.tenant.fire("post-login", EVENT)).state
        again = waits(await session.tenant.resume(state, {})).state  # the script sends the user away again
        with pytest.raises(Usage, match="No flow waits"):
            await session.tenant.resume(state, {})
        clock.now += timedelta(minutes=40)
        again = waits(await session.tenant.resume(again, {})).state
        clock.now += timedelta(minutes=21)  # the hour is that of the whole login
        with pytest.raises(Usage, match="No flow waits"):
            await session.tenant.resume(again, {})
        assert await session.tenant.waiting() == ()


async def test_a_flow_goes_on_waiting_where_what_comes_back_makes_no_sense(tmp_path: Path) -> None:
    away = Call(method="redirect.sendUserTo", args=("https://x.test",))
    runner = Scripted({"one": asks(away)})
    async with opened(tmp_path, runner=runner) as session:
        await scripted_flow(session, "one")
        state = waits(await session.tenant.fire("post-login", EVENT)).state
        runner.script.clear()
        with pytest.raises(Usage, match="request must be object"):
            await session.tenant.resume(state, {"request": "soon"})
        assert (await session.tenant.resume(state, {})).status == "completed"


async def test_an_action_without_a_continue_handler_is_passed_over(tmp_path: Path) -> None:
    async with on_node(tmp_path) as session:
        await login_flow(
            session,
            sends="api.redirect.sendUserTo('https://x.test')",
            after="api.idToken.setCustomClaim('after', true)",
        )
        state = waits(await session.tenant.fire("post-login", EVENT)).state
        done = await session.tenant.resume(state, {})
        assert (done.status, [each.action for each in done.executions]) == ("completed", ["after"])


async def test_factors_of_one_action_are_asked_for_one_after_the_other(tmp_path: Path) -> None:
    runner = Scripted({"one": asks(factor("otp"), factor("phone"))})
    event = {**EVENT, "authentication": {"methods": [{"name": "pwd", "timestamp": "2026-11-22T08:01:09.412Z"}]}}
    async with opened(tmp_path, runner=runner) as session:
        await scripted_flow(session, "one", "two")
        first = await session.tenant.fire("post-login", event)
        assert (waits(first).args, waits(first).url) == (({"type": "otp"},), "")
        second = await session.tenant.resume(waits(first).state, {})
        assert (second.status, second.executions, waits(second).args) == ("suspended", (), ({"type": "phone"},))
        done = await session.tenant.resume(waits(second).state, {})
        assert (done.status, [each.action for each in done.executions]) == ("completed", ["two"])
        methods = runner.jobs[-1].event["authentication"]["methods"]
        assert [(each["name"], each.get("type")) for each in methods] == [
            ("pwd", None),
            ("mfa", "otp"),
            ("mfa", "phone"),
        ]


async def test_four_factors_are_the_most_of_one_flow(tmp_path: Path) -> None:
    asked = asks(*(factor(kind) for kind in ("phone", "email")))
    runner = Scripted({"one": asked, "two": asked, "three": asks(factor("recovery-code"))})
    async with opened(tmp_path, runner=runner) as session:
        await scripted_flow(session, "one", "two", "three")
        run = await session.tenant.fire("post-login", {**EVENT, "authentication": {"methods": []}})
        while run.status == "suspended":
            run = await session.tenant.resume(waits(run).state, {"authentication": {"methods": []}})
        assert (run.status, run.code) == ("failed", "authentication_error")
        assert "More than 4" in run.reason


async def test_the_answers_of_a_form_are_in_the_prompt(tmp_path: Path) -> None:
    code = """
    exports.onExecutePostLogin = async (event, api) => api.prompt.render("ap_1", {vars: {crm: "7"}});
    exports.onContinuePostLogin = async (event, api) => api.idToken.setCustomClaim("prompt", event.prompt);
    """
    async with on_node(tmp_path) as session:
        await login_flow(session, form=code)
        state = waits(await session.tenant.fire("post-login", EVENT)).state
        done = await session.tenant.resume(state, {"prompt": {"fields": {"company": "Northwind"}}})
        assert done.effects.id_token["prompt"] == {
            "id": "ap_1",
            "fields": {"company": "Northwind"},
            "vars": {"crm": "7"},
        }


async def test_the_versions_are_those_that_the_flow_began_with(tmp_path: Path) -> None:
    async with on_node(tmp_path) as session:
        await login_flow(session, terms=TERMS, last="api.idToken.setCustomClaim('number', 1)")
        state = waits(await session.tenant.fire("post-login", EVENT)).state
        (action,) = (each for each in (await session.answer("GET", ACTIONS))["actions"] if each["name"] == "last")
        await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"code": "exports.onExecutePostLogin = () => {};"})
        await session.deploy(action["id"])
        await session.bind()
        assert (await session.tenant.resume(state, {})).effects.id_token["number"] == 1


async def test_a_flow_whose_action_is_gone_does_not_go_on_without_it(tmp_path: Path) -> None:
    away = Call(method="redirect.sendUserTo", args=("https://x.test",))
    async with opened(tmp_path, runner=Scripted({"one": asks(away)})) as session:
        await scripted_flow(session, "one", "guard")
        state = waits(await session.tenant.fire("post-login", EVENT)).state
        await session.bind()
        (guard,) = (each for each in (await session.answer("GET", ACTIONS))["actions"] if each["name"] == "guard")
        await session.send("DELETE", f"{ACTIONS}/{guard['id']}")
        with pytest.raises(TenantError, match="version of guard that it began with is gone"):
            await session.tenant.resume(state, {})


async def test_a_denial_wins_over_a_redirect(tmp_path: Path) -> None:
    away = Call(method="redirect.sendUserTo", args=("https://x.test",))
    async with opened(
        tmp_path, runner=Scripted({"one": asks(away, Call(method="access.deny", args=("no",)))})
    ) as session:
        await scripted_flow(session, "one", "two")
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, run.reason, run.suspension) == ("denied", "no", None)


async def test_each_half_has_a_time_limit_of_its_own(tmp_path: Path) -> None:
    away = Call(method="redirect.sendUserTo", args=("https://x.test",))
    runner = Scripted({"one": asks(away)})
    async with opened(tmp_path, runner=runner) as session:
        await scripted_flow(session, "one", "two")
        first = await session.tenant.fire("post-login", EVENT)
        runner.script.clear()
        await session.tenant.resume(waits(first).state, {})
        limits = [job.limit for job in runner.jobs]
        assert len(limits) == 3
        assert limits[0] is not None and limits[1] is not None
        assert min(limits[0], limits[1]) > 19


async def test_secrets_are_hidden_in_what_is_shown_and_there_in_what_is_handed_on(tmp_path: Path) -> None:
    code = """
    exports.onExecutePostLogin = async (event, api) => {
      api.idToken.setCustomClaim("env", event.secrets.ENVIRONMENT);
      api.user.setAppMetadata("env", event.secrets.ENVIRONMENT);
      api.redirect.sendUserTo("https://x.test", {query: {key: event.secrets.ENVIRONMENT}});
    };
    """
    next_one = "api.idToken.setCustomClaim('same', event.user.app_metadata.env === 'production-eu')"
    async with on_node(tmp_path) as session:
        await session.deployed("one", code=code, secrets=[{"name": "ENVIRONMENT", "value": "production-eu"}])
        await session.deployed("two", code=f"exports.onExecutePostLogin = async (event, api) => {{ {next_one} }};")
        await session.bind("one", "two")
        shown = await session.tenant.fire("post-login", EVENT)
        assert "production-eu" not in shown.model_dump_json()
        done = await session.tenant.resume(waits(shown).state, {})
        assert (done.effects.id_token["same"], "production-eu" in done.model_dump_json()) == (True, False)
        revealed = await firing(session.tenant).fire("post-login", EVENT, reveal=True)
        assert revealed.effects.id_token == {"env": "production-eu"}
        assert "key=production-eu" in waits(revealed).url
        assert "production-eu" not in revealed.executions[0].model_dump_json()


def firing(tenant: EmbeddedTenant) -> Any:
    return tenant._firing
