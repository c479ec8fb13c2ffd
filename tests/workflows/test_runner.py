"""That the runner of these tests does what GitHub's does, as far as the workflows need it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.github.standin import serving
from tests.workflows.evaluator import Evaluator
from tests.workflows.machine import Event, Machine
from tests.workflows.runner import Run, combinations, run_workflow
from tests.workflows.steps import assigned

pytestmark = pytest.mark.registry
JOB = "    permissions: {contents: read}\n    steps:\n"


@pytest.fixture
def machine(tmp_path: Path, evaluator: Evaluator) -> Machine:
    with serving() as github:
        return Machine(evaluator, github, tmp_path / "remote", tmp_path, trace=False)


def ran(machine: Machine, jobs: str, **event: str) -> Run:
    """Runs the jobs of a workflow, with a secret for each of two environments and one for all."""
    file = machine.folder / "workflow.yml"
    file.write_text(f"on: push\njobs:\n{jobs}")
    secrets = {"": {"ALL": "a"}, "prod": {"OWN": "p"}, "dev": {"OWN": "d"}}
    return run_workflow(machine, file, Event("push", {}, "refs/heads/main", "0" * 40, inputs=event), secrets)


def test_a_step_after_a_failed_one_runs_only_where_it_asks_for_that(machine: Machine) -> None:
    steps = "".join(
        f"      - run: echo {name}{condition}\n"
        for name, condition in (
            ("first; exit 3", ""),
            ("by-itself", ""),
            ("plain", "\n        if: true"),
            ("always", "\n        if: always()"),
            ("wrapped", "\n        if: ${{ failure() }}"),
        )
    )
    (job,) = ran(machine, f"  one:\n{JOB}{steps}").jobs
    assert (job.result, job.log.split(), job.codes) == ("failure", ["first", "always", "wrapped"], [3, 0, 0])


def test_a_job_waits_for_what_it_needs_and_is_skipped_where_that_failed(machine: Machine) -> None:
    run = ran(
        machine,
        f"  last:\n    needs: [first]\n{JOB}      - run: echo last\n"
        f"  anyway:\n    needs: first\n    if: always()\n{JOB}      - run: echo anyway\n"
        f"  first:\n{JOB}      - run: exit 1\n",
    )
    assert run.results == {"first": "failure", "last": "skipped", "anyway": "success"}
    assert run.jobs[0].id == "first"


def test_outputs_variables_and_the_path_reach_the_steps_and_jobs_after(machine: Machine) -> None:
    run = ran(
        machine,
        "  first:\n    outputs: {told: '${{ steps.tell.outputs.told }}'}\n" + JOB + "      - id: tell\n        run: |\n"
        '          printf "told<<E\\na\\nb\\nE\\n" >>"$GITHUB_OUTPUT"\n'
        '          echo "SET=set" >>"$GITHUB_ENV"\n'
        '          mkdir bin && printf "#!/bin/sh\\necho mine" >bin/tool && chmod +x bin/tool\n'
        '          echo "$PWD/bin" >>"$GITHUB_PATH"\n'
        '      - run: echo "$SET" && tool\n'
        "  second:\n    needs: first\n" + JOB + '      - run: echo "$TOLD"\n'
        "        env: {TOLD: '${{ needs.first.outputs.told }}'}\n",
    )
    assert [job.log for job in run.jobs] == ["set\nmine\n", "a\nb\n"]


def test_a_matrix_stops_at_the_first_that_fails_and_each_job_gets_its_own_secrets(machine: Machine) -> None:
    run = ran(
        machine,
        "  each:\n    name: each (${{ matrix.tenant }})\n    environment: {name: '${{ matrix.tenant }}'}\n"
        "    strategy: {matrix: '${{ fromJSON(inputs.matrix) }}'}\n"
        + JOB
        + '      - run: echo "$ALL $OWN"; test "$OWN" != p\n'
        "        env: {ALL: '${{ secrets.ALL }}', OWN: '${{ secrets.OWN }}'}\n",
        matrix='{"include":[{"tenant":"dev"},{"tenant":"prod"},{"tenant":"last"}]}',
    )
    assert run.results == {"each (dev)": "success", "each (prod)": "failure", "each (last)": "cancelled"}
    assert [job.log for job in run.jobs] == ["a d\n", "a p\n", ""]


def test_a_job_asks_for_what_its_token_may(machine: Machine) -> None:
    ran(machine, f"  one:\n{JOB}      - run: 'true'\n")
    assert list(machine.github.state.tokens.values())[-1].permissions == {"contents": "read"}


def test_what_github_would_not_read_as_outputs_is_told() -> None:
    assert assigned("a=1\nb<<E\nx\ny\nE\n") == {"a": "1", "b": "x\ny"}
    with pytest.raises(AssertionError, match="not as GitHub reads it"):
        assigned("a=1\nno assignment\n")


def test_a_matrix_is_the_product_of_its_lists_or_what_it_includes() -> None:
    assert combinations({"a": [1, 2], "b": ["x"]}) == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    assert combinations({"include": [{"a": 1}, {"b": 2}]}) == [{"a": 1}, {"b": 2}]
    assert combinations({}) == [{}]


def test_expressions_are_githubs_own(evaluator: Evaluator) -> None:
    inputs = {"inputs": {"to": 'v1" --all', "action": "greet"}}
    assert evaluator.text("--to=${{ toJSON(inputs.to) }} ${{ inputs.none }}.", inputs) == '--to="v1\\" --all" .'
    assert evaluator.filled({"a": ["${{ fromJSON('[1]') }}", "x${{ true }}"]}, {}) == {"a": [[1], "xtrue"]}
    assert evaluator.value("'A' == 'a'", {}) is True
    with pytest.raises(ValueError, match="Unrecognized named-value: 'nothing'"):
        evaluator.value("nothing.here", {})
