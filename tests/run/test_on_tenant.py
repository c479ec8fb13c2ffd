"""Cases on the tenant's own drafts: what `reconciler test --on tenant` makes of each, over HTTP."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.action import Content
from reconciler.run.session import open_session
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.run.conftest import TOKEN, Home, made_repository

CASES = """\
- name: greets
  event: {user: {email: ada@example.com}}
  expect: {api: [{method: idToken.setCustomClaim, args: [hello, ada@example.com]}]}
- name: has a secret of its own
  secrets: {TOKEN: another-value-than-the-real-one}
  expect: {denied: false}
- name: is asked of a server
  http: [{request: GET https://crm.example/}]
  expect: {denied: false}
- name: stands still
  now: 2026-01-31T09:00:00Z
  expect: {denied: false}
- name: goes on
  run: onContinuePostLogin
  expect: {api: []}
- name: throws
  event: {user: null}
  expect: {error: "reading 'email'"}
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A repository that was applied, with cases of every kind."""
    home = made_repository(tmp_path)
    home.write("actions/greet/cases.yaml", CASES)
    code = home.folder / "actions/greet/code.js"
    code.write_text(f"{code.read_text()}\nexports.onContinuePostLogin = async () => {{}};\n")
    home.write("flows/post-login.cases.yaml", "- {name: in order, expect: {ran: [guard, greet]}}\n")
    home.commit("cases")
    assert home.reconciler("apply", "--yes") == 0
    return home


@pytest.fixture
def told(home: Home, capsys: pytest.CaptureFixture[str]) -> Any:
    """What the tenant made of each case, by its name."""

    def run(code: int = 0) -> dict[str, str]:
        capsys.readouterr()
        assert home.reconciler("test", "--on", "tenant", "--format", "json") == code
        return {outcome["case"]: outcome["on_tenant"] for outcome in json.loads(capsys.readouterr().out)}

    return run


def in_tenant(home: Home, work: Any) -> None:
    """Something that somebody else does there."""

    async def done(place: Workplace) -> None:
        loaded = await checked(place, place.tree(None), "local", decrypt=False)
        async with open_session(place, "local", loaded.tenant, writes=True) as session:
            await work(session.gateway)

    with open_workplace(Settings(start=home.folder, environ={})) as place:
        asyncio.run(done(place))


def test_a_case_runs_on_the_draft_where_it_can_be_sent(told: Any) -> None:
    assert told() == {
        "greets": "same",
        "has a secret of its own": "same (the draft's own secrets were used, those of the case cannot be sent)",
        "is asked of a server": "skipped: its stubs cannot be sent, and its requests would be real",
        "stands still": "skipped: `now` cannot be sent",
        "goes on": "skipped: the endpoint runs onExecutePostLogin only",
        "throws": "same",
        "in order": "skipped: the endpoint runs one action by itself",
    }


def test_code_that_was_not_applied_is_not_compared(home: Home, told: Any) -> None:
    home.change("actions/greet/code.js", "'hello'", "'good day'")
    home.change("actions/greet/cases.yaml", "[hello,", "[good day,")
    assert told()["greets"] == "skipped: the draft is not what git has: code"


def test_an_action_that_the_tenant_lacks_is_skipped(home: Home, told: Any) -> None:
    home.write("actions/late/action.yaml", "name: late\ntrigger: post-login\n")
    home.write("actions/late/code.js", "exports.onExecutePostLogin = async () => {};\n")
    home.write("actions/late/cases.yaml", "- {name: does nothing, expect: {api: []}}\n")
    assert told()["does nothing"] == "skipped: the tenant has no such action"


def test_what_the_tenant_does_otherwise_fails_the_case_without_what_it_said(
    home: Home, told: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    home.change("actions/greet/code.js", "event.user.email)", "String(event.secrets.TOKEN).length)")
    home.write(
        "actions/greet/cases.yaml",
        "- name: tells how long it is\n"
        "  expect: {api: [{method: idToken.setCustomClaim, args: [hello, 9]}]}\n",  # undefined
    )
    home.commit("tell the length")
    assert home.reconciler("apply", "--yes") == 0
    found = told(4)["tells how long it is"]
    assert found.startswith('differs: api call 1 is another one there than api.idToken.setCustomClaim("hello", 9)')
    assert home.reconciler("test", "--on", "tenant") == 4
    shown = capsys.readouterr().out
    assert "on tenant: differs: api call 1 is another one there" in shown
    assert "passed  flows/post-login: in order" in shown
    assert "on tenant: skipped: the endpoint runs one action by itself" in shown
    assert str(len(TOKEN)) not in found


def test_what_the_secrets_of_the_case_explain_does_not_fail_it(home: Home, told: Any) -> None:
    home.change("actions/greet/code.js", "event.user.email)", "String(event.secrets.TOKEN).length)")
    home.write(
        "actions/greet/cases.yaml",
        "- name: tells how long it is\n  secrets: {TOKEN: short}\n"
        "  expect: {api: [{method: idToken.setCustomClaim, args: [hello, 5]}]}\n",
    )
    home.commit("tell the length")
    assert home.reconciler("apply", "--yes") == 0
    found = told(0)["tells how long it is"]
    assert found.startswith(
        "skipped: the draft's own secrets were used, those of the case cannot be sent: api call 1 is"
    )


def test_a_draft_that_does_not_build_is_skipped(home: Home, told: Any) -> None:
    async def spoil(gateway: Any) -> None:
        action = await gateway.read_action_named("greet")
        content: Content = action.draft.content
        await gateway.update_draft(action.id, content.model_copy(update={"code": content.code + "// more\n"}), None)

    in_tenant(home, spoil)
    assert told()["greets"].startswith("skipped: the draft is not")


def test_nothing_is_made_in_the_tenant(home: Home, told: Any) -> None:
    told()
    assert home.reconciler("plan", "--detailed-exitcode") == 0


def test_without_being_asked_no_case_leaves_the_machine(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    home.reconciler("test", "--format", "json")
    assert {outcome["on_tenant"] for outcome in json.loads(capsys.readouterr().out)} == {""}
