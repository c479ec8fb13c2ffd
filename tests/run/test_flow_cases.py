"""Cases of flows: what `reconciler test` makes of `flows/TRIGGER.cases.yaml`, on Node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.run.conftest import Home, made_repository

PLAN = """\
exports.onExecutePostLogin = async (event, api) => {
  const answer = await fetch(`https://crm.example/users/${event.user.user_id}`);
  const { plan } = await answer.json();
  console.log(`plan ${plan}`);
  api.accessToken.setCustomClaim("https://acme.example/plan", plan);
  api.user.setUserMetadata("plan", plan);
};
"""
CONSENT = """\
exports.onExecutePostLogin = async (event, api) => {
  const { plan, consent } = event.user.user_metadata;
  if (plan === "banned") return api.access.deny("banned");
  if (!consent) {
    const token = api.redirect.encodeToken({ secret: event.secrets.KEY, payload: { plan }, expiresInSeconds: 60 });
    api.redirect.sendUserTo("https://consent.example/", { query: { session_token: token } });
  }
};
exports.onContinuePostLogin = async (event, api) => {
  if (event.request.body.agreed !== "yes") return api.access.deny("no consent");
  api.user.setUserMetadata("consent", true);
  api.cache.set("agreed", event.user.user_id);
};
"""
LAST = """\
exports.onExecutePostLogin = async (event, api) => {
  if (event.user.email === "bad@example.com") throw new TypeError("bad mail");
  const answer = await fetch(`https://crm.example/users/${event.user.user_id}`);
  console.log(`${answer.status} ${api.cache.get("agreed")?.value} ${event.transaction.metadata.from}`);
  api.idToken.setCustomClaim("https://acme.example/consent", event.user.user_metadata.consent);
};
"""
FILES = {
    "reconciler.yaml": "name: acme\n",
    "tenants/local.yaml": "type: local\n",
    "actions/plan/action.yaml": "name: plan\ntrigger: post-login\n",
    "actions/plan/code.js": PLAN,
    "actions/consent/action.yaml": "name: consent\ntrigger: post-login\nsecrets: {KEY: {keep: true}}\n",
    "actions/consent/code.js": CONSENT,
    "actions/last/action.yaml": "name: last\ntrigger: post-login\n",
    "actions/last/code.js": LAST,
    "flows/post-login.yaml": "trigger: post-login\nbindings: [plan, consent, last]\n",
}
BEGIN = """\
- name: logs in
  event: {user: {user_id: ada, user_metadata: {consent: true}}}
  transaction: {from: here}
  secrets: {consent: {KEY: only-in-this-test}}
  http:
    - {request: GET https://crm.example/users/ada, replies: [{body: {plan: gold}}, {status: 204}]}
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Three actions in one flow."""
    home = Home(tmp_path_factory.mktemp("flow"))
    for path, text in FILES.items():
        home.write(path, text)
    home.git("init", "-q", "-b", "main")
    return home


@pytest.fixture
def told(repository: Home, capsys: pytest.CaptureFixture[str]) -> Any:
    """What running one case, and none but that, comes to: the outcome as JSON."""

    def run(cases: str, *args: str) -> Any:
        repository.write("flows/post-login.cases.yaml", cases)
        capsys.readouterr()
        repository.reconciler("test", "--format", "json", *args)
        (outcome,) = json.loads(capsys.readouterr().out)
        return outcome

    return run


def sentences(outcome: Any) -> list[str]:
    """Why the case failed."""
    return [each["message"] for each in outcome["failures"]]


def test_each_action_begins_with_what_the_earlier_ones_left(told: Any) -> None:
    expect = """\
  expect:
    status: completed
    ran: [plan, consent, last]
    api:
      consent: []
      last: [{method: cache.get, args: [agreed]}, {method: idToken.setCustomClaim, args: [{$any: string}, true]}]
    effects: {access_token: {"https://acme.example/plan": gold}, user_metadata: {plan: gold}}
    requests: [{url: https://crm.example/users/ada}, {method: GET}]
    console: [plan gold, 204 undefined here]
    denied: false
    unused_stubs: fail
"""
    outcome = told(BEGIN + expect)
    assert (outcome["status"], sentences(outcome)) == ("passed", [])
    assert outcome["flow"]["status"] == "completed"
    assert [each["action"] for each in outcome["flow"]["executions"]] == ["plan", "consent", "last"]


def test_a_flow_goes_on_with_what_the_user_comes_back_with(told: Any) -> None:
    cases = (
        BEGIN.replace("{consent: true}", "{}")
        + """\
  returns: [{body: {agreed: "yes"}}]
  expect:
    status: completed
    ran: [plan, consent, consent, last]
    cache: {agreed: ada}
    console: [204 ada here]
    effects: {id_token: {"https://acme.example/consent": true}}
"""
    )
    assert sentences(told(cases)) == []


def test_a_flow_stops_where_it_waits_for_the_user(told: Any) -> None:
    cases = (
        BEGIN.replace("{consent: true}", "{}")
        + """\
  expect:
    status: suspended
    suspended: {method: redirect.sendUserTo, url: https://consent.example/}
    ran: [plan, consent]
"""
    )
    outcome = told(cases)
    assert sentences(outcome) == []
    assert outcome["flow"]["suspension"]["url"].startswith("https://consent.example/?session_token=ey")


def test_a_flow_stops_at_a_denial(told: Any) -> None:
    outcome = told(BEGIN.replace("plan: gold", "plan: banned") + "  expect: {denied: banned, ran: [plan, consent]}\n")
    assert sentences(outcome) == []
    assert outcome["flow"]["status"] == "denied"


def test_a_flow_stops_at_an_error_and_tells_whose_code_it_is(told: Any) -> None:
    cases = BEGIN.replace("user_id: ada,", "user_id: ada, email: bad@example.com,")
    outcome = told(cases + "  expect: {status: completed}\n")
    error, status = outcome["failures"]
    assert error["message"] == "last: error: expected none, got TypeError: bad mail at code.js:2:53."
    assert (error["action"], error["line"]) == ("last", 2)
    assert status["message"] == 'status: expected completed, got failed ("bad mail") in last.'
    assert (status["action"], status["line"]) == ("last", 2)
    assert sentences(told(cases + "  expect: {status: failed}\n")) == []
    assert sentences(told(cases + "  expect: {error: bad mail}\n")) == []


@pytest.mark.parametrize(
    ("begin", "end", "line"),
    [
        (BEGIN.replace("plan: gold", "plan: banned"), 'denied ("banned")', 3),
        (BEGIN.replace("{consent: true}", "{}"), 'suspended ("redirect.sendUserTo")', 6),
        (BEGIN.replace("{consent: true}", "{}") + "  returns: [{}]\n", 'denied ("no consent")', 10),
    ],
    ids=["denied", "waiting", "denied after it went on"],
)
def test_another_end_than_expected_is_told_with_its_action_and_place(
    told: Any, begin: str, end: str, line: int
) -> None:
    outcome = told(begin + "  expect: {status: completed, denied: false}\n")
    assert sentences(outcome)[0] == f"status: expected completed, got {end} in consent."
    assert {(each["action"], each["line"]) for each in outcome["failures"]} == {("consent", line)}


def test_a_flow_that_hangs_is_told_with_its_action(told: Any) -> None:
    outcome = told(
        BEGIN.replace("{body: {plan: gold}}", "{body: {plan: gold}, delay: 5000}") + "  expect: {status: completed}\n",
        "--limit",
        "0.2",
    )
    error, status = outcome["failures"]
    assert error["message"].startswith("plan: error: expected none, got ActionTimeout")
    assert status["message"].endswith(" in plan.")
    assert error["action"] == status["action"] == "plan"


def test_what_is_not_as_expected_is_told_of_the_whole_flow(told: Any) -> None:
    expect = """\
  returns: [{query: {agreed: "yes"}}]
  expect:
    denied: true
    ran: [consent, last]
    suspended: {method: prompt.render}
    effects: {user_metadata: {plan: silver}}
    api: {plan: []}
"""
    assert sentences(told(BEGIN + expect)) == [
        "returns: expected the flow to wait for the user, got completed with 1 return left.",
        "denied: expected a denial, got no denial.",
        "ran: expected consent, last, got plan, consent, last.",
        'plan: api call 1: expected none, got api.accessToken.setCustomClaim("https://acme.example/plan", "gold").',
        'effects: expected user_metadata.plan "silver", got "gold".',
        "suspended: expected the flow to wait for the user, got completed.",
    ]


def test_a_request_without_a_stub_fails_with_the_action_that_made_it(told: Any) -> None:
    outcome = told(BEGIN.replace("users/ada, replies", "users/eve, replies") + "  expect: {status: failed}\n")
    request = next(each for each in outcome["failures"] if "http:" in each["message"])
    assert request["action"] == "plan"
    assert request["message"].startswith("plan: http: expected only requests that a stub answers, got GET https://crm")


def test_a_tenant_that_leaves_an_action_out_plays_its_own_flow(repository: Home, told: Any) -> None:
    repository.write("tenants/small.yaml", "type: local\noverrides: {flows: {post-login: {bindings: [plan, last]}}}\n")
    assert sentences(told(BEGIN + "  expect: {ran: [plan, last]}\n", "--tenant", "small")) == []


def test_a_flow_is_run_by_its_name_and_with_the_actions_in_it(repository: Home, told: Any) -> None:
    cases = BEGIN + "  expect: {status: completed}\n"
    repository.write("actions/plan/cases.yaml", "- {name: one, event: {user: {user_id: x}}, expect: {error: fetch}}\n")
    try:
        assert told(cases, "flows/post-login")["case"] == "logs in"
        assert told(cases, "last")["case"] == "logs in"
    finally:
        (repository.folder / "actions/plan/cases.yaml").unlink()


def test_an_unknown_flow_is_named(repository: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert repository.reconciler("test", "flows/post-logn") == 64
    assert "There is no flow post-logn in git." in capsys.readouterr().err


def test_an_apply_stops_at_a_case_of_a_flow_that_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = made_repository(tmp_path)
    home.write("flows/post-login.cases.yaml", "- {name: greets first, expect: {ran: [greet, guard]}}\n")
    home.commit("cases of the flow")
    assert home.reconciler("apply", "--yes") == 4
    told = capsys.readouterr()
    assert "flows/post-login: greets first: ran: expected greet, guard, got guard, greet." in told.err
    home.change("flows/post-login.cases.yaml", "[greet, guard]", "[guard, greet]")
    home.commit("mend it")
    assert home.reconciler("apply", "--yes") == 0
    assert "tested flows/post-login 1 case" in capsys.readouterr().err


def test_an_apply_of_another_order_alone_runs_the_cases_of_the_flow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = made_repository(tmp_path)
    home.write("flows/post-login.cases.yaml", "- {name: in order, expect: {ran: [guard, greet]}}\n")
    home.commit("cases of the flow")
    assert home.reconciler("apply", "--yes") == 0
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet, guard]")
    home.commit("turn it around")
    assert home.reconciler("apply", "--yes") == 4
    assert "in order: ran: expected guard, greet, got greet, guard." in capsys.readouterr().err


def test_each_wait_takes_a_return_of_its_own_and_the_next_action_sees_what_was_done(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for path, text in FILES.items():
        home.write(path, text)
    home.git("init", "-q", "-b", "main")
    home.write(
        "actions/consent/code.js",
        "exports.onExecutePostLogin = async (event, api) => {\n"
        "  api.authentication.challengeWith({ type: 'otp' });\n"
        "  api.prompt.render('ap_terms', { fields: { lang: 'en' } });\n};\n"
        "exports.onContinuePostLogin = async (event, api) => {\n"
        "  api.user.setUserMetadata('terms', event.prompt.fields.agreed + event.prompt.id);\n};\n",
    )
    home.write(
        "actions/last/code.js",
        "exports.onExecutePostLogin = async (event, api) => {\n"
        "  api.idToken.setCustomClaim('how', event.authentication.methods.map((each) => each.type));\n};\n",
    )
    home.write("flows/post-login.yaml", "trigger: post-login\nbindings: [consent, last, last]\n")
    home.write(
        "flows/post-login.cases.yaml",
        """\
- name: waits for the form after the factor
  event: {authentication: {methods: []}}
  returns: [{}]
  expect: {suspended: {method: prompt.render}, ran: [consent]}
- name: goes on after both
  event: {authentication: {methods: []}}
  returns: [{}, {event: {prompt: {fields: {agreed: "yes to "}}}}]
  expect:
    ran: [consent, consent, last, last]
    effects: {user_metadata: {terms: yes to ap_terms}, id_token: {how: [otp]}}
""",
    )
    assert home.reconciler("test") == 0


def test_an_action_that_hangs_ends_the_flow_at_its_limit_and_the_next_case_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path)
    for path, text in FILES.items():
        home.write(path, text)
    home.git("init", "-q", "-b", "main")
    home.write(
        "actions/plan/code.js", "exports.onExecutePostLogin = async (event) => {\n  while (event.user.email) {}\n};\n"
    )
    home.write("flows/post-login.yaml", "trigger: post-login\nbindings: [plan]\n")
    home.write(
        "flows/post-login.cases.yaml",
        "- {name: hangs, snapshot: true}\n- {name: ends, event: {user: {email: null}}, expect: {status: completed}}\n",
    )
    assert home.reconciler("test", "--limit", "0.3", "--update") == 4
    told = capsys.readouterr().out
    assert "plan: error: expected none, got ActionTimeout" in told
    assert "1 passed, 1 failed" in told
    assert not (tmp_path / "flows/post-login.cases.snapshot.yaml").exists()
