"""A kill -9 at any moment is healed by the next apply (law 5)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest

from tests.run.conftest import Home
from tests.run.drifting import GOES_LIVE_SECONDS

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


def applying(home: Home) -> subprocess.Popen[str]:
    """An apply in a process of its own, its progress readable."""
    words = ["apply", "--yes", "--allow", "bound-delete", "--repo", str(home.folder)]
    command = [sys.executable, "-m", "reconciler", *words]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def healed(home: Home) -> bool:
    """Whether the next apply succeeds and leaves nothing to do. It begins when what was deployed last is live: a tenant
    that moves while it plans makes it end with 5, as it should."""
    time.sleep(GOES_LIVE_SECONDS)
    applied = home.reconciler("apply", "--yes", "--allow", "bound-delete")
    return applied == 0 and home.reconciler("plan", "--detailed-exitcode") == 0


def prepared(home: Home, number: int) -> None:
    """A tenant where something runs already, for three of four."""
    if number % 4:
        assert home.reconciler("apply", "--yes") == 0
        second(home, number)


@pytest.mark.parametrize("number", range(MOMENTS))
def test_an_apply_killed_at_a_random_moment_is_healed_by_the_next(home: Home, number: int) -> None:
    prepared(home, number)
    with applying(home) as killed:
        time.sleep(random.Random(number).uniform(0.3, LONGEST_SECONDS))
        killed.kill()
    assert healed(home)


# tested and staged twice, built twice, deployed twice, bound: killed right after each of them, before the end
@pytest.mark.parametrize("lines", range(1, 9))
def test_an_apply_killed_in_the_middle_of_its_work_is_healed_by_the_next(home: Home, lines: int) -> None:
    prepared(home, 2 * lines)
    with applying(home) as killed:
        assert killed.stderr is not None
        for _ in range(lines):
            killed.stderr.readline()
        killed.kill()
    assert killed.returncode == -signal.SIGKILL
    assert healed(home)
