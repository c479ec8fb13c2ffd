"""`login` and `trigger` with a flow that waits for its user."""

from __future__ import annotations

import json
import re
import shlex
import shutil

import pytest

from tests.run.conftest import FILES, TOKEN, Home

TERMS = """
exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.terms) return;
  api.redirect.sendUserTo("https://terms.acme.example", {query: {lang: "nl"}});
};
exports.onContinuePostLogin = async (event, api) => {
  if (event.request.query.accepted !== "yes") return api.access.deny("terms were not accepted");
  api.user.setAppMetadata("terms", "2026");
  api.idToken.setCustomClaim("https://acme.example/terms", event.request.query.state.length > 0);
};
"""


@pytest.fixture
def terms(home: Home, capsys: pytest.CaptureFixture[str]) -> Home:
    home.write("actions/guard/code.js", TERMS)
    home.write("actions/guard/cases.yaml", "[]\n")
    home.commit("ask for the terms")
    assert home.reconciler("apply", "--yes") == 0
    capsys.readouterr()
    return home


def test_a_login_that_waits_says_where_the_user_was_sent_and_goes_on(
    terms: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terms.reconciler("login") == 0
    told = capsys.readouterr().out
    assert "post-login suspended" in told
    assert "guard sent the user to https://terms.acme.example?lang=nl&state=" in told
    shown = re.search(r"go on +reconciler login .*--continue (\S+)", told)
    assert shown
    assert terms.reconciler("login", "--continue", shown[1], "--return", "accepted=yes") == 0
    told = capsys.readouterr().out
    assert "guard onContinuePostLogin" in told
    assert "https://acme.example/terms = true" in told
    assert 'terms = "2026"' in told
    assert "post-login completed" in told
    assert terms.reconciler("login", "--continue", shown[1]) == 64
    assert "under that state" in capsys.readouterr().err


def test_the_command_that_goes_on_can_be_pasted_whatever_the_folder_is_called(
    terms: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    named = Home(shutil.copytree(terms.folder, terms.folder.with_name("my own 'home'")))
    assert named.reconciler("login") == 0
    shown = next(line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("go on"))
    program, verb, option, folder, *more = shlex.split(shown.partition("go on")[2])
    assert (program, verb, option, folder) == ("reconciler", "login", "--repo", str(named.folder))
    assert named.reconciler(verb, *more, "--return", "accepted=yes") == 0


def test_the_only_login_that_waits_needs_no_state(terms: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert terms.reconciler("login", "--continue") == 64
    assert "No flow of post-login waits" in capsys.readouterr().err
    assert terms.reconciler("login", "--format", "json") == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["status"], first["suspension"]["action"]) == ("suspended", "guard")
    assert terms.reconciler("trigger", "post-login", "--continue", "--format", "json") == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["status"], done["reason"], done["execution_id"]) == (
        "denied",
        "terms were not accepted",
        first["execution_id"],
    )
    assert terms.reconciler("login") == terms.reconciler("login") == 0
    capsys.readouterr()
    assert terms.reconciler("login", "--continue") == 64
    assert "2 flows of post-login wait" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--return", "a=b"], "Give --continue as well"),
        (["--continue", "--return", "a"], "KEY=VALUE"),
        (["--continue", "--user", "ada@example.com"], "who begins a login"),
    ],
)
def test_options_that_do_not_go_together(
    home: Home, capsys: pytest.CaptureFixture[str], args: list[str], said: str
) -> None:
    assert home.reconciler("login", *args) == 64
    assert said in capsys.readouterr().err


def test_a_property_that_no_event_has_is_told(terms: Home, capsys: pytest.CaptureFixture[str]) -> None:
    terms.write("event.yaml", "usr: {email: ada@example.com}")
    assert terms.reconciler("login", "--event", str(terms.folder / "event.yaml")) == 0
    assert "event.usr" in capsys.readouterr().err


