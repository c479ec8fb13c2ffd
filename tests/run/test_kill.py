"""A kill -9 at any moment is healed by the next apply (law 5)."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from tests.run.conftest import Home

MOMENTS = 20
LONGEST_SECONDS = 1.8


def second(home: Home, number: int) -> None:
    """Other content each time: a secret that changes, an action that comes or goes, the flow turned round."""
    home.write("actions/greet/code.js", f"exports.onExecutePostLogin = async () => {{ console.log({number}); }};\n")
    home.write("actions/greet/cases.yaml", "- name: runs\n  expect: {api: []}\n")
    old = (home.folder / "actions/greet/action.yaml").read_text(encoding="utf-8").rpartition("LEVEL:")[0]
    home.write("actions/greet/action.yaml", f"{old}LEVEL: {{value: level-{number}}}\n")
    names = ["guard", "greet"] if number % 2 else ["greet", "extra"]
    if number % 2:
        home.git("rm", "-rqf", "--ignore-unmatch", "actions/extra")
    else:
        home.write("actions/extra/action.yaml", "name: extra\ntrigger: post-login\n")
        home.write("actions/extra/code.js", "exports.onExecutePostLogin = async () => {};\n")
    home.write("flows/post-login.yaml", f"trigger: post-login\nbindings: [{', '.join(names)}]\n")
    home.commit(f"change {number}")


@pytest.mark.parametrize("number", range(MOMENTS))
def test_an_apply_that_is_killed_is_healed_by_the_next(home: Home, number: int) -> None:
    moment = random.Random(number).uniform(0.3, LONGEST_SECONDS)
    if number % 4:
        assert home.reconciler("apply", "--yes") == 0
        second(home, number)
    command = [sys.executable, "-m", "reconciler", "apply", "--yes", "--repo", str(home.folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        time.sleep(moment)
        killed.kill()
    assert home.reconciler("apply", "--yes") == 0
    assert home.reconciler("plan", "--detailed-exitcode") == 0
