"""A merge applies exactly the plan that the pull request showed, and says there what came of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ci.deploying import BOT, World, deployed_template, world
from tests.github.standin.state import EVERYTHING, TOKEN, Deployment, DeploymentStatus, Pull, Token
from tests.run.attempts import Scene
from tests.run.conftest import Home

__all__ = ["deployed_template", "world"]

Capture = pytest.CaptureFixture[str]

PLAN = "reconciler / plan (local)"
NOT_FOR_YOU = "Resource not accessible by integration"


async def edits_greet(made: Scene) -> None:
    greet = await made.other.read_action_named("greet")
    assert greet is not None
    await made.other.update_draft(
        greet.id, greet.draft.content.model_copy(update={"code": "// by hand\n"}), greet.draft.provenance
    )


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_a_merge_applies_the_plan_that_was_approved(world: World, how: str) -> None:
    pull = world.branch("hello", "actions/greet/code.js", "exports.", "// hello\nexports.", commits=3)
    approved = world.shown(pull)
    commit = world.merge(pull, how)
    assert world.deploy() == 0
    assert world.runs().startswith("// hello")
    assert world.check().conclusion == "success"
    assert world.deployments == [("local", ["in_progress", "success"])]
    assert json.loads(world.outputs["deployed-versions"]) == [
        {"tenant": "local", "kind": "action", "name": "greet", "number": 2, "commit": commit}
    ]
    assert (world.outputs["commit"], world.outputs["checksum"]) == (commit, approved)
    assert (world.outputs["changes"], world.outputs["to-change"], world.outputs["exit-code"]) == ("true", "1", "0")


def test_the_pull_request_is_told_which_versions_its_merge_made(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    commit = world.merge(pull)
    world.deploy()
    told = world.told(pull)
    assert f"### Applied `{commit[:12]}` to `local`" in told
    assert f"| `greet` | 2 | `{commit[:12]}` |" in told
    assert f"Approved with #{pull.number}, merged by grace." in told
    assert "actions/runs/4711/attempts/1" in told
    assert (
        told.index("Applied") < told.index("<details><summary>The plan as it was shown before") < told.index("### Plan")
    )
    assert len(world.github.state.comments_on(pull.number)) == 1


def test_a_push_without_a_pull_request_is_refused_before_any_write(world: World, capsys: Capture) -> None:
    world.before = world.home.git("rev-parse", "HEAD")
    world.home.change("actions/greet/code.js", "exports.", "// pushed\nexports.")
    commit = world.home.commit("straight to main")
    assert world.deploy() == 5
    assert not world.runs().startswith("// pushed")
    assert f"No pull request was merged into main as `{commit[:12]}`" in world.summary
    assert f"gh workflow run deploy.yml -f tenant=local -f checksum={world.outputs['checksum']}" in world.summary
    assert world.check().conclusion == "failure" and world.deployments == [("local", ["failure"])]


def test_what_was_refused_is_applied_once_a_person_gives_its_checksum(world: World) -> None:
    world.home.change("actions/greet/code.js", "exports.", "// pushed\nexports.")
    world.home.commit("straight to main")
    assert world.deploy() == 5
    assert world.deploy("--checksum", "0" * 64, event="workflow_dispatch") == 5
    assert "Approved by hand by grace" in world.summary
    assert world.deploy("--checksum", world.outputs["checksum"], event="workflow_dispatch") == 0
    assert world.runs().startswith("// pushed")
    assert "Approved by hand by grace." in world.summary


def test_a_tenant_that_moved_since_is_not_written_to(world: World) -> None:
    pull = world.greeting()
    approved = world.shown(pull)
    world.merge(pull)
    world.moves(edits_greet)
    assert world.deploy() == 5
    assert not world.runs().startswith("// hello")
    told = world.told(pull)
    assert "### Not applied to `local`: the plan is not the one that was approved" in told
    assert "Nothing else was merged since it was shown: the tenant moved." in told
    assert approved in told and world.outputs["checksum"] in told and world.outputs["checksum"] != approved
    assert told.index("Not applied") < told.index("The plan as it was shown before")
    assert world.deployments == [("local", ["failure"])]


def test_another_merge_in_between_is_named_and_a_person_may_approve_what_both_come_to(world: World) -> None:
    first, second = world.greeting("one"), world.branch("two", "actions/guard/code.js", "exports.", "// two\nexports.")
    world.shown(first)
    world.shown(second)
    world.merge(first)  # whose job was replaced by that of the second merge while it waited for its turn
    world.merge(second)
    assert world.deploy() == 5
    told = world.told(second)
    assert "this was merged, too" in told and "Merge pull request" in told and "2 to change" in told
    assert world.deploy("--checksum", world.outputs["checksum"], event="workflow_dispatch") == 0
    assert world.runs().startswith("// one") and world.runs("guard").startswith("// two")
    assert "Applied" in world.told(second)


@pytest.mark.parametrize(("anew", "code"), [(False, 5), (True, 0)])
def test_a_plan_from_before_another_deploy_is_void_until_it_is_made_anew(world: World, anew: bool, code: int) -> None:
    first, second = world.greeting("one"), world.branch("two", "actions/guard/code.js", "exports.", "// two\nexports.")
    world.trial(first)
    world.trial(second)
    world.merge(first)
    assert world.deploy() == 0
    if anew:
        world.trial(second)
    world.merge(second)
    assert world.deploy() == code
    assert world.runs("guard").startswith("// two") is anew


def test_a_second_job_of_the_same_merge_finds_nothing_to_do_and_passes(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    assert world.deploy() == 0
    assert world.deploy() == 0
    assert "### Applied" in world.told(pull) and world.told(pull).count("The plan as it was shown") == 1
    assert "Nothing to apply" in world.summary
    assert [states for _, states in world.deployments] == [["in_progress", "success"], ["success"]]
    assert world.outputs["deployed-versions"] == "[]" and world.outputs["changes"] == "false"


def adds_to(world: World, branch: str) -> Pull:
    """A pull request that makes an action."""
    world.home.git("checkout", "-q", "-b", branch, "main")
    world.home.write("actions/extra/action.yaml", "name: extra\ntrigger: post-login\nruntime: node22\n")
    world.home.write("actions/extra/code.js", "exports.onExecutePostLogin = async () => {};\n")
    head = world.home.commit("make extra")
    world.home.git("checkout", "-q", "main")
    return world.github.state.pull(branch, head)


def taken_away(world: World) -> Pull:
    """A pull request that deletes that action."""
    world.home.git("checkout", "-q", "-b", "away", "main")
    world.home.git("rm", "-rq", "actions/extra")
    head = world.home.commit("take extra away")
    world.home.git("checkout", "-q", "main")
    return world.github.state.pull("away", head)


def test_a_job_that_is_run_again_brings_nothing_back_that_was_taken_away_since(world: World, capsys: Capture) -> None:
    first = adds_to(world, "extra")
    world.shown(first)
    merged = world.merge(first)
    assert world.deploy() == 0
    second = taken_away(world)
    world.shown(second)
    world.merge(second)
    assert world.deploy() == 0
    world.home.git("checkout", "-q", "--detach", merged)
    assert world.deploy() == 5
    assert "approved was applied before: an approval is for one apply." in capsys.readouterr().out


def test_an_older_commit_is_not_applied_by_its_approval_once_a_newer_one_was(world: World, capsys: Capture) -> None:
    first = adds_to(world, "extra")
    world.shown(first)
    merged = world.merge(first)  # and its job waits for its reviewers
    second = taken_away(world)
    world.trial(second)
    newest = world.merge(second)
    assert world.deploy() == 0  # there is nothing to change
    world.home.git("update-ref", "refs/remotes/origin/main", newest)
    world.home.git("checkout", "-q", "--detach", merged)
    assert world.deploy() == 5
    assert f"`{newest[:12]}` was applied already, which came after `{merged[:12]}`" in capsys.readouterr().out


def test_an_approval_holds_until_an_apply_of_it_went_well(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    world.github.state.fail("answer", "check-runs", times=99, status=403, body={"message": NOT_FOR_YOU})
    assert world.deploy() == 1
    world.github.state.faults.clear()
    assert world.deploy() == 0


@pytest.mark.parametrize("word", ["success", "reconciler"])
def test_a_secret_that_is_a_word_of_ours_takes_no_comment_apart(world: World, word: str) -> None:
    world.setenv("SOME_TOKEN", word)
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    assert world.deploy() == 0
    told = world.told(pull)
    assert world.deploy() == 0  # which finds nothing to do
    assert world.told(pull) == told


def test_an_edited_comment_approves_nothing(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    world.moves(edits_greet)
    assert world.deploy() == 5
    for comment in world.github.state.comments_on(pull.number):
        comment.body = comment.body.replace(world.github.state.checks_of(pull.sha)[PLAN].external_id, "0" * 64)
    world.comment(pull.number, f"Approved: {world.outputs['checksum']}", author="mallory")
    assert world.deploy() == 5


def test_a_check_of_another_app_approves_nothing(world: World) -> None:
    pull = world.greeting()
    world.shown(pull, app="helpful-bot")
    world.merge(pull)
    assert world.deploy() == 5
    assert "was not written by github-actions\\[bot\\], but by helpful-bot" in world.told(pull)


def test_a_plan_of_another_repository_in_the_same_git_repository_is_not_taken_for_ours(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.write_check(pull.sha, name="reconciler in other / plan (local)", external_id="f" * 64)
    world.merge(pull)
    assert world.deploy() == 0


def test_a_repository_in_a_folder_is_approved_and_deployed_as_one_at_the_top(world: World) -> None:
    top = world.home.folder
    (top / "identity").mkdir()
    for path in [each for each in top.iterdir() if each.name not in (".git", "identity")]:
        path.rename(top / "identity" / path.name)
    world.home.commit("move it into a folder")
    world.home = Home(top / "identity")
    pull = world.greeting()
    world.trial(pull)
    world.write_check(pull.sha, external_id="f" * 64)  # of a repository at the top
    world.merge(pull)
    assert world.deploy() == 0
    assert world.check("reconciler in identity / apply (local)").conclusion == "success"


def test_a_plan_that_failed_or_was_never_made_is_no_approval(world: World) -> None:
    failed, missing = world.greeting(), world.branch("two", "actions/guard/code.js", "exports.", "// two\nexports.")
    world.shown(failed, conclusion="failure")
    world.merge(failed)
    assert world.deploy() == 5
    assert f"The plan of \\#{failed.number} failed" in world.told(failed).replace("<!-- -->", "")
    world.merge(missing)
    assert world.deploy() == 5
    assert f"No plan was made for \\#{missing.number}." in world.told(missing).replace("<!-- -->", "")


def test_a_plan_against_the_base_as_forks_get_it_is_no_approval(world: World) -> None:
    pull = world.greeting()
    world.shown(pull, external_id="", title="Against main: 1 to change.")
    world.merge(pull)
    assert world.deploy() == 5
    assert "showed no plan that could be approved" in world.told(pull)


def test_a_plan_that_was_shown_after_the_merge_is_no_approval(world: World) -> None:
    pull = world.greeting()
    approved = world.shown(pull)
    world.github.state.checks.clear()
    world.merge(pull)
    world.write_check(pull.sha, external_id=approved)
    assert world.deploy() == 5
    assert "made after the merge" in world.told(pull)


def test_what_a_merge_queue_planned_is_approved_by_its_merge(world: World) -> None:
    pull = world.greeting()
    approved = world.shown(pull, external_id="0" * 64)
    assert approved == "0" * 64
    commit = world.merge(pull)
    world.github.state.pulls[pull.number].merged_at = ""
    assert world.job("plan", event="merge_group", payload={"repository": {"default_branch": "main"}}) == 0
    world.github.state.merge(pull.number, commit)
    assert world.deploy() == 0
    assert world.runs().startswith("// hello")


def test_a_pull_request_that_was_merged_into_another_branch_approves_nothing(world: World) -> None:
    pull = world.greeting()
    pull.base = "branch-of-mallory"
    world.shown(pull)
    world.merge(pull)
    assert world.deploy() == 5
    assert not world.runs().startswith("// hello")


def test_where_only_statuses_could_be_written_they_hold_the_approval(world: World) -> None:
    state, pull = world.github.state, world.greeting()
    state.tokens[TOKEN] = Token(permissions=dict.fromkeys(EVERYTHING, "write") | {"checks": "none"})
    world.trial(pull)
    world.merge(pull)
    (shown, *_) = state.statuses
    shown.creator = "mallory"
    assert world.deploy() == 1, "the checks cannot be read, so nobody knows"
    shown.creator = BOT
    assert world.deploy() == 0
    assert world.runs().startswith("// hello")


def test_an_approval_that_cannot_be_read_is_an_error_and_never_a_missing_one(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    world.github.state.fail("answer", "/pulls", times=99, status=403, body={"message": NOT_FOR_YOU})
    assert world.deploy() == 1
    assert not world.runs().startswith("// hello")
    assert world.check().conclusion == "failure"
    assert "nobody approved" not in world.summary


def test_github_that_is_late_with_the_pull_requests_of_a_commit_is_asked_for_the_one_its_message_names(
    world: World,
) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull, "squash")
    commits = f"commits/{world.home.git('rev-parse', 'HEAD')}/pulls"
    world.github.state.fail("answer", commits, times=99, body=[])
    assert world.deploy() == 0


@pytest.mark.parametrize("how", [{"do": "answer", "status": 403, "body": {"message": NOT_FOR_YOU}}, {"do": "lost"}])
def test_what_github_does_not_take_after_the_apply_changes_nothing_of_it(
    world: World, capsys: Capture, how: dict[str, Any]
) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    for route in ("POST check-runs", "POST statuses", "POST deployments", "PATCH comments"):
        world.github.state.fail(route=route, times=99, **how)
    assert world.deploy() == 0
    assert world.runs().startswith("// hello")
    assert world.outputs["exit-code"] == "0"
    told = "".join(capsys.readouterr())
    assert "The deployment of local was not set to in_progress" in told and "the comment of local" in told


def test_answers_that_were_lost_make_nothing_twice(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.github.state.comments.clear()
    world.merge(pull)
    world.github.state.fail("lost-after", "POST deployments")
    world.github.state.fail("lost-after", "POST /statuses", call=2)
    world.github.state.fail("lost-after", "POST comments")
    assert world.deploy() == 0
    assert [environment for environment, _ in world.deployments] == ["local"]
    assert world.deploy() == 0
    assert len(world.github.state.comments_on(pull.number)) == 1


def test_the_deployment_that_github_made_for_the_job_is_used(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    commit = world.merge(pull)
    state = world.github.state
    theirs = Deployment(next(state.ids), commit, commit, "deploy", "local", None, {}, "grace", state.tick())
    theirs.statuses.append(DeploymentStatus(next(state.ids), "in_progress", "", "", "local", "grace", state.tick()))
    state.deployments[theirs.id] = theirs
    assert world.deploy() == 0
    assert world.deployments == [("local", ["in_progress", "in_progress", "success"])]
    assert theirs.statuses[-1].description.startswith("Applied ") and "actions/runs/4711" in theirs.statuses[-1].log_url


def test_a_dry_run_asks_github_nothing_and_writes_to_no_tenant(world: World, capsys: Capture) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    world.github.state.requests.clear()
    assert world.deploy("--dry-run") == 0
    assert not world.github.state.requests and not world.runs().startswith("// hello")
    assert "Dry run: nothing was applied to" in world.summary


def test_away_from_github_a_checksum_is_needed(world: World, capsys: Capture) -> None:
    world.home.change("actions/greet/code.js", "exports.", "// here\nexports.")
    world.home.commit("here")
    assert world.home.reconciler("ci", "apply") == 64
    assert "There is no GitHub to ask what was approved" in capsys.readouterr().err
    assert world.home.reconciler("ci", "apply", "--dry-run", "--format", "json") == 0
    (stage,) = json.loads(capsys.readouterr().out)["stages"]
    assert world.home.reconciler("ci", "apply", "--checksum", stage["checksum"]) == 0
    assert world.runs().startswith("// here")


def test_what_is_not_committed_is_not_applied(world: World) -> None:
    world.home.change("actions/greet/code.js", "exports.", "// not committed\nexports.")
    assert world.deploy() == 1


@pytest.mark.parametrize("short", ["abc", "A" * 64])
def test_only_a_whole_checksum_is_taken(world: World, short: str) -> None:
    assert world.deploy("--checksum", short) == 64


@pytest.mark.parametrize(("comment", "count"), [("never", 0), ("changes", 1), ("always", 1)])
def test_the_pull_request_is_told_as_it_was_asked_for(world: World, comment: str, count: int) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.github.state.comments.clear()
    world.merge(pull)
    assert world.deploy("--comment", comment) == 0
    assert len(world.github.state.comments_on(pull.number)) == count


@pytest.mark.parametrize(("comment", "count"), [("changes", 0), ("always", 1)])
def test_of_nothing_to_do_only_who_wants_to_hear_it_is_told(world: World, comment: str, count: int) -> None:
    pull = world.branch("notes", "actions/greet/cases.yaml", "name: greets", "name: says hello")
    world.merge(pull)
    assert world.deploy("--comment", comment) == 0
    assert len(world.github.state.comments_on(pull.number)) == count
    assert world.deployments == [("local", ["success"])]


def test_a_broken_file_is_told_at_its_place_and_nothing_is_asked_of_the_tenant(world: World) -> None:
    pull = world.branch("broken", "actions/greet/action.yaml", "trigger: post-login", "trigger: post-logn")
    world.merge(pull)
    assert world.deploy() == 1
    (note,) = world.check().annotations
    assert (note["path"], note["start_line"]) == ("actions/greet/action.yaml", 2)
    assert "### Not applied to `local`: it failed" in world.told(pull)
    assert world.deployments == [("local", ["failure"])]


def test_cases_that_fail_are_an_exit_code_of_their_own_and_nothing_is_written(world: World) -> None:
    pull = world.branch("failing", "actions/greet/code.js", "'hello', event.user.email", "'hello', 'nobody'")
    world.shown(pull)
    world.merge(pull)
    assert world.deploy() == 4
    assert "nobody" not in world.runs()
    assert world.deployments == [("local", ["in_progress", "failure"])]
    assert "greets" in world.told(pull)


def test_an_apply_tells_itself_as_json_too(world: World, capsys: Capture) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    capsys.readouterr()
    assert world.deploy("--format", "json") == 0
    (stage,) = json.loads(capsys.readouterr().out)["stages"]
    assert stage["name"] == "apply" and stage["outputs"]["deployed_versions"][0]["name"] == "greet"


def test_a_checkout_without_history_says_less_and_decides_the_same(world: World, tmp_path: Path) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    world.moves(edits_greet)
    shallow = tmp_path / "shallow"
    world.home.git("clone", "-q", "--depth", "1", f"file://{world.home.folder}", str(shallow))
    for kept in ("age-key.txt", ".reconciler"):
        (world.home.folder / kept).rename(shallow / kept)
    world.home = Home(shallow)
    assert world.deploy() == 5
    assert "something else was merged, or the tenant moved" in world.told(pull)


def test_a_pull_request_that_is_not_merged_is_not_applied(world: World, capsys: Capture) -> None:
    pull = world.greeting()
    approved = world.shown(pull)
    world.home.git("checkout", "-q", pull.branch)
    told = world.pull_event(pull)
    assert world.job("apply", "--checksum", approved, event="pull_request", payload=told) == 64
    assert f"Pull request #{pull.number} is not merged" in capsys.readouterr().err
    assert not world.runs().startswith("// hello") and not world.github.state.deployments
