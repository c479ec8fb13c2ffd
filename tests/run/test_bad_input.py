"""Everything a user can get wrong: one clear error, the documented exit code, nothing half-written."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.catalogue import limits
from reconciler.cli import status
from tests.run.conftest import TOKEN, Home


def error(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    assert TOKEN not in shown.err + shown.out
    return shown.err


def test_outside_a_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["plan", "--repo", str(tmp_path)]) == 1
    assert "reconciler.yaml" in error(capsys)


def test_outside_git(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "reconciler.yaml").write_text("name: x\n")
    assert status(["plan", "--repo", str(tmp_path)]) == 1
    assert "git" in error(capsys)


def test_a_dirty_worktree_is_not_applied(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.change("actions/greet/code.js", "exports.", "// x\nexports.")
    assert home.reconciler("apply", "--yes") == 1
    assert "actions/greet/code.js" in error(capsys)
    assert home.reconciler("apply", "--yes", "--rev", "HEAD") == 0


def test_a_plan_of_uncommitted_files_is_not_applied(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.change("actions/greet/code.js", "exports.", "// x\nexports.")
    saved = str(home.folder.parent / "plan.json")
    assert home.reconciler("plan", "--out", saved) == 0
    assert home.reconciler("apply", saved, "--yes") == 1
    assert "uncommitted" in error(capsys)


def test_an_unknown_revision(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("plan", "--rev", "nowhere") == 1
    assert "nowhere" in error(capsys)


def test_what_a_problem_quotes_cannot_steer_the_terminal(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("plan", "--rev", "no\x1b[2Jwhere") == 1
    assert "no\\x1b[2Jwhere" in error(capsys)


@pytest.mark.parametrize(
    ("path", "old", "new", "place"),
    [
        ("actions/greet/action.yaml", "trigger: post-login", "trigger: [post", "actions/greet/action.yaml:"),
        ("actions/greet/action.yaml", "trigger:", "triger:", "actions/greet/action.yaml:2:1: "),
        ("actions/greet/action.yaml", "{value: info}", "7", "actions/greet/action.yaml:5:"),
        ("actions/greet/action.yaml", "TOKEN: token", "TOKEN: nope", "actions/greet/action.yaml:4:"),
        ("actions/greet/action.yaml", "name: greet", "name: greet\nname: greet", "actions/greet/action.yaml:2:1: "),
        ("actions/greet/code.js", "=> {", "=> {{", "actions/greet/code.js:"),
        ("actions/greet/code.js", "onExecutePostLogin", "onExecutePostLogn", "actions/greet/code.js:1:"),
        ("flows/post-login.yaml", "greet]", "gret]", "flows/post-login.yaml:2:"),
    ],
)
def test_a_file_that_says_something_wrong_is_named_with_its_place(
    home: Home, capsys: pytest.CaptureFixture[str], path: str, old: str, new: str, place: str
) -> None:
    home.change(path, old, new)
    assert home.reconciler("plan") == 1
    assert place in error(capsys)


def test_all_problems_come_at_once(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.change("actions/greet/action.yaml", "TOKEN: token", "TOKEN: nope")
    home.change("actions/guard/code.js", "=> {", "=> {{")
    home.change("flows/post-login.yaml", "greet]", "gret]")
    assert home.reconciler("validate") == 1
    told = error(capsys)
    assert all(each in told for each in ("actions/greet/action.yaml:4", "actions/guard/code.js", "flows/post-login"))


def test_a_missing_and_a_wrong_age_key(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    key = home.folder / "age-key.txt"
    kept = key.read_text()
    key.write_text("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n")
    assert home.reconciler("plan") == 1
    assert "secrets/local.sops.yaml" in error(capsys)
    key.unlink()
    assert home.reconciler("plan") == 1
    told = error(capsys)
    assert "secrets/local.sops.yaml" in told and "SOPS_AGE_KEY" in told
    assert kept.splitlines()[-1] not in told


AUTH0 = "type: auth0\ndomain: localhost:1\nsecrets: secrets/local.sops.yaml\nage_key_file: age-key.txt\n"


def test_a_real_tenant_without_credentials(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "CLIENT_PRIVATE_KEY", "ACCESS_TOKEN"):
        monkeypatch.delenv(f"AUTH0_{name}", raising=False)
    home.write("tenants/prod.yaml", AUTH0)
    assert home.reconciler("plan", "--tenant", "prod") == 1
    assert "AUTH0_CLIENT_ID" in error(capsys)


def test_a_tenant_that_cannot_be_reached(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH0_ACCESS_TOKEN", "token")
    home.write("tenants/prod.yaml", AUTH0)
    assert home.reconciler("plan", "--tenant", "prod") == 1
    assert "cannot be reached" in error(capsys)


def test_a_tenant_that_has_no_file(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("plan", "--tenant", "locl") == 1
    assert "tenants/locl.yaml" in error(capsys)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("throw new TypeError('no such thing');", "TypeError: no such thing (code.js:2:"),
        ("while (true) {}", "ActionTimeout"),
        ("await new Promise(() => {});", "ActionTimeout"),
        ("process.exit(3);", "ActionCrash"),
    ],
)
def test_a_handler_that_throws_or_never_ends(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, code: str, told: str
) -> None:
    monkeypatch.setattr(limits, "EXECUTION_SECONDS", 1)
    home.write("actions/guard/code.js", f"exports.onExecutePostLogin = async (event, api) => {{\n  {code}\n}};\n")
    assert home.reconciler("invoke", "guard") == 1
    assert told in capsys.readouterr().out


@pytest.mark.registry
def test_a_package_that_does_not_exist(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    more = "dependencies: {no-such-package-of-reconciler: ^1.0.0}\nsecrets:"
    home.change("actions/greet/action.yaml", "secrets:", more)
    assert home.reconciler("lock") == 1
    assert "no-such-package-of-reconciler" in error(capsys)
    assert not (home.folder / "reconciler.lock").exists()


def test_a_broken_plan_file(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    saved = home.folder.parent / "plan.json"
    saved.write_text("{}")
    assert home.reconciler("apply", str(saved)) == 1
    assert "plan.json" in error(capsys)


def test_a_plan_of_another_version_of_the_tool(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    saved = home.folder.parent / "plan.json"
    home.reconciler("plan", "--out", str(saved))
    saved.write_text(json.dumps(json.loads(saved.read_text()) | {"tool": "reconciler/0.0.1"}))
    assert home.reconciler("apply", str(saved), "--yes") == 1
    assert "reconciler/0.0.1" in error(capsys)


def test_nobody_to_ask(home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert home.reconciler("apply") == 64
    assert "--yes" in error(capsys)


@pytest.mark.parametrize("args", [["plan", "--nope"], ["nope"], ["apply", "--patience", "never"], ["versions"]])
def test_a_command_line_that_makes_no_sense(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert status(args) == 64
    assert error(capsys)


def test_an_event_that_is_no_mapping(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("event.yaml", "[1, 2]")
    assert home.reconciler("login", "--event", str(home.folder / "event.yaml")) == 64
    assert "event.yaml" in error(capsys)


def test_a_trigger_and_an_action_that_do_not_exist(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("trigger", "pre-login") == 64
    assert "pre-login" in error(capsys)
    assert home.reconciler("invoke", "nobody") == 64
    assert "nobody" in error(capsys)
    assert home.reconciler("versions", "nobody") == 1
    assert "nobody" in error(capsys)


def test_a_refusal_names_the_guard_and_how_to_allow_it(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.reconciler("apply", "--yes")
    home.change("flows/post-login.yaml", "[guard, greet]", "[]")
    home.commit("nothing runs")
    capsys.readouterr()
    assert home.reconciler("plan", "--detailed-exitcode") == 3
    capsys.readouterr()
    assert home.reconciler("apply", "--yes") == 3
    assert "--allow empty-flow" in error(capsys)
    assert home.reconciler("apply", "--yes", "--allow", "empty-flow") == 0


def test_a_reader_that_goes_away_is_no_traceback(home: Home) -> None:
    command = f"{sys.executable} -m reconciler plan --repo {home.folder} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr


def test_the_state_folder_is_private_and_ignored(home: Home) -> None:
    home.reconciler("apply", "--yes")
    assert home.git("status", "--porcelain") == ""
    folder = home.folder / ".reconciler" / "tenants" / "local"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(key.stat().st_mode) == 0o600 for key in folder.glob("*.key"))


def test_a_misspelt_guard(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("apply", "--yes", "--allow", "emtpy-flow") == 64
    assert "empty-flow" in error(capsys)


@pytest.mark.parametrize(("text", "code"), [("user: bob", 64), ("user: {email: [", 1), ("- a", 64)])
def test_an_event_file_that_makes_no_sense(
    home: Home, capsys: pytest.CaptureFixture[str], text: str, code: int
) -> None:
    home.write("event.yaml", text)
    event = str(home.folder / "event.yaml")
    assert home.reconciler("login", "--user", "ada@example.com", "--event", event) == code
    assert "event.yaml" in error(capsys)


def test_a_date_in_an_event_file_is_the_text_that_it_is(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.reconciler("apply", "--yes")
    home.write("event.yaml", "user: {created_at: 2020-01-01}")
    assert home.reconciler("login", "--event", str(home.folder / "event.yaml")) == 0


def test_a_login_at_a_tenant_that_is_not_served(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("tenants/served.yaml", "type: local\nserver: .reconciler/elsewhere/tenant.json\n")
    assert home.reconciler("login", "--tenant", "served") == 1
    assert "No tenant is served" in error(capsys)
    assert not (home.folder / ".reconciler" / "tenants" / "served").exists()


def test_a_server_that_is_no_path(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.write("tenants/served.yaml", "type: local\nserver: https://127.0.0.1:4488\n")
    assert home.reconciler("validate") == 1
    assert "tenants/served.yaml:2:9" in error(capsys)


def test_a_certificate_authority_that_is_none(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH0_ACCESS_TOKEN", "token")
    home.write("tenants/prod.yaml", AUTH0 + "ca: nowhere.pem\n")
    assert home.reconciler("plan", "--tenant", "prod") == 1
    assert "nowhere.pem" in error(capsys)


def test_a_plan_in_a_folder_that_is_not_there(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("plan", "--out", str(home.folder / "nowhere" / "plan.json")) == 64
    assert "nowhere" in error(capsys)


def test_a_package_to_upgrade_that_nobody_uses(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("lock", "--upgrade", "msx") == 64
    assert "msx" in error(capsys)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "foo://x"])
def test_a_proxy_that_cannot_be_used(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("AUTH0_ACCESS_TOKEN", "token")
    monkeypatch.setenv("ALL_PROXY", proxy)
    home.write("tenants/prod.yaml", AUTH0)
    assert home.reconciler("plan", "--tenant", "prod") == 1
    assert "PROXY" in error(capsys)


def test_an_empty_saved_plan_is_stale_like_any_other(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.reconciler("apply", "--yes")
    saved = str(home.folder.parent / "plan.json")
    home.reconciler("plan", "--out", saved)
    home.change("actions/greet/code.js", "exports.", "// second\nexports.")
    home.commit("second")
    home.reconciler("apply", "--yes")
    capsys.readouterr()
    assert home.reconciler("apply", saved, "--yes") == 5


@pytest.mark.parametrize("what", ["provenance", "flow"])
def test_a_saved_plan_with_another_provenance_or_flow_is_refused(
    home: Home, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    saved = home.folder.parent / "plan.json"
    home.reconciler("plan", "--out", str(saved))
    plan = json.loads(saved.read_text())
    if what == "flow":
        plan["flows"][0]["after"].pop()
    else:
        plan["actions"][0]["provenance"]["commit"] = "f" * 40
    saved.write_text(json.dumps(plan))
    capsys.readouterr()
    assert home.reconciler("apply", str(saved), "--yes") == 1
    assert "was changed" in error(capsys)
