"""The action that the design draws, tested as it stands there, broken, and without its stub."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.conftest import Home

URL = "https://hooks.slack.com/services/T0/B0/xyz"
FILES = {
    "reconciler.yaml": "name: acme-identity\n",
    "tenants/local.yaml": "type: local\n",
    "actions/notify-slack/action.yaml": """\
name: notify-slack
trigger: post-login
runtime: node22
dependencies: {"@slack/webhook": ^7.0.0}      # a range or latest; reconciler.lock says which
secrets:
  SLACK_WEBHOOK_URL: {keep: true}
  LOG_LEVEL: {value: info}                    # not secret: reviewers may read it
  LEGACY_TOKEN: {keep: true}                  # lives in the dashboard: must exist, is never written
""",
    "actions/notify-slack/code.js": """\
const { IncomingWebhook } = require("@slack/webhook");

exports.onExecutePostLogin = async (event, api) => {
  const webhook = new IncomingWebhook(event.secrets.SLACK_WEBHOOK_URL);
  await webhook.send({ text: `${event.user.email} logged in` });
};
""",
    "actions/notify-slack/cases.yaml": f"""\
- name: tells Slack who logged in
  event: {{user: {{email: ada@example.com}}}}     # laid over the trigger's sample event
  secrets: {{SLACK_WEBHOOK_URL: {URL}}}
  http: [{{request: POST {URL}, reply: {{status: 200, body: ok}}}}]
  expect:
    requests: [{{method: POST, json: {{text: "ada@example.com logged in"}}}}]
    api: []                                   # calls on api, in order
""",
}

pytestmark = pytest.mark.registry


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The example in a repository, its dependency locked."""
    home = Home(tmp_path_factory.mktemp("example"))
    for path, text in FILES.items():
        home.write(path, text)
    home.git("init", "-q", "-b", "main")
    assert home.reconciler("lock") == 0
    return home


@pytest.fixture(autouse=True)
def as_it_was(example: Home) -> None:
    """Every test begins with the example as it is drawn."""
    for path, text in FILES.items():
        example.write(path, text)


def test_the_example_of_the_design_passes(example: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert example.reconciler("test") == 0
    assert "1 passed" in capsys.readouterr().out


def test_broken_code_fails_with_what_differs_and_its_line(example: Home, capsys: pytest.CaptureFixture[str]) -> None:
    example.change("actions/notify-slack/code.js", "} logged in`", "} signed in`")
    example.change("actions/notify-slack/code.js", "\n};", "\n  api.access.deny(`sorry`);\n};")
    assert example.reconciler("test") == 4
    out = capsys.readouterr().out
    assert "actions/notify-slack/cases.yaml:1" in out
    assert 'expected json.text "ada@example.com logged in", got "ada@example.com signed in"' in out
    assert 'expected none, got api.access.deny("sorry")' in out
    assert "actions/notify-slack/code.js:6:14" in out
    assert "> 6 |   api.access.deny(`sorry`);" in out


def test_a_request_that_a_package_makes_is_shown_where_the_code_asks_for_it(
    example: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    example.change("actions/notify-slack/code.js", "} logged in`", "} signed in`")
    assert example.reconciler("test") == 4
    out = capsys.readouterr().out
    assert 'expected json.text "ada@example.com logged in", got "ada@example.com signed in"' in out
    assert "actions/notify-slack/code.js:5\n" in out
    assert "> 5 |   await webhook.send({ text: `${event.user.email} signed in` });" in out


def test_more_than_a_line_that_differs_is_a_diff(example: Home, capsys: pytest.CaptureFixture[str]) -> None:
    example.change(
        "actions/notify-slack/cases.yaml", "api: []", "api: [{method: user.setAppMetadata, args: [told, yes]}]"
    )
    example.change(
        "actions/notify-slack/code.js",
        "\n};",
        "\n  api.user.setAppMetadata('told', 'no');\n  api.user.setUserMetadata('seen', 'Slack');\n};",
    )
    assert example.reconciler("test") == 4
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    at = lines.index('- api.user.setAppMetadata("told", "yes")')
    assert lines[at + 1 : at + 3] == [
        '+ api.user.setAppMetadata("told", "no")',
        '+ api.user.setUserMetadata("seen", "Slack")',
    ]
    assert "> 6 |   api.user.setAppMetadata('told', 'no');" in lines


def test_without_the_stub_the_request_is_named(example: Home, capsys: pytest.CaptureFixture[str]) -> None:
    cases = Path("actions/notify-slack/cases.yaml")
    lines = FILES[str(cases)].splitlines(keepends=True)
    example.write(str(cases), "".join(line for line in lines if "  http:" not in line))
    assert example.reconciler("test") == 4
    assert f"POST {URL}" in capsys.readouterr().out
