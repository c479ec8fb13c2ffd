"""The first case that people write: it passes, and says what is wrong when the code or the stub is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli import status
from tests.run.conftest import Home

URL = "https://hooks.slack.com/services/T0/B0/xyz"
FILES = {
    "reconciler.yaml": "name: acme\n",
    "tenants/local.yaml": "type: local\n",
    "actions/notify-slack/action.yaml": "name: notify-slack\ntrigger: post-login\nsecrets:\n"
    "  SLACK_WEBHOOK_URL: {keep: true}\n",
    "actions/notify-slack/code.js": "exports.onExecutePostLogin = async (event, api) => {\n"
    "  await fetch(event.secrets.SLACK_WEBHOOK_URL, {\n"
    "    method: 'POST',\n"
    "    body: JSON.stringify({ text: `${event.user.email} logged in` }),\n"
    "    signal: AbortSignal.timeout(5000),\n"
    "  });\n"
    "};\n",
    "actions/notify-slack/cases.yaml": f"""\
- name: tells Slack who logged in
  event: {{user: {{email: ada@example.com}}}}
  secrets: {{SLACK_WEBHOOK_URL: {URL}}}
  http: [{{request: POST {URL}, reply: {{status: 200, body: ok}}}}]
  expect:
    requests: [{{method: POST, json: {{text: "ada@example.com logged in"}}}}]
    api: []
""",
}


@pytest.fixture
def slack(tmp_path: Path) -> Home:
    """A repository with one action that tells Slack."""
    home = Home(tmp_path / "slack")
    for path, text in FILES.items():
        home.write(path, text)
    home.git("init", "-q", "-b", "main")
    return home


def outcome_of(home: Home, capsys: pytest.CaptureFixture[str], code: int) -> dict[str, Any]:
    """The outcome of its one case; the command must end with that code."""
    assert status(["test", "--format", "json", "--repo", str(home.folder)]) == code
    (outcome,) = json.loads(capsys.readouterr().out)
    assert isinstance(outcome, dict)
    return outcome


def test_it_passes_as_it_is_written(slack: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome_of(slack, capsys, 0)["status"] == "passed"


def test_broken_code_fails_it_with_the_line_and_the_difference(slack: Home, capsys: pytest.CaptureFixture[str]) -> None:
    slack.change("actions/notify-slack/code.js", "logged in", "came by, and this is a longer text than it was")
    slack.change("actions/notify-slack/code.js", "  });\n", "  });\n  api.access.deny('no');\n")
    call, request = outcome_of(slack, capsys, 4)["failures"]
    assert (call["message"], call["line"]) == ('api call 1: expected none, got api.access.deny("no").', 7)
    assert (request["message"].partition(",")[0], request["line"]) == (
        'request 1: expected json.text "ada@example.com logged in"', 2
    )  # fmt: skip
    assert request["diff"] == [
        '- json.text: "ada@example.com logged in"',
        '+ json.text: "ada@example.com came by, and this is a longer text than it was"',
    ]


def test_without_its_stub_it_fails_with_the_url(slack: Home, capsys: pytest.CaptureFixture[str]) -> None:
    slack.change("actions/notify-slack/cases.yaml", f"http: [{{request: POST {URL}, ", f"http: [{{request: GET {URL}, ")
    messages = [failure["message"] for failure in outcome_of(slack, capsys, 4)["failures"]]
    assert (
        f"http: expected only requests that a stub answers, got POST {URL}; add `request: POST {URL}` to http."
        in messages
    )
