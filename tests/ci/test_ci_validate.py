"""`reconciler ci validate`: problems are shown where they are."""

from __future__ import annotations

import json
from dataclasses import replace

from reconciler.report.pipeline.markers import parse_marker
from tests.ci.job import Job

CHECK = "reconciler / validate"


def break_it(job: Job) -> None:
    """A mistake on the second line of an action, committed."""
    job.home.write("actions/guard/action.yaml", "name: guard\ntrigger: post-logn\n")
    job.home.commit("break it")


def test_good_files_make_a_check_that_passes(job: Job) -> None:
    job.start_pull()
    assert job.run("validate") == 0
    check = job.checks[CHECK]
    assert (check.conclusion, check.status, check.annotations) == ("success", "completed", [])
    assert check.details_url == "https://github.com/acme/identity/actions/runs/4711/attempts/2"
    assert "2 actions checked, no problems." in job.summary
    assert job.comments == []
    assert job.outputs["exit-code"] == "0"


def test_a_problem_is_marked_on_its_line_and_fails_the_check(job: Job) -> None:
    break_it(job)
    job.start_pull()
    assert job.run("validate") == 1
    check = job.checks[CHECK]
    assert check.conclusion == "failure"
    (note,) = check.annotations
    assert (note["path"], note["start_line"], note["annotation_level"]) == ("actions/guard/action.yaml", 2, "failure")
    assert "post-login" in note["message"]
    assert job.outputs["exit-code"] == "1"
    assert "actions/guard/action.yaml:2" in job.summary
    assert "actions/guard/action.yaml:2:10: there is no trigger 'post-logn'" in job.stderr


def test_without_a_check_the_runner_is_told_of_each_problem(job: Job) -> None:
    break_it(job)
    job.start_pull(GITHUB_TOKEN="")
    assert job.run("validate") == 1
    assert job.github.state.requests == []
    (line,) = [each for each in job.log.splitlines() if each.startswith("::error ")]
    assert line.startswith("::error file=actions/guard/action.yaml,line=2,col=10,title=reconciler validate::")


def test_json_is_one_document_for_other_systems(job: Job) -> None:
    break_it(job)
    assert job.run("validate", "--format", "json") == 1
    (stage,) = json.loads(job.stdout)["stages"]
    assert (stage["name"], stage["conclusion"], stage["exit_code"]) == ("validate", "failure", 1)
    assert stage["annotations"][0]["path"] == "actions/guard/action.yaml"


def test_away_from_github_it_is_a_text(job: Job) -> None:
    assert job.run("validate") == 0
    assert job.stdout.startswith("reconciler / validate: 2 actions checked, no problems.\n")
    assert "::" not in job.log
    assert job.outputs == {}


def with_problems(job: Job, count: int) -> None:
    secrets = "".join(f"  bad-{n}: x y\n" for n in range(count))
    job.home.write("actions/guard/action.yaml", f"name: guard\ntrigger: post-login\nsecrets:\n{secrets}")
    job.home.commit("break it")
    job.start_pull()


def test_more_problems_than_a_check_can_mark_in_a_while_are_in_the_summary_alone(job: Job) -> None:
    with_problems(job, 700)
    assert job.run("validate") == 1
    check = job.checks["reconciler / validate"]
    assert (check.title, len(check.annotations)) == ("700 problems in 1 file.", 500)
    assert "bad-699" in job.summary


def test_a_check_that_is_there_but_for_some_remarks_is_not_written_twice(job: Job) -> None:
    with_problems(job, 60)
    job.github.state.fail("500", "PATCH check-runs")
    assert job.run("validate") == 1
    assert len(job.checks["reconciler / validate"].annotations) == 50
    assert job.github.state.statuses == []
    assert "does not mark all that it tells of" in job.log


def of_tenants(job: Job) -> list[str]:
    markers = (parse_marker(each.body) for each in job.comments)
    return [marker.tenant for marker in markers if marker]


def test_the_comment_of_a_tenant_that_the_pull_request_has_no_more_goes(job: Job) -> None:
    alike = (job.home.folder / "tenants/local.yaml").read_text(encoding="utf-8")
    for name in ("dev", "prod"):
        job.home.write(f"tenants/{name}.yaml", alike)
    job.home.commit("two tenants")
    job.start_pull()
    assert job.run("plan", "--tenant", "dev,prod") == 0
    foreign = job.github.state.comments[9001] = replace(job.comments[0], id=9001, author="mallory")
    job.home.git("mv", "tenants/dev.yaml", "tenants/stage.yaml")
    job.home.write("tenants/prod.yaml", "type: [\n")
    job.github.state.pulls[job.pull].sha = job.home.commit("call it stage")
    assert job.run("validate") == 1  # of the push before, run again
    assert of_tenants(job) == ["dev", "prod", "dev"]
    job.start_pull()
    assert job.run("validate", "--comment", "never") == 1
    assert job.run("validate", "--dry-run") == 1
    assert of_tenants(job) == ["dev", "prod", "dev"]
    assert job.run("validate") == 1
    assert of_tenants(job) == ["prod", "dev"]
    assert foreign in job.comments


def test_comments_that_cannot_be_looked_for_are_a_warning(job: Job) -> None:
    job.start_pull()
    job.github.state.fail("answer", "GET comments", times=9, status=403, body={"message": "no"})
    assert job.run("validate") == 0
    assert "were not looked for" in job.log
