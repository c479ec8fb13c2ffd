"""Several tenants in one command, and the order in which a commit reaches them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.errors import Exit
from reconciler.run.several import worst
from tests.run.attempts import Scene, in_scene
from tests.run.conftest import Home
from tests.run.drifting import Hands


@pytest.fixture
def world(home: Home) -> Home:
    """A repository with five tenants, three of which a commit reaches one after the other."""
    tenant = (home.folder / "tenants" / "local.yaml").read_text(encoding="utf-8")
    for name in ("zero", "dev", "prod-eu", "prod-us"):
        home.write(f"tenants/{name}.yaml", tenant)
    home.write("reconciler.yaml", "name: acme\npromote: [zero, dev, local]\n")
    home.commit("five tenants")
    return home


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["tenants"]
    return found


def results(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    return [(each["tenant"], each["result"]) for each in told(capsys)]


def test_names_and_patterns_come_in_the_order_of_promote_and_then_by_name(
    world: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world.reconciler("plan", "--tenant", "prod-*,local,zero,prod-us", "--format", "json") == 0
    assert results(capsys) == [(name, "changes") for name in ("zero", "local", "prod-eu", "prod-us")]


def test_a_pattern_gives_a_list_also_where_one_tenant_has_such_a_name(
    world: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world.reconciler("plan", "--tenant", "prod-e*", "--format", "json", "--detailed-exitcode") == 2
    (entry,) = told(capsys)
    assert entry["versions"] == ["greet 1", "guard 1"]
    assert entry["outcome"]["tenant"] == "prod-eu"
    assert world.reconciler("plan", "--tenant", "prod-eu", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == entry["outcome"]


def test_the_versions_of_modules_are_told_by_a_plan_and_by_an_apply(
    world: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    world.write("modules/helper/module.yaml", "name: helper\n")
    world.write("modules/helper/code.js", "exports.hello = () => {};\n")
    world.commit("a module")
    told_by = []
    for command in (["plan"], ["apply", "--yes"]):
        assert world.reconciler(*command, "--tenant", "dev,zero", "--format", "json") == 0
        told_by.append([entry["versions"] for entry in told(capsys)])
    assert told_by == [[["module helper 1", "greet 1", "guard 1"]] * 2] * 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("dev,prd-eu", "There is no tenant 'prd-eu'; did you mean 'prod-eu'?"),
        ("dev,x*", "No tenant is named like 'x*'."),
        (",", "No tenant is named."),
    ],
)
def test_what_stands_for_no_tenant_is_wrong_usage(
    world: Home, capsys: pytest.CaptureFixture[str], asked: str, said: str
) -> None:
    assert world.reconciler("plan", "--tenant", asked) == 64
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "args",
    [
        ["plan", "--out", "plan.json"],
        ["apply", "--yes", "--checksum", "0" * 64],
        ["drift", "--format", "html"],
        ["drift", "--out", "drift.md"],
    ],
)
def test_a_file_and_a_checksum_are_of_one_tenant(world: Home, args: list[str]) -> None:
    assert world.reconciler(*args, "--tenant", "dev,zero") == 64


def test_one_commit_reaches_the_tenants_one_after_the_other(world: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert world.reconciler("apply", "--tenant", "local,dev,zero", "--yes", "--format", "json") == 0
    shown = capsys.readouterr()
    assert [(each["tenant"], each["result"]) for each in json.loads(shown.out)["tenants"]] == [
        ("zero", "applied"),
        ("dev", "applied"),
        ("local", "applied"),
    ]
    assert [line for line in shown.err.splitlines() if " of 3)" in line] == [
        "zero (1 of 3)",
        "dev (2 of 3)",
        "local (3 of 3)",
    ]
    assert world.reconciler("apply", "--tenant", "local,dev,zero", "--yes", "--format", "json") == 0
    assert {result for _, result in results(capsys)} == {"nothing to change"}


def test_a_tenant_is_refused_what_the_one_before_does_not_carry(
    world: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world.reconciler("apply", "--tenant", "dev", "--yes") == 3
    assert "The tenant zero comes before dev and does not carry this commit" in capsys.readouterr().err
    assert world.reconciler("apply", "--tenant", "zero", "--yes") == 0
    assert world.reconciler("apply", "--tenant", "local", "--yes") == 3  # zero is not the one right before it
    assert world.reconciler("apply", "--tenant", "dev", "--yes") == 0
    assert world.reconciler("apply", "--tenant", "local", "--yes") == 0
    world.change("actions/greet/code.js", "exports.", "// two\nexports.")
    world.commit("two")
    capsys.readouterr()
    assert world.reconciler("apply", "--tenant", "local", "--yes") == 3
    assert "action greet differ" in capsys.readouterr().err
    assert world.reconciler("apply", "--tenant", "local", "--yes", "--allow", "promotion") == 0


def test_a_plan_tells_what_would_refuse_it_and_is_not_refused(world: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert world.reconciler("plan", "--tenant", "dev", "--detailed-exitcode") == 2
    assert "The tenant zero comes before dev" in capsys.readouterr().out
    assert world.reconciler("plan", "--tenant", "prod-eu", "--detailed-exitcode") == 2
    assert "comes before" not in capsys.readouterr().out


def test_a_tenant_that_cannot_be_asked_carries_nothing(world: Home, capsys: pytest.CaptureFixture[str]) -> None:
    world.write("tenants/zero.yaml", "type: auth0\ndomain: zero.example.com\nsecrets: secrets/local.sops.yaml\n")
    world.commit("a real tenant, and no credentials for it")
    (world.folder / "age-key.txt").rename(world.folder / "key.txt")
    world.write("tenants/dev.yaml", "type: local\nsecrets: secrets/local.sops.yaml\nage_key_file: key.txt\n")
    world.write(".gitignore", ".reconciler/\nage-key.txt\nkey.txt\n")
    world.commit("and no key")
    assert world.reconciler("apply", "--tenant", "dev", "--yes") == 3
    assert "whether it carries this commit is not known: There is no key" in capsys.readouterr().err


def test_an_apply_stops_at_the_first_tenant_that_fails_and_says_what_was_not_tried(
    world: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world.reconciler("apply", "--tenant", "dev,prod-*", "--yes", "--format", "json") == 3
    entries = told(capsys)
    assert [(each["tenant"], each["result"]) for each in entries] == [
        ("dev", "refused"),
        ("prod-eu", "not tried"),
        ("prod-us", "not tried"),
    ]
    assert entries[0]["refused"] == ["promotion"]
    assert "zero" in entries[0]["problem"]["message"]


def test_an_apply_that_keeps_going_tries_the_other_tenants(world: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert world.reconciler("apply", "--tenant", "dev,prod-*", "--yes", "--keep-going") == 3
    table = [line.split() for line in capsys.readouterr().out.splitlines()[-4:]]
    assert table == [
        ["tenant", "result", "changes", "refused", "by", "versions"],
        ["dev", "refused", "promotion"],
        ["prod-eu", "applied", "3", "greet", "1,", "guard", "1"],
        ["prod-us", "applied", "3", "greet", "1,", "guard", "1"],
    ]


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_a_tenant_that_cannot_be_read_hides_no_other(
    world: Home, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world.change("tenants/prod-eu.yaml", "type: local\n", "type: auth0\ndomain: acme.example.com\n")
    assert world.reconciler(command, "--tenant", "*", "--format", "json") == 1
    entries = told(capsys)
    assert [each["tenant"] for each in entries] == ["zero", "dev", "local", "prod-eu", "prod-us"]
    assert [each["result"] for each in entries].count("failed") == 1
    assert "no credentials for acme.example.com" in entries[3]["problem"]["message"]
    assert world.reconciler(command, "--tenant", "*", "--format", "markdown") == 1
    shown = capsys.readouterr().out
    assert "| prod-eu | failed |" in shown
    assert "> **prod-eu**: There are no credentials for acme.example.com" in shown


def test_the_tenant_of_the_environment_may_be_several(
    world: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECONCILER_TENANT", "dev,zero")
    assert world.reconciler("drift", "--format", "json") == 0
    assert results(capsys) == [("zero", "no drift"), ("dev", "no drift")]


def test_what_was_done_by_hand_in_one_tenant_is_drift_of_that_tenant(
    world: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    async def edited(made: Scene) -> None:
        await Hands(made.other).edit("greet")

    assert world.reconciler("apply", "--tenant", "zero,dev,local", "--yes") == 0
    in_scene(world, "HEAD", edited)
    capsys.readouterr()
    args = ("--tenant", "dev,local", "--format", "json", "--detailed-exitcode")
    assert world.reconciler("drift", *args) == 2
    assert [(each["result"], each["changes"]) for each in told(capsys)] == [("no drift", 0), ("drift", 1)]


def test_the_worst_exit_code_stands_for_all() -> None:
    assert worst([Exit.DONE, Exit.CHANGES, Exit.REFUSED]) == Exit.REFUSED
    assert worst([Exit.REFUSED, Exit.CASES_FAILED, Exit.STALE, Exit.ERROR]) == Exit.ERROR
    assert worst([]) == Exit.DONE
