"""What a plan costs when there is nothing to do: 100 actions over 6 flows in a served tenant with 50 ms latency.

    python benchmarks/noop_plan.py [RATE]

Generates the repository, serves the tenant in a process of its own, applies once, and then runs `reconciler plan` three
times: requests as the command counts them, wall time, and peak memory as the operating system counts it. No rate limit
unless a plan is named, since it is our own cost that is measured; with `enterprise` it is what a tenant lets through.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reconciler.catalogue.triggers import triggers

ACTIONS = 100
FLOWS = (
    "post-login",
    "credentials-exchange",
    "pre-user-registration",
    "post-user-registration",
    "post-change-password",
    "send-phone-message",
)
LATENCY_MS = 50
RUNS = 3


def write_repository(folder: Path) -> None:
    """100 actions, spread over six triggers, all bound."""
    bound: dict[str, list[str]] = {trigger: [] for trigger in FLOWS}
    for number in range(ACTIONS):
        trigger, name = FLOWS[number % len(FLOWS)], f"action-{number:03}"
        action = folder / "actions" / name
        action.mkdir(parents=True)
        (action / "action.yaml").write_text(f"name: {name}\ntrigger: {trigger}\n")
        body = "  // what an action does\n" * 40
        (action / "code.js").write_text(
            f"exports.{triggers()[trigger].handlers[0]} = async (event, api) => {{\n{body}}};\n"
        )
        bound[trigger].append(name)
    (folder / "reconciler.yaml").write_text("name: many\n")
    for trigger, names in bound.items():
        flow = folder / "flows" / f"{trigger}.yaml"
        flow.parent.mkdir(exist_ok=True)
        flow.write_text(f"trigger: {trigger}\nbindings: [{', '.join(names)}]\n")
    (folder / "tenants").mkdir()
    (folder / "tenants" / "served.yaml").write_text("type: local\nserver: .reconciler/served/tenant.json\n")
    (folder / ".gitignore").write_text(".reconciler/\n")
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)


def reconciler(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "reconciler", *args, "--tenant", "served"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)


def measure(folder: Path) -> None:
    """Prints the figures."""
    started = time.perf_counter()
    reconciler(folder, "apply", "--yes")
    print(f"first apply of {ACTIONS} actions: {time.perf_counter() - started:.1f} s")
    for _ in range(RUNS):
        told, seconds, megabytes = planned(folder)
        print(f"no-op plan: {told} requests, {seconds:.2f} s, peak memory {megabytes:.0f} MB")


def planned(folder: Path) -> tuple[str, float, float]:
    """The requests, wall seconds and peak megabytes of one `reconciler plan`, which must find nothing to do."""
    command = [sys.executable, "-m", "reconciler", "plan", "--detailed-exitcode", "--tenant", "served"]
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        counted = re.search(r"(\d+) requests", told.read())
    if process.returncode or not counted:
        raise SystemExit(f"plan ended with {process.returncode}")
    return counted[1], seconds, usage.ru_maxrss / 1024


def main(rate: str) -> None:
    """Serves, measures, stops."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_repository(folder)
        data = folder / ".reconciler" / "served"
        serve = [sys.executable, "-m", "reconciler", "tenant", "serve", "--data", str(data), "--port", "0"]
        serve += ["--latency-ms", str(LATENCY_MS), "--rate", rate]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            print(server.stdout.readline().strip())
            try:
                measure(folder)
            finally:
                server.terminate()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "off")
