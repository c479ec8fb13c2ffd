"""Runs the same 1,000 cases with `reconciler test`, jest and `node --test`, side by side, and prints a table.

    python -m benchmarks.cases [--actions 100] [--cases 10] [--rounds 12] [--check]

With --check it exits 1 unless reconciler takes at most as long as `node --test` and a third of what jest takes, by the
median of the rounds, and passes the cases that pollute what all code shares. jest comes from the npm registry, by lock.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases.work import work
from benchmarks.cases.written import write_jest, write_node, write_repository
from reconciler.npm import node_executable, npm_script

HERE = Path(__file__).parent
# Python keeps what it compiled, as pip leaves it at an install; some build machines turn that off.
_ENVIRON = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


@dataclass(frozen=True)
class Contestant:
    """How a runner is called, and how many of what it printed passed."""

    name: str
    command: tuple[str, ...]
    folder: Path
    passed: Callable[[str], int]


@dataclass(frozen=True)
class Run:
    """Seconds on the clock, seconds of processors, and how many cases passed."""

    wall: float
    cpu: float
    passed: int


def main() -> int:
    """The exit code."""
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="benchmark-cases-") as name:
        folder, node = Path(name), str(node_executable())
        print(
            f"{wanted.actions} actions, {wanted.cases} cases each; node {_version(node)}; {os.cpu_count()} processors"
        )
        plain = _contestants(folder / "plain", node, wanted.actions, wanted.cases, polluted=False)
        runs = _measured(plain, wanted.rounds)
        total = wanted.actions * wanted.cases
        complete = all(run.passed == total for each in runs.values() for run in each)
        _print_table(runs, total)
        dirty = _contestants(folder / "polluted", node, wanted.actions, wanted.cases, polluted=True)
        print(
            f"\nThe first case of each action pollutes what all code shares; the other {total - wanted.actions} look."
        )
        isolated = {one.name: _run(one).passed for one in dirty}
        for one, passed in isolated.items():
            print(f"  {one:<16} {passed:>5} of {total} passed")
    good = _good(runs) and complete and isolated["reconciler test"] == total
    print(f"\n{'as' if good else 'NOT as'} fast as node --test, 3 times as fast as jest, and isolated")
    return 0 if good or not wanted.check else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cases", description=__doc__)
    parser.add_argument("--actions", type=int, default=100)
    parser.add_argument("--cases", type=int, default=10, help="cases of each action")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--check", action="store_true")
    return parser.parse_args()


def _contestants(folder: Path, node: str, actions: int, cases: int, *, polluted: bool) -> tuple[Contestant, ...]:
    tested = tuple(work(actions, cases, polluted=polluted))
    ours, jest, plain = (folder / name for name in ("reconciler", "jest", "node"))
    write_repository(ours, tested)
    _call(["git", "init", "-q", "."], ours)
    write_jest(jest, tested)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "jest" / file, jest / file)
    _call([node, str(npm_script()), "ci", *QUIET], jest)
    write_node(plain, tested)
    return (
        Contestant(
            "reconciler test", (sys.executable, "-m", "reconciler", "test"), ours, _count(r"(\d+)(?: cases)? passed")
        ),
        Contestant("node --test", (node, "--test", "all.test.js"), plain, _count(r"pass (\d+)")),
        Contestant("jest", (node, "node_modules/jest/bin/jest.js"), jest, _count(r"Tests: .*?(\d+) passed")),
    )


def _count(pattern: str) -> Callable[[str], int]:
    def passed(output: str) -> int:
        found = re.findall(pattern, output)
        return int(found[-1]) if found else 0

    return passed


def _measured(contestants: Sequence[Contestant], rounds: int) -> dict[str, list[Run]]:
    """The rounds go through all of them, each round in another order, so that what else the machine does and what ran
    before hits each alike; one run before that warms the caches and is not counted."""
    runs: dict[str, list[Run]] = {one.name: [_run(one)] for one in contestants}
    for order in itertools.islice(itertools.cycle(itertools.permutations(contestants)), rounds):
        for one in order:
            runs[one.name].append(_run(one))
    return {name: each[1:] for name, each in runs.items()}


def _run(one: Contestant) -> Run:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(one.command, cwd=one.folder, env=_ENVIRON, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, one.passed(done.stdout + done.stderr))


def _print_table(runs: dict[str, list[Run]], total: int) -> None:
    print(f"\n{'':<16} {'median s':>9} {'best s':>7} {'worst s':>8} {'cpu s':>6} {'ms/case':>8} {'passed':>7}")
    for name, each in runs.items():
        walls = [run.wall for run in each]
        cpu, middle = statistics.median(run.cpu for run in each), statistics.median(walls)
        print(
            f"{name:<16} {middle:>9.2f} {min(walls):>7.2f} {max(walls):>8.2f} {cpu:>6.2f} "
            f"{middle * 1000 / total:>8.2f} {min(run.passed for run in each):>7}"
        )


def _good(runs: dict[str, list[Run]]) -> bool:
    middle = {name: statistics.median(run.wall for run in each) for name, each in runs.items()}
    ours = middle["reconciler test"]
    return ours <= middle["node --test"] and ours * 3 <= middle["jest"]


def _version(node: str) -> str:
    return subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()


def _call(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
