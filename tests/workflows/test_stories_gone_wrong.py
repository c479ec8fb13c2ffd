"""What the workflows to copy do where something is withheld, wrong or not approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workflows.scene import Scene

pytestmark = pytest.mark.registry


def test_a_fork_gets_no_secret_and_its_merge_needs_the_checksum_of_a_person(scene: Scene) -> None:
    state = scene.machine.github.state
    scene.git("checkout", "-q", "-b", "from-a-fork")
    scene.change("logged in", "has logged in")
    for tests in (
        "actions/notify-slack/cases.yaml",
        "flows/post-login.cases.yaml",
        "flows/post-login.cases.snapshot.yaml",
    ):
        scene.change("logged in", "has logged in", tests)
    number, opened = scene.opened("from-a-fork", scene.commit("Say it in more words"), fork=True)

    run = scene.run("pull-request", opened)
    assert set(run.results.values()) == {"success"}, run.published
    plan = run.of("plan")[1].steps[1]
    assert "not the tenant `prod`" in plan.summary and "has logged in" in plan.summary
    assert plan.outputs["checksum"] == ""
    assert not state.comments and not state.checks and not state.statuses

    asked_before = len(state.requests)
    merged = scene.run("deploy", scene.merged(number))
    assert not [each.path for each in state.requests[asked_before:] if each.status == 403]
    assert merged.results == {"tenants": "success", "apply (staging)": "failure", "apply (prod)": "cancelled"}
    refused = merged.of("deploy")[0].steps[1]
    assert refused.outputs["exit-code"] == "5" and refused.outputs["deployed-versions"] == "[]"
    checksum = refused.outputs["checksum"]
    assert checksum in refused.summary

    stopped = scene.by_hand(command="apply", tenant="staging", checksum=checksum, action="", to="")
    cancelling = replace(scene, machine=replace(scene.machine, cancelled_at=" deployed "))
    (job,) = cancelling.run("deploy", stopped).of("deploy")
    assert "everything was put back" in job.steps[1].summary and job.steps[1].outputs["exit-code"] == "1"
    assert list(state.deployments.values())[-1].statuses[-1].state != "success"

    approved = scene.by_hand(command="apply", tenant="staging", checksum=checksum, action="", to="")
    (job,) = scene.run("deploy", approved).of("deploy")
    assert job.result == "success" and '"number":1,' in job.steps[1].outputs["deployed-versions"]


def test_a_mistake_is_shown_where_it_is_and_replaces_the_plan_that_was_shown_before(
    scene: Scene,
) -> None:
    state = scene.machine.github.state
    scene.git("checkout", "-q", "-B", "mistake", scene.main)
    scene.change("runtime: node22", "runtme: node22", "actions/enrich-token/action.yaml")
    number, opened = scene.opened("mistake", scene.commit("Use a newer Node"))
    run = scene.run("pull-request", opened)
    assert run.results == dict.fromkeys(("validate", "test", "plan (staging)", "plan (prod)"), "failure")
    told = {each.body.splitlines()[0]: each.body for each in state.comments_on(number)}
    assert any("prod" in first and "runtme" in body for first, body in told.items())
    assert not any(each["checksum"] for job in run.of("plan") for each in [job.steps[1].outputs])
    check = state.checks_of(scene.git("rev-parse", "mistake"))["reconciler / validate"]
    assert check.conclusion == "failure"
    assert [(each["path"], each["start_line"]) for each in check.annotations] == [
        ("actions/enrich-token/action.yaml", 6)
    ]


def test_a_mistake_in_main_keeps_nobody_from_rolling_back(scene: Scene) -> None:
    scene.git("checkout", "-q", "main")
    scene.change("runtime: node22", "runtme: node22", "actions/enrich-token/action.yaml")
    scene.main = scene.commit("Use a newer Node")
    scene.git("push", "-q", "origin", "main")
    inputs = {"tenant": "staging", "checksum": "", "action": "enrich-token", "to": "1"}
    refused = scene.run("deploy", scene.by_hand(command="apply", **inputs))
    assert (refused.results["tenants"], refused.of("deploy")[0].result) == ("failure", "skipped")
    tried = scene.run("deploy", scene.by_hand(command="rollback", **inputs))
    assert tried.results["tenants"] == "success"
    assert "reconciler / rollback (staging)" in tried.of("deploy")[0].log
