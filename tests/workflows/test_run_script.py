"""What the action makes of its inputs."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.documents import ACTION
from tests.workflows.steps import assigned

SCRIPT = ACTION.parent / "run.py"
INPUTS = {
    "command": "plan",
    "tenant": "",
    "repo-dir": "",
    "args": "",
    "comment": "changes",
    "fail-on": "",
    "checksum": "",
}
TOOL = """\
import os, sys, time
if os.environ.get("SAYS"):
    open(os.environ["GITHUB_OUTPUT"], "a").write(os.environ["SAYS"])
try:
    print(sys.argv[1:], flush=True)
    time.sleep(60 if "--wait" in sys.argv else 0)
except KeyboardInterrupt:
    time.sleep(0.3)
    print("put back", flush=True)
    sys.exit(1)
sys.exit(int(os.environ.get("ENDS", "0")))
"""


def words(**inputs: str) -> list[str]:
    """What `reconciler` is given."""
    spec = importlib.util.spec_from_file_location("run_of_the_action", SCRIPT)
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: list[str] = module.arguments(INPUTS | {name.replace("_", "-"): value for name, value in inputs.items()})
    return made


def test_only_what_was_given_becomes_an_option() -> None:
    assert words() == ["ci", "plan", "--comment=changes"]
    assert words(tenant="prod", fail_on="deletes") == [
        "ci",
        "plan",
        "--tenant=prod",
        "--comment=changes",
        "--fail-on=deletes",
    ]
    assert words(command="apply", checksum="ab") == ["ci", "apply", "--comment=changes", "--checksum=ab"]


def test_a_value_is_never_taken_for_an_option() -> None:
    assert words(tenant="--allow=token") == ["ci", "plan", "--tenant=--allow=token", "--comment=changes"]


@pytest.mark.parametrize(
    ("args", "split"),
    [
        ("--allow token  --out 'a b'", ["--allow", "token", "--out", "a b"]),
        ('"say \\"hi\\"" a\\ b', ['say "hi"', "a b"]),
        ("--stamp\n--allow token\n", ["--stamp", "--allow", "token"]),
        ("$(touch made) `touch made` $HOME; rm -rf * > x | y & z", None),
        ("# no comment", ["#", "no", "comment"]),
        ("", []),
    ],
)
def test_args_are_split_as_a_shell_splits_and_nothing_is_evaluated(
    args: str, split: list[str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words(args=args)[3:] == (args.split() if split is None else split)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (
            {"command": "deploy"},
            "The input command is 'deploy'; it may be validate, test, plan, apply, drift, rollback.",
        ),
        ({"command": ""}, "The input command is ''; it may be validate,"),
        ({"command": "plan; rm -rf /"}, "The input command is 'plan; rm -rf /'"),
        ({"comment": "sometimes"}, "The input comment is 'sometimes'; it may be always, changes, never."),
        ({"args": "--out 'a"}, "The input args cannot be split into words: No closing quotation."),
        ({"repo-dir": "nowhere"}, "There is no folder 'nowhere', which repo-dir names. Is there a checkout before?"),
        ({"checksum": "ab"}, "The input checksum is for apply, not for plan."),
        ({"command": "test", "fail-on": "changes"}, "The input fail-on is for plan, drift, not for test."),
        (
            {"command": "validate", "tenant": "prod"},
            "The input tenant is for test, plan, apply, drift, rollback, not for",
        ),
        ({"command": "a\nb::error::c%"}, r"The input command is 'a\nb::error::c%25'; it may be"),
    ],
)
def test_a_wrong_input_fails_with_a_clear_word(home: Path, inputs: dict[str, str], said: str) -> None:
    done = run(home, inputs)
    assert done.returncode == 64
    assert done.stdout.startswith(f"::error title=reconcile::{said}") and done.stdout.count("\n") == 1
    assert outputs(home) == {"exit-code": "64"}


def test_the_step_ends_as_the_tool_ends_and_tells_the_code(home: Path) -> None:
    done = run(home, {"args": "'a b' $x"}, ENDS="5")
    assert (done.returncode, done.stdout) == (5, "['ci', 'plan', '--comment=changes', 'a b', '$x']\n")
    assert outputs(home) == {"exit-code": "5"}


def test_what_the_tool_told_is_left_as_it_is(home: Path) -> None:
    run(home, {}, SAYS="checksum=ab\nexit-code<<x\n0\nx\n")
    assert (home / "output").read_text() == "checksum=ab\nexit-code<<x\n0\nx\n"


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_a_job_that_is_cancelled_lets_the_tool_put_back_what_it_began(home: Path, first: signal.Signals) -> None:
    command = [str(home / "bin" / "python"), "-I", str(SCRIPT)]
    with subprocess.Popen(
        command, env=environ(home, {"args": "--wait"}), stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        assert "--wait" in process.stdout.readline()
        os.killpg(process.pid, first)
        os.killpg(process.pid, signal.SIGTERM)
        assert process.stdout.read() == "put back\n"
    assert process.returncode == 1 and outputs(home) == {"exit-code": "1"}


def test_files_of_the_repository_are_never_taken_for_modules(home: Path) -> None:
    for name in ("shlex", "signal", "subprocess", "sitecustomize"):
        (home / f"{name}.py").write_text("raise SystemExit('taken')\n")
    assert run(home, {}, PYTHONPATH=str(home)).returncode == 0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder to run in, with a tool that says what it was given."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (tmp_path / "bin" / "reconciler").write_text(TOOL)
    return tmp_path


def environ(home: Path, inputs: Mapping[str, str], **more: str) -> dict[str, str]:
    """The environment of the step."""
    given = {f"INPUT_{name.upper().replace('-', '_')}": value for name, value in (INPUTS | dict(inputs)).items()}
    return {"GITHUB_OUTPUT": str(home / "output"), "PATH": os.environ["PATH"], **given, **more}


def run(home: Path, inputs: Mapping[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    """Runs the script as the action does."""
    command = [str(home / "bin" / "python"), "-I", str(SCRIPT)]
    return subprocess.run(
        command, cwd=home, env=environ(home, inputs, **more), capture_output=True, text=True, check=False
    )


def outputs(home: Path) -> dict[str, str]:
    """What the step told."""
    return assigned((home / "output").read_text(encoding="utf-8"))
