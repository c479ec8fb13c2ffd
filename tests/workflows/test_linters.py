"""What linters and GitHub's own parser have against the workflow files; and that they would have something to say."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.workflows.documents import ACTION, WORKFLOWS, name_of
from tests.workflows.evaluator import Evaluator

BIN = Path(sysconfig.get_path("scripts"))
SCRIPTS = sorted(ACTION.parent.glob("*.sh"))
USES_THE_ACTION = """\
on: push
jobs:
  job:
    runs-on: ubuntu-24.04
    steps:
      - id: reconcile
        uses: ./.github/actions/reconcile
        with:
          command: plan
          tenant: prod
      - run: test "$CHECKSUM"
        env:
          CHECKSUM: ${{ steps.reconcile.outputs.checksum }}
"""


def actionlint(*paths: Path) -> tuple[int, str]:
    """What actionlint says, with shellcheck looking at every script."""
    command = [
        str(BIN / "actionlint"),
        "-no-color",
        "-oneline",
        "-shellcheck",
        str(BIN / "shellcheck"),
        "-pyflakes",
        "",
    ]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_actionlint_has_nothing_against_the_workflows() -> None:
    assert actionlint(*WORKFLOWS) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("fail-fast: false", "fail-fast: perhaps", "boolean literal"),
        ("needs: validate", "needs: validation", "validation"),
        ("needs.validate.outputs.matrix", "needs.validate.outputs.tenants", "tenants"),
        ("run: reconciler ci matrix", "run: reconciler ci matrix ${{ github.head_ref }}", "untrusted"),
        ("run: reconciler ci matrix", "run: reconciler ci matrix $TENANT", "SC2086"),
        ("matrix.tenant", "matrix.tenant.", "expression"),
        ("checks: write", "check: write", "permission"),
        ("timeout-minutes: 10", "timeout: 10", "timeout"),
    ],
)
def test_actionlint_finds_a_mistake(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    text = next(path for path in WORKFLOWS if path.name == "pull-request.yml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "bad.yml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    code, said = actionlint(tmp_path / "bad.yml")
    assert code == 1 and told in said


def test_actionlint_reads_the_inputs_and_the_outputs_of_the_action(tmp_path: Path) -> None:
    assert used_in(tmp_path, USES_THE_ACTION) == (0, "")
    for right, wrong, told in (
        ("tenant: prod", "tennant: prod", 'input "tennant" is not defined'),
        ("command: plan", "comment: never", 'missing input "command"'),
        ("outputs.checksum", "outputs.checksums", '"checksums" is not defined'),
    ):
        code, said = used_in(tmp_path, USES_THE_ACTION.replace(right, wrong))
        assert code == 1 and told in said


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_shellcheck_has_nothing_against_the_scripts(script: Path) -> None:
    done = subprocess.run([str(BIN / "shellcheck"), str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_shellcheck_finds_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "bad.sh").write_text("#!/usr/bin/env bash\nrm -rf $1/*\n", encoding="utf-8")
    done = subprocess.run(
        [str(BIN / "shellcheck"), str(tmp_path / "bad.sh")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "SC2086" in done.stdout


@pytest.mark.registry
@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=name_of)
def test_githubs_own_parser_has_nothing_against_a_file(evaluator: Evaluator, path: Path) -> None:
    assert evaluator.problems(path) == []


@pytest.mark.registry
def test_githubs_own_parser_finds_a_mistake(evaluator: Evaluator, tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_text(ACTION.read_text(encoding="utf-8").replace("shell: bash", "shel: bash"))
    assert "Unexpected value 'shel'" in str(evaluator.problems(tmp_path / "action.yml"))
    (tmp_path / "bad.yml").write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("steps:", "step:"))
    assert "Unexpected value 'step'" in str(evaluator.problems(tmp_path / "bad.yml"))


def used_in(folder: Path, text: str) -> tuple[int, str]:
    """What actionlint says of a workflow beside the action."""
    workflows, action = folder / ".github" / "workflows", folder / ".github" / "actions" / "reconcile"
    for each in (workflows, action, folder / ".git"):
        each.mkdir(parents=True, exist_ok=True)
    (action / "action.yml").write_text(ACTION.read_text(encoding="utf-8"), encoding="utf-8")
    (workflows / "used.yml").write_text(text, encoding="utf-8")
    return actionlint(workflows / "used.yml")