def test_an_event_of_another_shape_is_refused(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("event.yaml", "transaction: soon")
    assert home.reconciler("login", "--event", str(home.folder / "event.yaml")) == 64
    told = capsys.readouterr().err
    assert "transaction must be object" in told
    assert "`reconciler trigger post-login --sample`" in told


def test_the_sample_event_is_shown_as_it_would_be_fired(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("event.yaml", "client: {name: Shop, colour: red}")
    assert home.reconciler("trigger", "post-login", "--sample", "--event", str(home.folder / "event.yaml")) == 0
    told = capsys.readouterr()
    event = json.loads(told.out)
    assert (event["client"]["name"], event["user"]["email_verified"]) == ("Shop", True)
    assert "never has event.client.colour" in told.err
    assert home.reconciler("trigger", "post-login", "--sample", "--continue") == 64
    assert "--sample fires nothing." in capsys.readouterr().err


def test_an_entity_bound_trigger_is_fired_by_the_name_of_its_action(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        home.write(f"actions/{name}/action.yaml", f"name: {name}\ntrigger: event-stream\n")
        home.write(
            f"actions/{name}/code.js", "exports.onExecuteEventStream = async (event, api) => console.log('here');\n"
        )
    home.commit("two streams")
    assert home.reconciler("apply", "--yes") == 0
    capsys.readouterr()
    assert home.reconciler("trigger", "event-stream") == 1
    assert "Name one of them: one, two" in capsys.readouterr().err
    assert home.reconciler("trigger", "event-stream", "--action", "two") == 0
    assert "two onExecuteEventStream" in capsys.readouterr().out


def test_an_action_is_named_only_where_its_trigger_binds_none(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("trigger", "post-login", "--action", "guard") == 64
    assert "runs every action that is bound to it" in capsys.readouterr().err


USERS = """\
users:
  - {email: ada@example.com, password: correct horse, app_metadata: {plan: silver}}
  - {email: eve@example.com, password: wrong horse, blocked: true}
"""


def test_a_user_of_the_tenant_logs_in_as_declared_and_keeps_what_actions_write(
    terms: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    local = terms.folder / "tenants/local.yaml"
    local.write_text(local.read_text() + USERS)
    assert terms.reconciler("login", "--user", "ada@example.com") == 0
    assert "suspended" in capsys.readouterr().out
    assert terms.reconciler("login", "--continue", "--return", "accepted=yes") == 0
    capsys.readouterr()
    assert terms.reconciler("login", "--user", "ada@example.com") == 0
    told = capsys.readouterr().out
    assert "post-login completed" in told
    assert "sendUserTo" not in told
    assert terms.reconciler("login", "--user", "eve@example.com") == 64
    assert "is blocked" in capsys.readouterr().err
    assert terms.reconciler("login", "--user", "nobody@example.com") == 0
    heard = capsys.readouterr()
    assert "has no user nobody@example.com" in heard.err
    assert "suspended" in heard.out


def test_logins_that_wait_are_told_with_their_users(terms: Home, capsys: pytest.CaptureFixture[str]) -> None:
    for email in ("ada@example.com", "grace@example.com"):
        assert terms.reconciler("login", "--user", email) == 0
    capsys.readouterr()
    assert terms.reconciler("login", "--continue") == 64
    told = " ".join(capsys.readouterr().err.split())
    assert re.search(r"\(guard, grace@example.com, since \d\d:\d\d:\d\d UTC\), \w+ \(guard, ada@example.com", told)


KEEPS = """
exports.onExecutePostLogin = async (event, api) => {
  const { key } = event.user.app_metadata;
  api.idToken.setCustomClaim("as_before", key === event.secrets.TOKEN);
  api.idToken.setCustomClaim("who", event.user.email);
  api.user.setAppMetadata("key", event.secrets.TOKEN);
};
"""


def test_a_secret_that_an_action_writes_of_a_user_is_there_the_next_time_and_not_shown(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write("actions/greet/code.js", KEEPS)
    home.write("actions/greet/cases.yaml", "[]\n")
    home.write("tenants/local.yaml", FILES["tenants/local.yaml"] + USERS)
    home.commit("keep a key")
    assert home.reconciler("apply", "--yes") == 0
    assert home.reconciler("login", "--user", "ada@example.com") == 0
    assert home.reconciler("login", "--user", "Ada@Example.com") == 0
    told = capsys.readouterr().out
    assert "as_before = false" in told
    assert "as_before = true" in told
    assert told.count('who = "ada@example.com"') == 2
    assert TOKEN not in told


def test_what_actions_write_of_a_user_is_kept_at_the_end_of_the_flow(
    terms: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    early = 'api.user.setUserMetadata("visits", (event.user.user_metadata.visits || 0) + 1);\n  api.redirect'
    terms.change("actions/guard/code.js", "api.redirect", early)
    terms.write("tenants/local.yaml", FILES["tenants/local.yaml"] + USERS)
    terms.commit("count visits")
    assert terms.reconciler("apply", "--yes") == 0
    for _ in range(2):
        assert terms.reconciler("login", "--user", "ada@example.com") == 0
    told = capsys.readouterr().out
    assert told.count("visits = 1") == 2
    assert "visits = 2" not in told
