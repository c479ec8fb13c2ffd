"""Drift that is proposed for adoption: one branch of ours, one pull request, on a real remote."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.errors import Exit
from reconciler.run.ci.adopt_pull import branch_of
from tests.github.standin import Served, serving
from tests.github.standin.state import Pull
from tests.run.conftest import Home
from tests.run.drifting import HOTFIX, Hands, Play, drifted

BRANCH = "reconciler/adopt-local"
CODE = "actions/greet/code.js"


@dataclass(frozen=True)
class World:
    """A clone, its remote, and GitHub that knows the remote."""

    home: Home
    remote: Path
    github: Served

    def git(self, *words: str) -> str:
        """What git says at the remote."""
        done = subprocess.run(["git", *words], cwd=self.remote, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    @property
    def tip(self) -> str:
        """The newest commit of our branch; empty where it is not there."""
        return self.git("rev-parse", "--verify", "--quiet", f"refs/heads/{BRANCH}")

    @property
    def pull(self) -> Pull:
        """The one pull request."""
        (pull,) = self.github.state.pulls.values()
        return pull

    def drift(self, *options: str) -> int:
        """A scheduled run."""
        return self.home.reconciler("ci", "drift", "--adopt-pr", *options)

    def play(self, *plays: Play) -> None:
        """Somebody works on the tenant by hand."""
        drifted(self.home, *plays, applies=())

    def pull_writes(self) -> list[str]:
        """What was written about pull requests since the last look."""
        made = [f"{each.method} {each.path}" for each in self.github.state.writes if "/pulls" in each.path]
        self.github.state.requests.clear()
        return made


async def edited(hands: Hands) -> None:
    await hands.edit("greet", deploy=True)


async def edited_again(hands: Hands) -> None:
    await hands.edit("greet", deploy=True, code="exports.onExecutePostLogin = async () => {};\n")


async def half_done(hands: Hands) -> None:
    await hands.edit("guard")


async def pasted_over(hands: Hands) -> None:
    await hands.edit("greet", line=False, deploy=True)


@pytest.fixture(scope="session")
def applied_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose tenant somebody edited."""
    folder = tmp_path_factory.mktemp("adopt") / "home"
    shutil.copytree(template, folder, symlinks=True)
    drifted(Home(folder), edited)
    return folder


@pytest.fixture
def world(applied_template: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[World]:
    """A copy of it with a remote, for a scheduled run."""
    shutil.copytree(applied_template, tmp_path / "home", symlinks=True)
    home, remote = Home(tmp_path / "home"), tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(remote)], check=True)
    home.git("remote", "add", "origin", str(remote))
    home.git("push", "-q", "origin", "main")
    with serving() as served:
        served.state.remote = remote
        event = {"GITHUB_EVENT_NAME": "schedule", "GITHUB_SHA": home.git("rev-parse", "HEAD")}
        for name, value in (served.variables() | event).items():
            monkeypatch.setenv(name, value)
        yield World(home, remote, served)


def test_what_drifted_is_proposed_once_and_changed_with_it(world: World) -> None:
    world.home.write("notes.txt", "in hand\n")
    assert world.drift() == Exit.DONE
    first = world.tip
    assert world.git("show", f"{BRANCH}:{CODE}") == HOTFIX.strip()
    assert world.git("diff", "--name-only", "main", BRANCH) == CODE
    assert "Adopt what drifted in tenant local\n\nedited:greet" in world.git("log", "-1", "--format=%B", BRANCH)
    assert (world.pull.branch, world.pull.base) == (BRANCH, "main") and "`edited:greet` (high)" in world.pull.body
    (issue,) = world.github.state.issues.values()
    assert f"#{world.pull.number} takes into git" in issue.body
    assert world.home.git("status", "--porcelain") == "?? notes.txt"

    world.pull_writes()
    assert world.drift() == Exit.DONE
    assert world.tip == first and world.pull_writes() == []

    world.play(edited_again)
    assert world.drift() == Exit.DONE
    assert world.tip != first and world.git("rev-list", "--count", f"main..{BRANCH}") == "1"
    assert len(world.github.state.pulls) == 1


def test_when_nothing_is_left_to_adopt_the_pull_request_is_closed_and_the_branch_goes(world: World) -> None:
    assert world.drift() == Exit.DONE
    assert world.home.reconciler("apply", "--yes") == Exit.DONE
    assert world.drift() == Exit.DONE
    assert (world.pull.state, world.tip) == ("closed", "")
    assert "nothing left in tenant" in world.github.state.comments_on(world.pull.number)[-1].body
    world.pull_writes()
    assert world.drift() == Exit.DONE
    assert world.pull_writes() == []


def test_what_was_closed_because_nothing_was_left_is_proposed_anew_when_it_drifts_again(world: World) -> None:
    assert world.drift() == Exit.DONE
    assert world.home.reconciler("apply", "--yes") == Exit.DONE
    assert world.drift() == Exit.DONE
    world.play(edited)
    world.pull.body = world.pull.body.replace("version 2", "version 4")  # the very same, but for its number
    assert world.drift() == Exit.DONE
    assert [pull.state for pull in world.github.state.pulls.values()] == ["closed", "open"] and world.tip


