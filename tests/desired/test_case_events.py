"""Cases that begin with an event in a file, or with an entry of a tenant's log."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.desired.checks.everything import notices, problems
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.repository import Repository
from reconciler.desired.tree import Worktree
from tests.desired.conftest import Builder

CASES = "actions/notify-slack/cases.yaml"
SAMPLE = triggers()["post-login"].sample_event


def loaded(builder: Builder) -> Documents:
    documents = load_repository(Worktree(builder.folder))
    assert problems(documents) == ()
    return documents


def event_of(documents: Documents) -> dict[str, object]:
    (action,) = (each for each in documents.actions if each.document.name == "notify-slack")
    return action.cases[0].event


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("login.yaml", "user: {email: a@example.com}\n"),
        ("login.json", '\ufeff{\n\t"user": {"email": "a@example.com"}}'),
    ],
)
def test_an_event_file_stands_in_place_of_the_sample(good: Builder, name: str, text: str) -> None:
    good.put(CASES, f"- {{name: a, event_file: {name}, event: {{stats: {{logins_count: 1}}}}, expect: {{}}}}\n")
    good.put(f"actions/notify-slack/{name}", text)
    assert event_of(loaded(good)) == {"user": {"email": "a@example.com"}, "stats": {"logins_count": 1}}


def test_an_event_file_may_stand_anywhere_in_the_repository(good: Builder) -> None:
    good.put(
        CASES,
        "- {name: a, event_file: ../../events/a.json, expect: {}}\n- {name: b, event_file: ./x/b.yaml, expect: {}}\n",
    )
    good.put("events/a.json", '{"user": {"name": "\\ud83d\\ude00"}}').put("actions/notify-slack/x/b.yaml", "user: {}\n")
    assert event_of(loaded(good)) == {"user": {"name": "😀"}}


def test_a_log_entry_is_laid_over_the_sample_and_sets_the_clock(good: Builder) -> None:
    entry = {"type": "s", "date": "2026-11-22T08:01:12.318Z", "ip": "198.51.100.7", "user_id": "auth0|7"}
    good.put(CASES, "- {name: a, from_log: log.json, event: {user: {name: Ada}}, expect: {}}\n"
                    "- {name: b, from_log: log.json, now: 2026-01-01T00:00:00Z, expect: {}}\n")  # fmt: skip
    good.put("actions/notify-slack/log.json", json.dumps([entry]))
    documents = loaded(good)
    event = event_of(documents)
    assert event["request"] == {**SAMPLE["request"], "ip": "198.51.100.7"}
    assert event["user"] == {**SAMPLE["user"], "user_id": "auth0|7", "name": "Ada"}
    assert "organization" not in event
    (action,) = (each for each in documents.actions if each.document.name == "notify-slack")
    assert [each.case.now for each in action.cases] == [
        datetime(2026, 11, 22, 8, 1, 12, 318000, UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
    ]


def test_metadata_of_the_transaction_is_there_before(good: Builder) -> None:
    good.put(CASES, "- {name: a, transaction: {seen: true}, event: {transaction: {metadata: {n: 1}}}, expect: {}}\n")
    event = event_of(loaded(good))
    assert event["transaction"] == {**SAMPLE["transaction"], "metadata": {"n": 1, "seen": True}}


def test_an_event_file_may_hold_no_secrets(good: Builder) -> None:
    good.put(CASES, "- {name: a, event_file: login.json, expect: {}}\n")
    good.put("actions/notify-slack/login.json", '{"secrets": {}, "user": {}}')
    assert event_of(loaded(good))["user"] == {}
    good.put("actions/notify-slack/login.json", '{"secrets": {"TOKEN": "top-secret"}, "user": {}}')
    (problem,) = problems(load_repository(Worktree(good.folder)))
    assert str(problem).startswith("actions/notify-slack/cases.yaml:1:25: 'login.json' holds secrets, in clear.")


def test_a_case_begins_with_the_file_of_the_same_commit(good: Builder, opened: Callable[[Path], Repository]) -> None:
    good.put(CASES, "- {name: a, event_file: login.json, expect: {}}\n")
    good.put("actions/notify-slack/login.json", '{"user": {"name": "then"}}')
    commit = good.commit()
    good.put("actions/notify-slack/login.json", '{"user": {"name": "now"}}')
    assert event_of(loaded(good)) == {"user": {"name": "now"}}
    assert event_of(load_repository(opened(good.folder).tree(commit))) == {"user": {"name": "then"}}


def test_a_property_that_no_event_has_is_told_though_it_refuses_nothing(good: Builder) -> None:
    good.put(
        CASES,
        "- name: a\n  event: {usr: {email: x}, user: {app_metadata: {any: 1}, emial: x}, request: {ipp: x}}\n"
        "  expect: {}\n",
    )
    told = [str(each) for each in notices(loaded(good), datetime(2026, 1, 1, tzinfo=UTC).date())]
    assert told == [
        f"{CASES}:2:11: an event of post-login has no 'usr'; did you mean 'user'?",
        f"{CASES}:2:80: an event of post-login has no 'request.ipp'; did you mean 'ip'?",
    ]


def test_matchers_in_what_the_code_gets_are_told_though_they_refuse_nothing(good: Builder) -> None:
    good.put(CASES, "- name: a\n  event: {user: {name: {$any: string}}}\n"
                    "  http: [{request: GET https://h/, replies: [{body: [{$regex: x}, {$set: 1}]}]}]\n"
                    "  expect: {}\n")  # fmt: skip
    told = [str(each) for each in notices(loaded(good), datetime(2026, 1, 1, tzinfo=UTC).date())]
    said = "stands for no value here: matchers are for what is expected. Write a value."
    assert told == [f"{CASES}:2:24: '$any' {said}", f"{CASES}:3:54: '$regex' {said}"]
