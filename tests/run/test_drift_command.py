"""`reconciler drift` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.desired.schema import DIALECT
from reconciler.errors import Exit
from reconciler.model.drift import Drift
from reconciler.run.schema import every_schema
from tests.run.conftest import TOKEN, Home
from tests.run.drifting import Hands, drifted


@pytest.fixture
def edited(home: Home) -> Home:
    """A tenant in which somebody changed what runs."""

    async def played(hands: Hands) -> None:
        await hands.edit("greet", deploy=True)
        await hands.create("half", deploy=False)

    drifted(home, played)
    return home


def test_exit_codes_say_what_was_found(edited: Home) -> None:
    assert edited.reconciler("drift") == Exit.DONE
    assert edited.reconciler("drift", "--detailed-exitcode") == Exit.CHANGES
    assert edited.reconciler("drift", "--fail-on", "high") == Exit.CHANGES
    assert edited.reconciler("drift", "--fail-on", "severe") == Exit.USAGE


def test_what_is_less_severe_than_asked_for_does_not_fail(home: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.create("half", deploy=False)

    drifted(home, played)
    assert home.reconciler("drift", "--fail-on", "medium") == Exit.DONE
    assert home.reconciler("drift", "--fail-on", "low") == Exit.CHANGES


def test_every_format_tells_it_and_no_secret(edited: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (edited.folder / "age-key.txt").unlink()  # no key is needed: no value is looked at
    for form in ("text", "markdown", "json", "html"):
        assert edited.reconciler("drift", "--format", form) == Exit.DONE
        told = capsys.readouterr().out
        assert "edited:greet" in told and TOKEN not in told
        assert edited.reconciler("drift", "--format", form, "--out", str(tmp_path / "report")) == Exit.DONE
        assert capsys.readouterr().out == ""
        assert "edited:greet" in (tmp_path / "report").read_text(encoding="utf-8")


def test_json_is_what_the_schema_says(edited: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert edited.reconciler("drift", "--format", "json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    schema = every_schema()["drift.schema.json"]
    assert schema["$schema"] == DIALECT and set(told) == set(schema["properties"])
    assert [finding.id for finding in Drift.model_validate(told).findings] == ["edited:greet", "unmanaged-action:half"]


def test_a_report_is_not_written_into_a_folder_that_is_not_there(home: Home, tmp_path: Path) -> None:
    assert home.reconciler("drift", "--out", str(tmp_path / "none" / "report")) == Exit.USAGE


def test_an_unknown_tenant_is_told(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert home.reconciler("drift", "--tenant", "locl") == Exit.ERROR
    assert "local" in capsys.readouterr().err
