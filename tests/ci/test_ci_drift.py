"""Drift of a tenant, told on GitHub: one issue, opened, changed, closed and opened again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import Exit
from tests.github.standin import Served, serving
from tests.github.standin.state import Issue, Seen
from tests.run.conftest import TOKEN, Home
from tests.run.drifting import Hands, Play, drifted

RUN = "https://github.com/acme/identity/actions/runs/7/attempts/1"
LABEL = "reconciler-drift"
ALIKE = "type: local\nsecrets: secrets/local.sops.yaml\n"


async def edited(hands: Hands) -> None:
    await hands.edit("greet", deploy=True)


async def reordered(hands: Hands) -> None:
    await hands.bind("greet", "guard")


async def put_back(hands: Hands) -> None:
    await hands.bind("guard", "greet")


@pytest.fixture(scope="session")
def reordered_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose tenant has its flow in another order than git gave it."""
    folder = tmp_path_factory.mktemp("drift") / "home"
    shutil.copytree(template, folder, symlinks=True)
    home = Home(folder)
    home.write("tenants/other.yaml", ALIKE)
    home.commit("another tenant")
    drifted(home, reordered)
    return folder


@pytest.fixture
def home(reordered_template: Path, tmp_path: Path) -> Home:
    """A copy of it for one test."""
    shutil.copytree(reordered_template, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, home: Home, tmp_path: Path) -> Iterator[Served]:
    """GitHub, for a scheduled run on the commit that is checked out."""
    with serving() as served:
        scheduled = {"GITHUB_EVENT_NAME": "schedule", "GITHUB_RUN_ID": "7", "GITHUB_SHA": home.git("rev-parse", "HEAD")}
        files = {"GITHUB_OUTPUT": str(tmp_path / "outputs"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
        for name, value in (served.variables() | scheduled | files).items():
            monkeypatch.setenv(name, value)
        yield served


def ci_drift(home: Home, *options: str) -> int:
    return home.reconciler("ci", "drift", *options)


def writes(github: Served) -> list[Seen]:
    """What was written about issues since the last look, checks left out."""
    made = [each for each in github.state.writes if "/issues" in each.path]
    github.state.requests.clear()
    return made


def only_issue(github: Served) -> Issue:
    (issue,) = github.state.issues.values()
    return issue


def outputs(tmp_path: Path) -> str:
    return (tmp_path / "outputs").read_text(encoding="utf-8")


def test_an_issue_is_opened_left_alone_changed_closed_and_opened_again(home: Home, github: Served) -> None:
    assert ci_drift(home) == Exit.DONE
    assert [(each.method, each.path.rpartition("/")[2]) for each in writes(github)] == [("POST", "issues")]
    issue = only_issue(github)
    assert issue.title == "Drift in tenant local: 1 finding (1 high)"
    assert issue.labels == [LABEL] and "flow-reordered:post-login" in issue.body and RUN in issue.body

    assert ci_drift(home) == Exit.DONE
    assert writes(github) == []

    drifted(home, edited, applies=())
    assert ci_drift(home) == Exit.DONE
    assert [each.method for each in writes(github)] == ["PATCH"]
    assert issue.title == "Drift in tenant local: 2 findings (2 high)" and "edited:greet" in issue.body

    assert home.reconciler("apply", "--yes") == Exit.DONE
    assert ci_drift(home) == Exit.DONE
    assert issue.state == "closed"
    (comment,) = github.state.comments_on(issue.number)
    assert "Nothing stands any more" in comment.body and "edited:greet" in comment.body
    writes(github)
    assert ci_drift(home) == Exit.DONE
    assert writes(github) == []

    drifted(home, reordered, applies=())
    assert ci_drift(home) == Exit.DONE
    assert only_issue(github).state == "open" and issue.title == "Drift in tenant local: 1 finding (1 high)"
    assert "There is drift again" in github.state.comments_on(issue.number)[-1].body


def play(home: Home, *plays: Play) -> None:
    """Somebody works on the tenant by hand."""
    drifted(home, *plays, applies=())


def test_with_a_file_of_what_was_seen_only_what_stands_is_told(home: Home, github: Served, tmp_path: Path) -> None:
    seen = str(tmp_path / "cache" / "seen.json")
    assert ci_drift(home, "--seen", seen, "--fail-on", "low") == Exit.DONE
    assert github.state.issues == {}
    assert "drift<<" in outputs(tmp_path) and "1 waiting" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert ci_drift(home, "--seen", seen, "--fail-on", "low") == Exit.CHANGES
    assert only_issue(github).state == "open"
    play(home, put_back)
    assert ci_drift(home, "--seen", seen) == Exit.DONE
    assert only_issue(github).state == "closed"
    play(home, reordered)
    assert ci_drift(home, "--seen", seen) == Exit.DONE
    assert only_issue(github).state == "closed"
    assert ci_drift(home, "--seen", seen) == Exit.DONE
    assert only_issue(github).state == "open"
    assert TOKEN not in Path(seen).read_text(encoding="utf-8")


def test_the_tenant_file_says_how_many_runs_it_takes(home: Home, github: Served, tmp_path: Path) -> None:
    home.change("tenants/local.yaml", "type: local\n", "type: local\ndrift: {runs: 1}\n")
    assert ci_drift(home, "--seen", str(tmp_path / "seen.json")) == Exit.DONE
    assert only_issue(github).state == "open"


def test_what_the_issue_tells_stays_told_when_the_file_is_lost(home: Home, github: Served, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    assert ci_drift(home) == Exit.DONE
    writes(github)
    assert ci_drift(home, "--seen", str(seen)) == Exit.DONE
    seen.unlink()
    assert ci_drift(home, "--seen", str(seen)) == Exit.DONE
    assert only_issue(github).state == "open" and writes(github) == []


@pytest.mark.parametrize(
    "text", ["{", '{"format": 2, "repo": "acme"}', '{"format": 1, "repo": "another"}', "[]", "\ud83d"], ids=repr
)
def test_a_file_that_cannot_be_used_is_told_and_counts_as_none(
    home: Home, github: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    seen = tmp_path / "seen.json"
    seen.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert ci_drift(home, "--seen", str(seen)) == Exit.DONE
    assert "written anew" in "".join(capsys.readouterr()) and github.state.issues == {}
    assert json.loads(seen.read_text(encoding="utf-8"))["repo"] == "acme"


def test_a_tenant_that_cannot_be_read_closes_nothing_and_counts_as_no_run(
    home: Home, github: Served, tmp_path: Path
) -> None:
    seen = tmp_path / "seen.json"
    assert ci_drift(home) == ci_drift(home, "--seen", str(seen)) == Exit.DONE
    before = seen.read_bytes()
    home.change("tenants/local.yaml", "type: local\n", "type: local\nserver: nowhere/tenant.json\n")
    writes(github)
    assert ci_drift(home, "--seen", str(seen), "--adopt-pr") == Exit.ERROR
    assert only_issue(github).state == "open" and writes(github) == [] and seen.read_bytes() == before
    (check,) = [each for each in github.state.checks.values() if each.conclusion == "failure"]
    assert check.name == "reconciler / drift (local)" and "No tenant is served" in str(check.title)


def test_one_tenant_that_fails_does_not_stop_the_others(home: Home, github: Served) -> None:
    home.write("tenants/away.yaml", "type: local\nserver: nowhere/tenant.json\n")
    assert ci_drift(home, "--tenant", "*", "--fail-on", "high") == Exit.ERROR
    assert only_issue(github).title.startswith("Drift in tenant local")
    assert {check.name: check.conclusion for check in github.state.checks.values()} == {
        "reconciler / drift (away)": "failure",
        "reconciler / drift (local)": "failure",
        "reconciler / drift (other)": "success",
    }


def test_each_tenant_has_an_issue_of_its_own(home: Home, github: Served, tmp_path: Path) -> None:
    shutil.copytree(home.folder / ".reconciler/tenants/local", home.folder / ".reconciler/tenants/other")
    assert ci_drift(home, "--tenant", "*", "--html", str(tmp_path / "reports" / "drift.html")) == Exit.DONE
    assert {issue.title.partition(":")[0] for issue in github.state.issues.values()} == {
        "Drift in tenant local",
        "Drift in tenant other",
    }
    assert {path.name for path in (tmp_path / "reports").iterdir()} == {"drift-local.html", "drift-other.html"}


def test_the_issue_of_a_tenant_that_git_has_no_more_is_closed_by_the_run_of_another(
    home: Home, github: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.folder / "tenants/local.yaml").rename(home.folder / "tenants/third.yaml")
    home.commit("call it third")
    assert ci_drift(home, "--tenant", "other") == Exit.DONE
    home.git("revert", "--no-edit", "HEAD")
    assert ci_drift(home, "--tenant", "local") == Exit.DONE
    issue = only_issue(github)
    home.git("revert", "--no-edit", "HEAD")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "workflow_dispatch")
    monkeypatch.setenv("GITHUB_REF", "refs/heads/renaming")
    assert ci_drift(home, "--tenant", "other") == Exit.DONE
    assert issue.state == "open"
    monkeypatch.setenv("GITHUB_EVENT_NAME", "schedule")
    assert ci_drift(home, "--tenant", "other") == Exit.DONE
    assert issue.state == "closed"
    assert "Git has no `tenants/local.yaml` any more" in issue.body


def test_the_outputs_the_check_and_the_report_tell_the_same(home: Home, github: Served, tmp_path: Path) -> None:
    assert ci_drift(home, "--html", str(tmp_path / "drift.html"), "--fail-on", "high") == Exit.CHANGES
    assert re.search(r"^drift<<(\w+)\ntrue\n", outputs(tmp_path), re.MULTILINE)
    assert (tmp_path / "drift.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    (check,) = github.state.checks.values()
    assert (check.conclusion, check.title) == ("failure", "Drift: 1 finding (1 high).")
    assert "flow-reordered:post-login" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_a_dry_run_sends_nothing_and_shows_what_it_would_write(
    home: Home, github: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = tmp_path / "seen.json"
    assert ci_drift(home, "--dry-run", "--adopt-pr", "--seen", str(seen)) == Exit.DONE
    assert ci_drift(home, "--dry-run", "--adopt-pr", "--webhook", "HOOK") == Exit.DONE
    told = "".join(capsys.readouterr())
    assert github.state.requests == [] and not seen.exists()
    assert "would make the drift issue of local say this" in told and "would push reconciler/adopt-local" in told
    assert "would tell the webhook of HOOK that drift is opened" in told


def test_away_from_github_the_file_alone_tells_what_stands(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    seen = str(tmp_path / "seen.json")
    assert ci_drift(home, "--seen", seen, "--fail-on", "high") == Exit.DONE
    assert ci_drift(home, "--seen", seen, "--fail-on", "high") == Exit.CHANGES
    assert "flow-reordered:post-login" in capsys.readouterr().out


def test_without_a_file_everything_is_told_at_once_and_that_is_said(home: Home, github: Served, tmp_path: Path) -> None:
    assert ci_drift(home) == Exit.DONE
    assert "told at once" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_what_somebody_else_wrote_is_not_ours_whatever_it_begins_with(home: Home, github: Served) -> None:
    assert ci_drift(home) == Exit.DONE
    theirs = only_issue(github)
    theirs.author = "mallory"
    text = theirs.body
    play(home, edited)
    assert ci_drift(home) == Exit.DONE
    assert theirs.body == text and len(github.state.issues) == 2


def test_an_issue_without_its_label_is_found_all_the_same(home: Home, github: Served) -> None:
    assert ci_drift(home) == Exit.DONE
    only_issue(github).labels = []
    writes(github)
    assert ci_drift(home) == Exit.DONE
    assert writes(github) == [] and len(github.state.issues) == 1


def test_an_issue_that_somebody_closes_while_drift_stands_is_open_again(home: Home, github: Served) -> None:
    assert ci_drift(home) == Exit.DONE
    only_issue(github).state = "closed"
    assert ci_drift(home) == Exit.DONE
    assert only_issue(github).state == "open"


def test_of_two_issues_of_two_runs_at_once_the_older_one_stays(home: Home, github: Served) -> None:
    assert ci_drift(home) == Exit.DONE
    first = only_issue(github)
    github.state.issues[9] = replace(first, number=9)
    assert ci_drift(home) == Exit.DONE
    assert {number: issue.state for number, issue in github.state.issues.items()} == {first.number: "open", 9: "closed"}
    assert f"#{first.number} goes on" in github.state.comments_on(9)[0].body


def test_github_that_refuses_issues_is_a_failure_that_is_told(
    home: Home, github: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    github.state.issues_enabled = False
    assert ci_drift(home) == Exit.ERROR
    assert "The drift issue could not be written" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_github_that_cannot_say_what_is_open_gets_no_second_issue(home: Home, github: Served) -> None:
    assert ci_drift(home) == Exit.DONE
    github.state.fail("answer", "GET issues", status=403)
    assert ci_drift(home) == Exit.ERROR
    assert len(github.state.issues) == 1


def test_labels_and_assignees_are_set_when_the_issue_is_opened(home: Home, github: Served) -> None:
    assert ci_drift(home, "--label", "security", "--assignee", "ada", "--assignee", "nobody-here") == Exit.DONE
    assert (only_issue(github).labels, only_issue(github).assignees) == ([LABEL, "security"], ["ada"])


def test_a_secret_that_somebody_pasted_into_code_is_masked_wherever_it_is_told(
    home: Home, github: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = "correct-horse-battery-staple"
    monkeypatch.setenv("AUTH0_CLIENT_SECRET", secret)

    async def pasted(hands: Hands) -> None:
        await hands.edit("guard", deploy=True, code=f"exports.onExecutePostLogin = async () => '{secret}';\n")

    play(home, pasted)
    assert ci_drift(home, "--html", str(tmp_path / "drift.html")) == Exit.DONE
    body = only_issue(github).body
    assert "edited:guard" in body and "***" in body and secret not in body
    assert not [each for each in github.state.requests if secret in each.body]
    for path in (tmp_path / "drift.html", tmp_path / "summary.md"):
        assert secret not in path.read_text(encoding="utf-8")


def test_a_pull_request_has_no_drift(
    home: Home, github: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    event = Path(__file__).parents[1] / "github" / "events" / "pull_request.opened.json"
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    assert ci_drift(home) == Exit.USAGE
    assert github.state.issues == {}


def test_the_people_who_own_what_drifted_are_assigned(home: Home, github: Served) -> None:
    rules = "* @nobody-here\n/flows/ @acme/identity grace@example.com @grace\n/actions/greet/ @ada\n"
    home.write(".github/CODEOWNERS", rules)
    play(home, edited)
    assert ci_drift(home) == Exit.DONE
    assert only_issue(github).assignees == ["ada", "grace"]


@pytest.mark.parametrize("rules", ["[ @ada\n", "flows/[ @ada\n", "\udcff @ada\n", ""])
def test_owners_that_cannot_be_read_keep_nobody_from_hearing_of_drift(home: Home, github: Served, rules: str) -> None:
    (home.folder / "CODEOWNERS").write_bytes(rules.encode("utf-8", "surrogateescape"))
    assert ci_drift(home) == Exit.DONE
    assert only_issue(github).assignees == []


def test_without_a_token_it_is_said_that_no_issue_was_written(
    home: Home, github: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    assert ci_drift(home) == Exit.DONE
    assert "no issue was opened" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_a_clone_without_the_history_closes_nothing_that_it_cannot_tell(
    home: Home, github: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert ci_drift(home) == Exit.DONE
    home.write("README.md", "more\n")
    home.commit("more")
    home.git("clone", "-q", "--depth=1", f"file://{home.folder}", str(tmp_path / "shallow"))
    monkeypatch.setenv("RECONCILER_STATE", str(home.folder / ".reconciler"))
    shallow = Home(tmp_path / "shallow")
    assert ci_drift(shallow) == Exit.DONE
    issue = only_issue(github)
    assert issue.state == "open" and "this run could not tell whether it is still there" in issue.body
    writes(github)
    assert ci_drift(shallow) == Exit.DONE
    assert writes(github) == []
    assert ci_drift(home) == Exit.DONE
    assert "could not tell" not in only_issue(github).body
