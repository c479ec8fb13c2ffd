"""Where a stage is told, and what happens where it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.report.pipeline.markers import parse_marker
from tests.ci.job import Job
from tests.github.standin.state import READ_ONLY, TOKEN

CHECK = "reconciler / plan (local)"


def moved_into(job: Job, folder: str) -> Path:
    """The repository in a folder of a larger git repository."""
    top = job.home.folder
    (top / folder).mkdir()
    for path in [each for each in top.iterdir() if each.name not in (".git", folder)]:
        path.rename(top / folder / path.name)
    job.home.commit(f"move it into {folder}")
    return top / folder


def test_a_repository_in_a_folder_is_marked_by_paths_from_the_top(job: Job) -> None:
    folder = moved_into(job, "identity")
    (folder / "actions/guard/action.yaml").write_text("name: guard\ntrigger: nowhere\n", encoding="utf-8")
    job.home.commit("break it")
    job.start_pull()
    job.at = folder
    assert job.run("validate") == 1
    (remark,) = job.checks["reconciler in identity / validate"].annotations
    assert remark["path"] == "identity/actions/guard/action.yaml"


def test_repositories_that_share_a_pull_request_have_comments_of_their_own(job: Job) -> None:
    job.start_pull()
    job.run("plan")
    folder = moved_into(job, "identity")
    job.start_pull()
    job.at = folder
    job.run("plan")
    markers = [parse_marker(comment.body) for comment in job.comments]
    assert [(marker.repo, marker.tenant) for marker in markers if marker] == [(".", "local"), ("identity", "local")]


def test_repositories_that_share_a_commit_have_checks_and_plans_of_their_own(job: Job) -> None:
    folder = moved_into(job, "identity")
    job.start_pull()
    job.at = folder
    job.run("plan")
    assert list(job.checks) == ["reconciler in identity / plan (local)"]
    assert job.outputs["plan-json"].endswith("/reconciler/identity/plan-local.json")
    job.github.state.fail("answer", "POST check-runs", times=9, status=403, body={"message": "no"})
    job.run("plan")
    assert [each.context for each in job.github.state.statuses] == ["reconciler in identity / plan (local)"]


def test_a_conversation_that_is_locked_is_a_warning(job: Job) -> None:
    job.start_pull()
    locked = {"message": "Unable to create comment because issue is locked."}
    job.github.state.fail("answer", "POST comments", times=9, status=403, body=locked)
    assert job.run("plan") == 0
    assert "::warning title=reconciler::It was not possible to write the comment of local on #1" in job.stdout
    assert "issue is locked" in job.stdout
    assert job.checks[CHECK].conclusion == "success"


def test_a_comment_that_somebody_deleted_meanwhile_is_made_anew(job: Job) -> None:
    job.start_pull()
    job.run("plan")
    job.home.change("actions/guard/code.js", "not you", "nor you")
    job.home.commit("say it better")
    job.start_pull()
    job.github.state.fail("answer", "PATCH comments", status=404, body={"message": "Not Found"})
    assert job.run("plan") == 0
    assert len(job.comments) == 2  # the stand-in kept the one that it said was gone
    assert "nor you" in job.comments[1].body


def test_the_other_token_will_do_and_an_enterprise_has_its_api_elsewhere(job: Job) -> None:
    job.start_pull(GITHUB_TOKEN="", GH_TOKEN=TOKEN, GITHUB_API_URL=f"{job.github.url}/api/v3")
    assert job.run("plan") == 0
    assert len(job.comments) == 1


def test_a_step_without_a_token_says_that_github_hears_nothing(job: Job) -> None:
    job.start_pull(GITHUB_TOKEN="")
    assert job.run("plan") == 0
    assert "::warning title=reconciler::No GITHUB_TOKEN in the environment" in job.stdout
    assert job.run("plan", "--dry-run") == 0
    assert "No GITHUB_TOKEN" not in job.log
    assert job.github.state.requests == []


def test_a_run_whose_token_only_reads_marks_problems_all_the_same(job: Job) -> None:
    job.home.write("actions/guard/action.yaml", "name: guard\ntrigger: nowhere\n")
    job.home.commit("break it")
    job.github.state.tokens[TOKEN] = READ_ONLY
    job.start_pull(fork=True)
    assert job.run("validate") == 1
    assert "\n::error file=actions/guard/action.yaml,line=2,col=10,title=reconciler validate::" in job.stdout


def test_what_is_no_text_in_the_name_of_a_file_keeps_nothing_from_being_told(job: Job) -> None:
    folder = job.home.folder / "actions" / os.fsdecode(b"na\xefve")
    folder.mkdir()
    (folder / "action.yaml").write_text("name: naive\ntrigger: nowhere\n", encoding="utf-8")
    job.home.commit("odd name")
    job.start_pull()
    assert job.run("validate") == 1
    assert job.checks["reconciler / validate"].conclusion == "failure"
    assert "na\\udcefve" in job.summary


def test_a_folder_without_a_repository_is_told_and_an_output(job: Job, tmp_path: Path) -> None:
    job.start_pull()
    (tmp_path / "empty").mkdir()
    job.at = tmp_path / "empty"
    assert job.run("plan") == 1
    assert "There is no reconciler.yaml in" in job.log
    assert job.outputs["exit-code"] == "1"


@pytest.mark.parametrize("event", ["push", "schedule", "workflow_dispatch"])
def test_without_a_pull_request_there_is_a_check_and_no_comment(job: Job, event: str) -> None:
    job.start(event, {})
    assert job.run("plan") == 0
    assert job.checks[CHECK].conclusion == "success"
    assert not [each for each in job.github.state.requests if "comments" in each.path]


def test_nothing_of_ours_is_a_comment_where_only_files_are_looked_at(job: Job) -> None:
    job.start_pull()
    job.run("validate", "--comment", "always")
    job.run("test", "--comment", "always")
    assert job.comments == []
    assert {each.path.rpartition("/")[2] for each in job.github.state.writes} == {"check-runs"}


def test_an_older_run_that_is_run_again_does_not_hide_what_a_merge_would_apply(job: Job) -> None:
    job.start_pull()
    job.run("plan")
    shown = job.comments[0].body
    job.home.change("actions/guard/code.js", "not you", "nor you")
    job.github.state.pulls[job.pull].sha = job.home.commit("say it better")
    job.home.git("checkout", "-q", "HEAD~1")
    job.home.change("actions/guard/code.js", "not you", "never you")
    assert job.run("plan") == 0
    assert job.comments[0].body == shown
    assert "left alone, as it is at" in job.log


def test_a_run_after_the_merge_leaves_what_the_deploy_said(job: Job) -> None:
    job.start_pull()
    job.github.state.merge(job.pull, "c" * 40)
    assert job.run("plan") == 0
    assert job.comments == []
    assert "left alone, as it is merged" in job.log
