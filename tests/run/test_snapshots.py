"""Snapshots: what `reconciler test --update` records, and what fails when it is not what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.conftest import Home

SECRET = "only-in-this-test"
CODE = """\
exports.onExecutePostLogin = async (event, api) => {
  console.log("telling the CRM");
  const headers = { authorization: `Bearer ${event.secrets.KEY}` };
  await fetch("https://crm.example/", { method: "POST", headers, body: JSON.stringify({ who: event.user.email }) });
  api.idToken.setCustomClaim("https://acme.example/who", event.user.email);
};
"""
CASES = f"""\
- name: puts who into the token
  snapshot: true
  event: {{user: {{email: ada@example.com}}}}
  secrets: {{KEY: {SECRET}}}
  http: [{{request: POST https://crm.example/, reply: {{status: 200}}}}]
"""
FILES = {
    "reconciler.yaml": "name: acme\n",
    "tenants/local.yaml": "type: local\n",
    "actions/who/action.yaml": "name: who\ntrigger: post-login\nsecrets: {KEY: {keep: true}}\n",
    "actions/who/code.js": CODE,
    "actions/who/cases.yaml": CASES,
    "flows/post-login.yaml": "trigger: post-login\nbindings: [who]\n",
}
FILE = "actions/who/cases.snapshot.yaml"
WRITTEN = """\
# yaml-language-server: $schema=../../schemas/snapshot.schema.json
# Written by `reconciler test --update`. Review it; a run that does anything else fails.
puts who into the token:
  api:
    - {method: idToken.setCustomClaim, args: [https://acme.example/who, ada@example.com]}
  requests:
    - method: POST
      url: https://crm.example/
      headers:
        authorization: Bearer [secret KEY]
        content-type: text/plain;charset=UTF-8
      json:
        who: ada@example.com
  console:
    - telling the CRM
  effects:
    id_token:
      https://acme.example/who: ada@example.com
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """One action, and a case of it that has a snapshot."""
    home = Home(tmp_path)
    for path, text in FILES.items():
        home.write(path, text)
    home.git("init", "-q", "-b", "main")
    return home


def text_of(home: Home, file: str = FILE) -> str:
    """What is on disk."""
    return (home.folder / file).read_text()


def test_an_update_records_what_happens_without_secrets_and_the_next_run_passes(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.reconciler("test", "--update") == 0
    assert f"written {FILE}" in capsys.readouterr().out
    assert text_of(home) == WRITTEN
    assert home.reconciler("test") == 0


def test_what_stands_in_git_for_all_to_read_is_not_taken_out_of_a_snapshot(home: Home) -> None:
    home.change("actions/who/action.yaml", "{keep: true}", "{value: production}")
    assert home.reconciler("test", "--update") == 0
    assert f"authorization: Bearer {SECRET}\n" in text_of(home)


def test_a_second_update_writes_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.reconciler("test", "--update")
    before = (home.folder / FILE).stat().st_mtime_ns
    capsys.readouterr()
    assert home.reconciler("test", "--update") == 0
    assert "written" not in capsys.readouterr().out
    assert (home.folder / FILE).stat().st_mtime_ns == before


def test_what_was_never_recorded_fails_and_says_how_to(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("test") == 4
    assert "there is no record yet: run `reconciler test --update`" in capsys.readouterr().out
    assert not (home.folder / FILE).exists()


def test_what_is_not_as_recorded_fails_with_the_difference(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.reconciler("test", "--update")
    home.change("actions/who/code.js", "api.idToken", "api.accessToken")
    capsys.readouterr()
    assert home.reconciler("test") == 4
    told = capsys.readouterr().out
    assert "snapshot: something else happened than was recorded" in told
    assert '-       method: "idToken.setCustomClaim",' in told
    assert '+       method: "accessToken.setCustomClaim",' in told
    assert SECRET not in text_of(home)


def test_an_error_of_the_code_can_be_recorded_and_a_request_without_a_stub_cannot(home: Home) -> None:
    home.change("actions/who/code.js", "api.idToken", "if (event) throw new RangeError('far off');\n  api.idToken")
    assert home.reconciler("test", "--update") == 0
    assert "error: 'RangeError: far off'" in text_of(home)
    home.change("actions/who/code.js", "https://crm", "https://www")
    assert home.reconciler("test", "--update") == 4
    assert "www" not in text_of(home)


@pytest.mark.parametrize("expression", ["Date.now()", "new Date().toISOString().slice(0, 10)", "Math.random()"])
def test_what_differs_between_two_runs_is_not_recorded(
    home: Home, capsys: pytest.CaptureFixture[str], expression: str
) -> None:
    home.change("actions/who/code.js", "who: event.user.email", f"who: {expression}")
    assert home.reconciler("test", "--update") == 4
    told = capsys.readouterr().out
    assert "two runs did not do the same" in told
    assert "`now` stops the clock, and `seed` fixes randomness" in told
    assert not (home.folder / FILE).exists()


def test_a_clock_that_stands_and_a_seed_make_it_the_same_every_time(home: Home) -> None:
    home.change("actions/who/code.js", "who: event.user.email", "who: [Date.now(), Math.random()]")
    home.change(
        "actions/who/cases.yaml", "  snapshot: true", "  snapshot: true\n  now: 2026-01-31T09:00:00Z\n  seed: 1"
    )
    assert home.reconciler("test", "--update") == 0
    assert home.reconciler("test") == 0


def test_entries_of_cases_that_are_gone_are_told_and_taken_out(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.reconciler("test", "--update")
    home.change("actions/who/cases.yaml", "puts who into the token", "renamed")
    capsys.readouterr()
    assert home.reconciler("validate") == 0
    warning = f"{FILE}:3:1: warning: no case with `snapshot: true` is named 'puts who into the token'."
    assert warning in capsys.readouterr().err
    assert home.reconciler("test", "--update") == 0
    assert text_of(home) == WRITTEN.replace("puts who into the token", "renamed")
    home.change("actions/who/cases.yaml", "  snapshot: true\n", "  expect: {}\n")
    assert home.reconciler("test", "--update") == 0
    assert f"removed {FILE}" in capsys.readouterr().out
    assert not (home.folder / FILE).exists()


def test_only_the_cases_that_run_are_recorded_anew(home: Home) -> None:
    second = FILES["actions/who/cases.yaml"].replace("puts who into the token", "another one")
    home.write("actions/who/cases.yaml", FILES["actions/who/cases.yaml"] + second)
    home.reconciler("test", "--update")
    home.change("actions/who/code.js", "api.idToken", "api.accessToken")
    assert home.reconciler("test", "--update", "--case", "another") == 0
    another, who = text_of(home).split("puts who into the token:")
    assert "accessToken" in another
    assert "accessToken" not in who


def test_a_case_of_a_flow_has_a_snapshot_of_all_its_actions(home: Home) -> None:
    cases = FILES["actions/who/cases.yaml"].replace(f"{{KEY: {SECRET}}}", f"{{who: {{KEY: {SECRET}}}}}")
    home.write("flows/post-login.cases.yaml", cases)
    assert home.reconciler("test", "--update") == 0
    text = text_of(home, "flows/post-login.cases.snapshot.yaml")
    assert "status: completed" in text
    assert "- action: who" in text
    assert "Bearer [secret who.KEY]" in text
    assert SECRET not in text
    assert home.reconciler("test", "flows/post-login") == 0


def test_a_commit_cannot_be_written_to(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.commit()
    assert home.reconciler("test", "--update", "--rev", "HEAD") == 64
    assert "Leave out --rev or --update." in capsys.readouterr().err


def test_a_snapshot_of_a_commit_is_compared(home: Home) -> None:
    home.reconciler("test", "--update")
    home.commit()
    home.change(FILE, "ada@example.com", "eve@example.com")
    assert home.reconciler("test") == 4
    assert home.reconciler("test", "--rev", "HEAD") == 0


def test_a_broken_snapshot_file_is_a_mistake_with_a_place(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write(FILE, "puts who into the token: {apii: []}\n")
    assert home.reconciler("test", "--update") == 1
    assert f"{FILE}:1:27: unknown field 'apii'; did you mean 'api'?" in capsys.readouterr().err


def test_the_frames_of_a_stack_that_is_sent_away_are_not_recorded(home: Home) -> None:
    home.change("actions/who/code.js", "who: event.user.email", "who: new Error('far off').stack")
    home.change("actions/who/code.js", '/who", event.user.email', '/who", new Error("near").stack + "\\nand more"')
    assert home.reconciler("test", "--update") == 0
    assert "who: 'Error: far off'" in text_of(home)
    assert "host" not in text_of(home)
    assert "and more" in text_of(home)
