"""`reconciler ci plan`: what a pull request shows of the tenant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.report.pipeline.markers import parse_marker
from reconciler.run.plan import load_plan
from tests.ci.job import BOT, Job
from tests.github.standin.state import READ_ONLY, TOKEN

CHECK = "reconciler / plan (local)"


def test_a_pull_request_gets_one_comment_a_check_and_outputs(job: Job) -> None:
    job.start_pull()
    assert job.run("plan") == 0
    (comment,) = job.comments
    assert comment.author == BOT
    assert "2 to create" in comment.body
    checksum = job.outputs["checksum"]
    assert len(checksum) == 64
    marker = parse_marker(comment.body)
    assert marker
    assert (marker.tenant, marker.checksum, marker.head) == ("local", checksum, job.home.git("rev-parse", "HEAD"))
    assert f"`{checksum}`" in comment.body
    check = job.checks[CHECK]
    assert (check.conclusion, check.external_id) == ("success", checksum)
    assert job.outputs == {
        "changes": "true",
        "to-create": "2",
        "to-change": "1",
        "to-delete": "0",
        "drift": "false",
        "checksum": checksum,
        "plan-json": str(job.folder / "temp/reconciler/plan-local.json"),
        "plan-markdown": str(job.folder / "temp/reconciler/plan-local.md"),
        "deployed-versions": "[]",
        "commit": job.home.git("rev-parse", "HEAD"),
        "exit-code": "0",
    }


def test_the_plan_in_the_file_is_the_one_that_was_shown(job: Job) -> None:
    job.start_pull()
    job.run("plan")
    plan = load_plan(Path(job.outputs["plan-json"]))
    assert plan.commit == job.outputs["commit"]
    assert job.outputs["checksum"] in Path(job.outputs["plan-markdown"]).read_text(encoding="utf-8")


def test_a_second_push_updates_the_same_comment_and_the_same_text_is_not_sent_again(job: Job) -> None:
    job.start_pull()
    job.run("plan")
    first = job.comments[0]
    job.home.change("actions/guard/code.js", "not you", "nor you")
    job.home.commit("say it better")
    job.start_pull()
    job.run("plan")
    (second,) = job.comments
    assert second.id == first.id
    assert "nor you" in second.body
    before = len(job.github.state.writes)
    job.run("plan")
    written = [f"{each.method} {each.path.rpartition('/')[2]}" for each in job.github.state.writes[before:]]
    assert written == ["POST check-runs"]


def test_the_comment_goes_when_nothing_is_left_to_say(job: Job) -> None:
    job.start_pull()
    job.run("plan")
    assert job.home.reconciler("apply", "--yes") == 0
    assert job.run("plan") == 0
    assert job.comments == []
    assert job.outputs["changes"] == "false"
    assert job.checks[CHECK].title == "Nothing to change."


def test_a_comment_can_always_be_there_and_never(job: Job) -> None:
    assert job.home.reconciler("apply", "--yes") == 0
    job.start_pull()
    job.run("plan", "--comment", "always")
    assert "Nothing to change." in job.comments[0].body
    asked = len(job.github.state.requests)
    job.run("plan", "--comment", "never")
    assert not [each for each in job.github.state.requests[asked:] if "comments" in each.path]
    assert len(job.comments) == 1
    job.run("plan", "--comment", "changes")
    assert job.comments == []


def test_duplicates_are_deleted_and_others_comments_never_touched(job: Job) -> None:
    job.start_pull()
    job.run("plan")
    ours = job.comments[0]
    state = job.github.state
    for number, author in ((9001, BOT), (9002, "mallory")):
        state.comments[number] = type(ours)(number, job.pull, ours.body, author, ours.created_at, ours.created_at)
    job.run("plan")
    assert [(each.id, each.author) for each in job.comments] == [(ours.id, BOT), (9002, "mallory")]
    assert job.home.reconciler("apply", "--yes") == 0
    job.run("plan")
    assert [each.id for each in job.comments] == [9002]


def test_each_tenant_has_a_stage_and_a_comment_of_its_own(job: Job) -> None:
    for name in ("dev", "prod"):
        job.home.write(f"tenants/{name}.yaml", (job.home.folder / "tenants/local.yaml").read_text(encoding="utf-8"))
    job.home.commit("two tenants")
    job.start_pull()
    assert job.run("plan", "--tenant", "dev,prod") == 0
    assert [parse_marker(each.body).tenant for each in job.comments] == ["dev", "prod"]  # type: ignore[union-attr]
    assert {"reconciler / plan (dev)", "reconciler / plan (prod)"} == set(job.checks)
    assert (job.outputs["to-create"], job.outputs["checksum"]) == ("4", "")
    assert [Path(each).name for each in job.outputs["plan-json"].split("\n")] == ["plan-dev.json", "plan-prod.json"]


def test_one_tenant_that_fails_does_not_hide_the_other(job: Job) -> None:
    job.home.write("tenants/dev.yaml", (job.home.folder / "tenants/local.yaml").read_text(encoding="utf-8"))
    job.home.write("tenants/prod.yaml", "type: auth0\ndomain: acme.eu.auth0.com\nsecrets: secrets/local.sops.yaml\n")
    job.home.commit("two tenants")
    job.start("push", {})
    assert job.run("plan", "--tenant", "*") == 1
    checks = {name: check.conclusion for name, check in job.checks.items()}
    assert checks["reconciler / plan (prod)"] == "failure"
    assert checks["reconciler / plan (dev)"] == "success"
    assert job.outputs["exit-code"] == "1"
    assert "  Set AUTH0_ACCESS_TOKEN, or AUTH0_CLIENT_ID with" in job.stderr


def test_a_refusal_fails_with_3_unless_it_is_not_asked_for(job: Job) -> None:
    job.home.reconciler("apply", "--yes")
    job.home.git("rm", "-rq", "actions/greet", "actions/guard", "flows")
    job.home.commit("take all away")
    job.start_pull()
    assert job.run("plan") == 3
    assert job.checks[CHECK].conclusion == "failure"
    assert job.outputs["exit-code"] == "3"
    assert job.run("plan", "--fail-on", "nothing") == 0
    assert job.checks[CHECK].conclusion == "neutral"
    assert job.run("plan", "--fail-on", "deletes") == 2


def test_what_it_may_fail_on_is_listed_where_it_is_asked_for_something_else(job: Job) -> None:
    assert job.run("plan", "--fail-on", "stuff") == 64
    assert "'stuff'. It may be changes, deletes, refusals, nothing." in job.stderr


@pytest.mark.parametrize(("fail_on", "code"), [("changes", 2), ("deletes", 0), ("changes,refusals", 2), ("nothing", 0)])
def test_it_fails_on_what_it_is_asked_to_fail_on(job: Job, fail_on: str, code: int) -> None:
    job.start_pull()
    assert job.run("plan", "--fail-on", fail_on) == code
    assert job.outputs["exit-code"] == str(code)
    assert job.checks[CHECK].conclusion == ("failure" if code else "success")


def test_a_merge_queue_is_told_on_its_own_commit(job: Job) -> None:
    job.start("merge_group", {"action": "checks_requested", "merge_group": {}})
    assert job.run("plan") == 0
    assert job.checks[CHECK].external_id == job.outputs["checksum"]
    assert not [each for each in job.github.state.requests if "comments" in each.path]


def test_a_token_that_may_not_write_checks_leaves_a_status_with_the_checksum(job: Job) -> None:
    job.github.state.tokens[TOKEN] = type(READ_ONLY)(
        login="ada", app="", permissions={"statuses": "write", "pull_requests": "write", "issues": "write"}
    )
    job.start_pull()
    assert job.run("plan") == 0
    (status,) = job.github.state.statuses
    assert (status.context, status.state) == (CHECK, "success")
    assert status.description and status.description.endswith(job.outputs["checksum"])
    assert len(status.description) <= 140
    assert job.comments[0].author == "ada"


def test_a_token_that_only_reads_is_a_warning_and_changes_no_exit_code(job: Job) -> None:
    job.github.state.tokens[TOKEN] = READ_ONLY
    job.start_pull()
    assert job.run("plan") == 0
    assert (job.comments, job.checks, job.github.state.statuses) == ([], {}, [])
    warnings = [line for line in job.log.splitlines() if line.startswith("::warning title=reconciler::")]
    assert len(warnings) == 2
    assert "2 to create" in job.summary


def test_a_github_that_fails_is_a_warning_for_each_delivery(job: Job) -> None:
    job.start_pull()
    job.github.state.fail("500", "POST check-runs")
    assert job.run("plan") == 0
    assert [status.context for status in job.github.state.statuses] == [CHECK]
    assert len(job.comments) == 1
    assert "::warning title=reconciler::The check reconciler / plan (local) was not written" in job.log


def test_a_dry_run_sends_nothing_and_shows_what_it_would(job: Job) -> None:
    job.start_pull()
    assert job.run("plan", "--dry-run") == 0
    assert job.github.state.requests == []
    assert f"would write the check {CHECK} on" in job.log
    assert f"would make the comment of local on #{job.pull} say this:" in job.log
    assert job.outputs["changes"] == "true"


def test_away_from_github_the_files_are_in_the_repository_and_nothing_is_sent(job: Job) -> None:
    assert job.run("plan") == 0
    folder = job.home.folder / ".reconciler/ci"
    assert sorted(each.name for each in folder.iterdir()) == ["plan-local.json", "plan-local.md"]
    assert job.home.git("status", "--porcelain") == ""
    assert "2 to create" in job.stdout


def test_a_named_folder_gets_the_plans(job: Job) -> None:
    assert job.run("plan", "--out-dir", str(job.folder / "plans"), "--format", "json") == 0
    (stage,) = json.loads(job.stdout)["stages"]
    assert stage["outputs"]["plan_json"] == str(job.folder / "plans/plan-local.json")


def test_debug_tells_every_request_and_no_token(job: Job) -> None:
    job.start_pull(RUNNER_DEBUG="1")
    job.run("plan")
    told = [line for line in job.log.splitlines() if line.startswith("github: ")]
    assert f"github: POST /repos/acme/identity/issues/{job.pull}/comments 201" in told
    assert len(told) == len(job.github.state.requests)
    assert TOKEN not in job.log
