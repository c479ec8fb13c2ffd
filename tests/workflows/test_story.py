"""One story, told by the workflows to copy as GitHub would run them: a pull request, its merge, drift, a rollback.

Bash tells every command (`-x`), and RUNNER_DEBUG is set: what shows then shows at its worst.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconciler.auth0.gateway import GatewayContext
from reconciler.desired.tenant_documents import LocalTenant
from reconciler.run.session import inside, open_embedded
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.run.drifting import Hands
from tests.workflows.runner import Run
from tests.workflows.scene import Scene

pytestmark = pytest.mark.registry

HANDLER = "exports.onExecutePostLogin = async (event, api) => {\n"
PROBING = (
    "  const found = Object.keys(process.env).filter((name) => /TOKEN|SECRET|KEY|GITHUB/.test(name));\n"
    "  if (found.length) throw new Error(`an action can see ${found}`);\n"
)
HOTFIX = "exports.onExecutePostLogin = async () => { /* hotfix */ };\n"


@dataclass
class Story:
    """What came of each chapter; GitHub and the tenants are as they are at the end of it."""

    scene: Scene
    number: int = 0
    runs: dict[str, Run] = field(default_factory=dict)
    comments: dict[str, list[str]] = field(default_factory=dict)
    issues: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def run(self, chapter: str, workflow: str, event: Any) -> Run:
        """Runs a workflow and keeps what people see after it."""
        self.runs[chapter] = self.scene.run(workflow, event)
        state = self.scene.machine.github.state
        self.comments[chapter] = [each.body for each in state.comments_on(self.number)]
        self.issues[chapter] = [(each.title, each.state) for each in state.issues.values()]
        return self.runs[chapter]


def played(scene: Scene) -> Story:
    """The whole story."""
    told = Story(scene)
    scene.git("checkout", "-q", "-b", "words")
    scene.change(HANDLER, HANDLER + PROBING)
    told.number, opened = scene.opened("words", scene.commit("Look for what is not there"))
    told.run("pull request", "pull-request", opened)
    told.run("merge", "deploy", scene.merged(told.number))
    by_hand(scene, "staging")
    told.run("seen once", "drift", scene.at_the_hour())
    told.run("seen twice", "drift", scene.at_the_hour())
    inputs = {"command": "rollback", "tenant": "staging", "checksum": "", "action": "enrich-token", "to": "1"}
    told.run("rollback", "deploy", scene.by_hand(**inputs))
    return told


def test_a_pull_request_is_planned_merged_and_deployed_watched_and_rolled_back(scene: Scene) -> None:
    """One test, since the story takes a while: each sentence below is looked at in the same telling of it."""
    story = played(scene)
    every_job_succeeds(story)
    a_pull_request_is_checked_tested_and_planned_for_each_tenant(story)
    the_plan_is_in_a_comment_for_each_tenant_and_an_artifact_for_each(story)
    what_was_approved_is_deployed_in_order_of_promotion(story)
    the_pull_request_is_told_of_the_deploy_in_the_comments_that_are_there(story)
    drift_is_told_in_an_issue_once_it_stood_in_two_runs(story)
    the_report_of_drift_is_an_artifact(story)
    a_rollback_by_hand_is_one_of_that_tenant_only(story)
    nothing_is_refused_to_tokens_that_may_only_what_their_jobs_ask_for(story)
    no_secret_shows_in_a_log_a_summary_an_output_an_artifact_or_a_request(story)


def by_hand(scene: Scene, tenant: str) -> None:
    """Somebody deploys a hotfix in the dashboard."""

    async def played(place: Workplace) -> None:
        async with (
            open_embedded(place, tenant, LocalTenant(type="local")) as embedded,
            GatewayContext(inside(embedded), agent="auth0-dashboard/1.0", clock=place.clock, writes=True) as gateway,
        ):
            await Hands(gateway).edit("enrich-token", deploy=True, code=HOTFIX)

    settings = Settings(scene.clone, {"RECONCILER_STATE": str(scene.machine.shared / "state")})
    with open_workplace(settings) as place:
        asyncio.run(played(place))


def every_job_succeeds(story: Story) -> None:
    for chapter, run in story.runs.items():
        assert run.jobs and set(run.results.values()) <= {"success", "skipped"}, f"{chapter}: {run.published}"


def a_pull_request_is_checked_tested_and_planned_for_each_tenant(story: Story) -> None:
    run = story.runs["pull request"]
    assert run.results == dict.fromkeys(("validate", "test", "plan (staging)", "plan (prod)"), "success")
    assert [job.environment for job in run.of("plan")] == ["staging-plan", "prod-plan"]
    state = story.scene.machine.github.state
    checks = state.checks_of(state.pulls[story.number].sha)
    assert set(checks) == {
        "reconciler / validate",
        "reconciler / test",
        "reconciler / plan (staging)",
        "reconciler / plan (prod)",
    }


def the_plan_is_in_a_comment_for_each_tenant_and_an_artifact_for_each(story: Story) -> None:
    assert len(story.comments["pull request"]) == 2
    for tenant, job in zip(("staging", "prod"), story.runs["pull request"].of("plan"), strict=True):
        plan = story.scene.machine.shared / "artifacts" / f"plan-{tenant}"
        outputs = job.steps[1].outputs
        assert outputs["to-create"] == "3" and outputs["changes"] == "true" and outputs["exit-code"] == "0"
        assert outputs["checksum"] == json.loads(plan.read_text())["checksum"]
        assert any(outputs["checksum"] in comment for comment in story.comments["pull request"])


def what_was_approved_is_deployed_in_order_of_promotion(story: Story) -> None:
    planned = {job.name: job.steps[1].outputs["checksum"] for job in story.runs["pull request"].of("plan")}
    jobs = story.runs["merge"].of("deploy")
    assert [job.name for job in jobs] == ["apply (staging)", "apply (prod)"]
    assert [job.environment for job in jobs] == ["staging", "prod"]
    assert [job.concurrency["group"] for job in jobs] == ["reconciler-staging", "reconciler-prod"]
    for job in jobs:
        outputs = job.steps[1].outputs
        assert outputs["checksum"] == planned[job.name.replace("apply", "plan")]
        assert outputs["commit"] == story.scene.main
        made = json.loads(outputs["deployed-versions"])
        assert [(each["name"], each["number"], each["commit"]) for each in made] == [
            (name, 1, story.scene.main) for name in ("block-disposable-email", "enrich-token", "notify-slack")
        ]


def the_pull_request_is_told_of_the_deploy_in_the_comments_that_are_there(story: Story) -> None:
    assert len(story.comments["merge"]) == 2
    assert all(story.scene.main[:12] in comment for comment in story.comments["merge"])
    assert [each.environment for each in story.scene.machine.github.state.deployments.values()][:2] == [
        "staging",
        "prod",
    ]


def drift_is_told_in_an_issue_once_it_stood_in_two_runs(story: Story) -> None:
    assert story.issues["seen once"] == []
    ((title, state),) = story.issues["seen twice"]
    assert "staging" in title and state == "open"
    assert [job.steps[2].outputs["drift"] for job in story.runs["seen twice"].of("drift")] == ["true", "false"]


def the_report_of_drift_is_an_artifact(story: Story) -> None:
    report = story.scene.machine.shared / "artifacts" / "drift-staging"
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


def a_rollback_by_hand_is_one_of_that_tenant_only(story: Story) -> None:
    (job,) = story.runs["rollback"].of("deploy")
    assert job.name == "rollback (staging)" and job.environment == "staging"
    assert [each["name"] for each in json.loads(job.steps[1].outputs["deployed-versions"])] == ["enrich-token"]


def nothing_is_refused_to_tokens_that_may_only_what_their_jobs_ask_for(story: Story) -> None:
    refused = [f"{each.method} {each.path}" for each in story.scene.machine.github.state.requests if each.status == 403]
    assert refused == []


def no_secret_shows_in_a_log_a_summary_an_output_an_artifact_or_a_request(story: Story) -> None:
    shown = {f"run {name}": run.published for name, run in story.runs.items()}
    shown |= {str(file): text(file) for file in story.scene.machine.shared.rglob("*") if published(file)}
    for each in story.scene.machine.github.state.requests:
        headers = {name: value for name, value in each.headers.items() if name != "authorization"}
        shown[f"{each.method} {each.path}"] = f"{each.path} {each.query} {headers} {each.body}"
    for where, what in shown.items():
        for secret in story.scene.secret_values():
            assert secret not in what, where


def published(file: Path) -> bool:
    """Whether others get to see a file of the runner."""
    return file.is_file() and ("artifacts" in file.parts or "caches" in file.parts)


def text(file: Path) -> str:
    """What is in it."""
    return file.read_text(encoding="utf-8")
