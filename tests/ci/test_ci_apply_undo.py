"""An apply that fails half-way in a pipeline, or is told to stop: what was undone, and what GitHub is told of it.

The tenant is a served one, so that the faults are those of a wire; such a test takes as long as a server to start.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.ci.deploying import World, deployed_template, world
from tests.github.standin.state import Pull
from tests.run.test_serve_faults import SERVED, served

__all__ = ["deployed_template", "world"]

Capture = pytest.CaptureFixture[str]
BINDINGS = "PATCH /api/v2/actions/triggers/*/bindings"
CREATES = "POST /api/v2/actions/actions"


@contextmanager
def failing(world: World, *faults: str) -> Iterator[Pull]:
    """A pull request that was merged to make everything in a new tenant, in which something goes wrong."""
    world.home.write("tenants/served.yaml", SERVED)
    world.home.commit("a served tenant")
    world.tenant = "served"
    path = world.folder / "faults.yaml"
    path.write_text("".join(f"- {each}\n" for each in faults))
    with served(world.home, "--faults", str(path)):
        pull = world.greeting()
        world.shown(pull)
        world.merge(pull)
        yield pull


def test_a_failure_is_undone_and_the_pull_request_says_what_was_put_back(world: World) -> None:
    with failing(world, f"{{route: {BINDINGS}, call: 1, do: 409}}") as pull:
        assert world.deploy() == 1
        told = world.told(pull)
        assert "### Not applied to `served`: it failed, and everything was put back" in told
        assert "put back: greet: " in told and "put back: guard: " in told
        assert "Next: mend what is named above, then run this job again: the plan is still the one" in told
        assert told.index("Not applied") < told.index("The plan as it was shown before")
        assert world.deployments == [("served", ["in_progress", "failure"])]
        assert world.check().conclusion == "failure" and world.outputs["deployed-versions"] == "[]"
        assert world.deploy() == 0
        assert "### Applied" in world.told(pull) and world.told(pull).count("The plan as it was shown before") == 1


def test_what_could_not_be_undone_is_told_with_what_to_do(world: World) -> None:
    undoing = "{route: DELETE /api/v2/actions/actions/*, do: 403}"
    with failing(world, f"{{route: {BINDINGS}, call: 1, do: 409}}", undoing) as pull:
        assert world.deploy() == 1
        told = world.told(pull)
        assert "it failed, and not everything could be put back" in told
        assert "**left behind**: greet: " in told
        assert "gh workflow run deploy.yml -f tenant=served -f checksum=" in told


def test_a_job_that_is_cancelled_puts_everything_back_and_leaves_no_deployment_under_way(
    world: World, capsys: Capture
) -> None:
    with failing(world, f"{{route: {CREATES}, call: 2, do: slow, seconds: 2}}") as pull:
        assert world.deploy("--dry-run") == 0  # which sets the environment of the job
        command = [sys.executable, "-m", "reconciler", "ci", "apply", "--tenant", "served"]
        with subprocess.Popen(
            [*command, "--repo", str(world.home.folder)],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=dict(os.environ),
        ) as job:
            assert job.stderr is not None
            assert next(line for line in job.stderr if "staged" in line)
            job.send_signal(signal.SIGTERM)
            rest = job.stderr.read()
        assert job.returncode == 1, rest
        assert world.deployments == [("served", ["in_progress", "error"])]
        told = world.told(pull)
        assert "Stopped on request." in told and "put back: " in told
        assert world.check().conclusion == "failure"
        capsys.readouterr()
        assert world.home.reconciler("plan", "--tenant", "served") == 0
        assert "Plan: 2 to create" in capsys.readouterr().out


def test_a_job_that_is_cancelled_once_all_is_applied_tells_of_it_all_the_same(world: World) -> None:
    pull = world.greeting()
    world.shown(pull)
    world.merge(pull)
    assert world.deploy("--dry-run") == 0  # which sets the environment of the job
    state = world.github.state
    state.fail("slow", "POST check-runs", seconds=1)
    command = [sys.executable, "-m", "reconciler", "ci", "apply", "--repo", str(world.home.folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=dict(os.environ)) as job:
        while not state.faults[0].heard and job.poll() is None:
            time.sleep(0.02)
        job.send_signal(signal.SIGTERM)
        job.communicate()
    assert job.returncode == 1
    assert world.check().conclusion == "success"
    assert "### Applied" in world.told(pull)


def test_what_could_be_made_stays_where_the_job_is_to_keep_going_and_the_rest_can_be_approved(world: World) -> None:
    with failing(world, f"{{route: {BINDINGS}, call: 1, do: 409}}") as pull:
        assert world.deploy("--keep-going") == 1
        told = world.told(pull)
        assert "### Applied" in told and "in part" in told and "| `greet` | 1 |" in told and "flow post-login" in told
        assert world.deployments == [("served", ["in_progress", "failure"])]
        assert world.deploy() == 5
        assert f"-f checksum={world.outputs['checksum']}" in told
        assert world.deploy("--checksum", world.outputs["checksum"], event="workflow_dispatch") == 0
