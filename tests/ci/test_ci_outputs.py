"""The outputs of a step: what they are called, and what they say of several stages."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import yaml

from reconciler.cli import status
from reconciler.cli.ci import STAGES
from reconciler.cli.lazy import module_in
from reconciler.errors import Exit
from reconciler.model.pipeline import DeployedVersion, Outputs
from reconciler.run.ci.outputs import OUTPUTS, joined
from tests.ci.job import Job

ROOT = Path(__file__).parents[2]
VERSION = DeployedVersion(tenant="dev", name="greet", number=3, commit="a" * 40)


def test_the_action_gives_on_every_output_and_no_other() -> None:
    action = yaml.safe_load((ROOT / ".github/actions/reconcile/action.yml").read_text(encoding="utf-8"))
    assert set(action["outputs"]) == set(OUTPUTS)


def test_the_help_tells_every_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["ci", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for name, meaning in OUTPUTS.items():
        assert f"{name} {meaning}" in told


@pytest.mark.parametrize("name", STAGES)
def test_the_help_of_every_stage_is_the_one_in_the_list(name: str) -> None:
    command = importlib.import_module(module_in("reconciler.cli.ci", name)).command
    assert command.get_short_help_str(200) == STAGES[name]


def test_counts_of_several_tenants_are_added_up_and_paths_stand_on_a_line_each() -> None:
    one = Outputs(
        changes=True, to_create=1, checksum="1" * 64, plan_json="/a", commit="c", deployed_versions=(VERSION,)
    )
    one = one.model_copy(update={"deployed_versions": (VERSION,)})
    two = Outputs(drift=True, to_create=2, to_delete=3, checksum="2" * 64, plan_json="/b", commit="c")
    assert joined([one, two], Exit.STALE) == Outputs(
        changes=True,
        to_create=3,
        to_delete=3,
        drift=True,
        plan_json="/a\n/b",
        deployed_versions=(VERSION,),
        commit="c",
        exit_code=5,
    )
    assert joined([one], Exit.DONE) == one


def test_no_stage_makes_outputs_that_say_nothing() -> None:
    assert joined([], Exit.DONE) == Outputs()


@pytest.mark.parametrize("args", [["plan", "--nonsense"], ["pln"], ["plan", "--comment", "sometimes"]])
def test_a_wrong_command_line_is_told_to_the_steps_after(job: Job, args: list[str]) -> None:
    job.start("push", {})
    assert job.run(*args) == 64
    assert job.outputs == {"exit-code": "64"}


@pytest.mark.parametrize("args", [["\n::error::x"], ["plan", "\n::error::x"], ["plan", "--comment", "\n::error::x"]])
def test_a_wrong_command_line_is_no_command_of_the_runner(job: Job, args: list[str]) -> None:
    job.start("push", {})
    assert job.run(*args) == 64
    assert "error::x" in job.log
    assert not [line for line in job.log.split("\n") if line.startswith("::")]


def test_outputs_that_cannot_be_written_change_no_exit_code(job: Job) -> None:
    job.start_pull(GITHUB_OUTPUT=str(job.folder / "none" / "output"))
    assert job.run("validate") == 0
    assert "::warning title=reconciler::The outputs of this step cannot be written: No such file" in job.log


def test_a_summary_that_cannot_be_written_changes_no_exit_code(job: Job) -> None:
    job.start_pull(GITHUB_STEP_SUMMARY=str(job.folder / "none" / "summary"))
    assert job.run("validate") == 0
    assert "The step summary cannot be written: No such file" in job.log
    assert job.checks["reconciler / validate"].conclusion == "success"


def test_a_summary_that_is_full_is_left_as_it_is(job: Job) -> None:
    job.start_pull()
    full = job.folder / "full"
    full.write_text("x" * (1024 * 1024 - 100), encoding="utf-8")
    job.set(GITHUB_STEP_SUMMARY=str(full))
    assert job.run("validate") == 0
    assert full.stat().st_size == 1024 * 1024 - 100
    assert "The step summary is full: reconciler / validate is not told in it." in job.log


def test_an_odd_event_ends_with_a_place_and_no_traceback(job: Job) -> None:
    job.start("pull_request", {"pull_request": {}})
    assert job.run("validate") == 1
    assert f"{job.folder}/event.json: this event cannot be used: it does not say 'head'." in job.log
    assert job.outputs["exit-code"] == "1"


def test_a_token_that_is_none_is_told_rather_than_gone_without(job: Job) -> None:
    job.start_pull(GITHUB_TOKEN="not a token")
    assert job.run("validate") == 1
    assert "The token for GitHub is empty or not one." in job.log
    assert "not a token" not in job.log