def test_once_it_is_merged_there_is_no_drift(world: World) -> None:
    assert world.drift() == Exit.DONE
    world.home.git("fetch", "-q", "origin", BRANCH)
    world.home.git("merge", "-q", "--ff-only", "FETCH_HEAD")
    world.home.git("push", "-q", "origin", "main")
    world.github.state.merge(world.pull.number, world.tip)
    assert world.drift("--fail-on", "low") == Exit.DONE
    (issue,) = world.github.state.issues.values()
    assert issue.state == "closed" and world.tip == ""


def test_a_pull_request_that_somebody_closed_stays_closed_until_something_else_drifts(world: World) -> None:
    assert world.drift() == Exit.DONE
    world.pull.state = "closed"
    world.pull_writes()
    assert world.drift() == Exit.DONE
    assert world.pull_writes() == []
    world.play(edited_again)
    assert world.drift() == Exit.DONE
    assert [pull.state for pull in world.github.state.pulls.values()] == ["closed", "open"]


def test_what_somebody_committed_on_the_branch_is_left_alone(world: World) -> None:
    assert world.drift() == Exit.DONE
    world.home.git("fetch", "-q", "origin", BRANCH)
    world.home.git("checkout", "-q", "-b", "fix", "FETCH_HEAD")
    world.home.write("README.md", "explained\n")
    theirs = world.home.commit("explain it")
    world.home.git("push", "-q", "origin", f"fix:{BRANCH}")
    world.home.git("checkout", "-q", "main")
    world.play(edited_again)
    assert world.drift() == Exit.DONE
    assert world.tip == theirs
    assert world.home.reconciler("apply", "--yes") == Exit.DONE
    assert world.drift() == Exit.DONE
    assert (world.tip, world.pull.state) == (theirs, "open")


def test_it_is_made_of_the_default_branch_whatever_is_checked_out(world: World) -> None:
    main = world.home.git("rev-parse", "HEAD")
    world.home.git("checkout", "-q", "-b", "feature")
    world.home.write("README.md", "not merged yet\n")
    world.home.commit("feature")
    assert world.drift() == Exit.DONE
    assert world.git("rev-parse", f"{BRANCH}^") == main


def test_secrets_that_git_leaves_to_the_tenant_are_named(world: World) -> None:
    assert world.home.reconciler("apply", "--yes") == Exit.DONE
    world.play(pasted_over)
    assert world.drift() == Exit.DONE
    assert "action `greet`: `TOKEN`" in world.pull.body and "`keep: true`" in world.pull.body


def test_what_only_a_draft_has_is_told_and_not_taken(world: World) -> None:
    assert world.home.reconciler("apply", "--yes") == Exit.DONE
    world.play(half_done)
    assert world.drift() == Exit.DONE
    assert world.github.state.pulls == {} and world.tip == ""


def test_what_does_not_stand_yet_is_not_adopted(world: World, tmp_path: Path) -> None:
    seen = str(tmp_path / "seen.json")
    assert world.drift("--seen", seen) == Exit.DONE
    assert world.tip == ""
    assert world.drift("--seen", seen) == Exit.DONE
    assert world.tip != ""


def test_code_that_holds_a_known_secret_is_never_pushed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH0_CLIENT_SECRET", "correct-horse-battery-staple")

    async def pasted(hands: Hands) -> None:
        await hands.edit("greet", deploy=True, code="const key = 'correct-horse-battery-staple';\n" + HOTFIX)

    world.play(pasted)
    assert world.drift() == Exit.DONE
    assert world.tip == "" and world.github.state.pulls == {}


def test_a_remote_that_does_not_answer_is_a_failure_and_the_issue_is_written_all_the_same(world: World) -> None:
    shutil.rmtree(world.remote)
    assert world.drift() == Exit.ERROR
    assert len(world.github.state.issues) == 1


def test_github_that_forbids_pull_requests_leaves_the_branch_and_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.github.state.actions_may_open_pulls = False
    assert world.drift() == Exit.ERROR
    assert world.tip and len(world.github.state.issues) == 1
    assert "not permitted to create" in "".join(capsys.readouterr())


def test_a_run_that_adopts_nothing_goes_on_naming_the_pull_request(world: World) -> None:
    assert world.drift() == Exit.DONE
    (issue,) = world.github.state.issues.values()
    before = issue.body
    assert world.home.reconciler("ci", "drift") == Exit.DONE
    assert issue.body == before and f"#{world.pull.number} takes into git" in before


def test_the_branch_of_a_tenant_is_one_that_git_takes_and_its_own() -> None:
    names = ["prod", "prod eu", "prod-eu", "a..b", "x.lock", "ä", "@{0}", "-"]
    branches = [branch_of("", name) for name in names] + [branch_of("login/", "prod")]
    assert branches[0] == "reconciler/adopt-prod" and len(set(branches)) == len(branches)
    for branch in branches:
        subprocess.run(["git", "check-ref-format", "--branch", branch], check=True, capture_output=True)


async def unfit(hands: Hands) -> None:
    await hands.edit("greet", deploy=True, code="exports.onSomethingElse = async () => {};\n")


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["for real", "dry run"])
def test_what_cannot_stand_in_git_is_told_and_not_proposed(
    world: World, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    world.play(unfit)
    assert world.drift(*options) == Exit.DONE
    assert world.tip == "" and "cannot stand in git as it is" in "".join(capsys.readouterr())


def test_a_run_that_could_not_adopt_goes_on_naming_the_pull_request(world: World) -> None:
    assert world.drift() == Exit.DONE
    (issue,) = world.github.state.issues.values()
    before = issue.body
    shutil.rmtree(world.remote)
    assert world.drift() == Exit.ERROR
    assert issue.body == before
