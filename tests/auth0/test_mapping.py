"""Recorded answers of real tenants become nouns, and drafts become what was sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.auth0 import mapping
from reconciler.model.action import Trigger

RECORDINGS = Path(__file__).parent.parent / "contract" / "recordings"


def answers() -> list[tuple[str, Any]]:
    found = []
    for path in sorted(RECORDINGS.glob("*.json")):
        for each in json.loads(path.read_text(encoding="utf-8")):
            if each["path"] == "/api/v2/actions/actions" and each["method"] == "GET" and each["status"] == 200:
                found += [(f"{path.stem}#{each['n']}", raw) for raw in each["response_body"]["actions"]]
    return found


def test_every_recorded_action_is_understood() -> None:
    recorded = answers()
    assert len(recorded) == 83
    for where, raw in recorded:
        action = mapping.parse_action(raw)
        assert (action.id, action.draft.status) == (raw["id"], raw["status"]), where
        assert (action.version is not None) == ("deployed_version" in raw), where
        if action.version:
            assert action.version.number == raw["deployed_version"]["number"], where


def test_a_draft_is_written_as_it_was_read() -> None:
    for where, raw in answers():
        sent = mapping.render_draft(mapping.parse_action(raw).draft.content, None)
        assert sent["code"].rstrip("\n") == raw["code"].replace("\r\n", "\n").rstrip("\n"), where
        assert {each["name"] for each in sent["dependencies"]} == {each["name"] for each in raw["dependencies"]}, where


def test_a_version_without_triggers_has_those_of_its_action() -> None:
    trigger = Trigger(id="post-login", version="v3")
    version = mapping.parse_version({"id": "v", "number": 1, "code": "x", "runtime": "node22"}, trigger, live=True)
    assert version.content.trigger == trigger


@pytest.mark.parametrize(("given", "kept"), [("enrich", ""), ("Enrich tokens", "Enrich tokens"), (None, "")])
def test_a_display_name_that_is_the_actions_own_says_nothing(given: str | None, kept: str) -> None:
    raw = {"id": "b", "action": {"id": "a", "name": "enrich"}, "display_name": given}
    assert mapping.parse_binding(raw).display_name == kept
