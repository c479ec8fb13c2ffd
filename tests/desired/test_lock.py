from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.lock import merged, parse_lock, render_lock, stale, unlocked
from reconciler.errors import Span
from reconciler.model.lock import Lock, LockedPackage, LockedSet

NAMES = st.text(st.characters(codec="ascii", categories=("Ll", "Nd")), min_size=1, max_size=5)
PACKAGES = st.builds(
    LockedPackage,
    path=NAMES.map("node_modules/{}".format),
    version=st.integers(0, 9).map("1.{}.0".format),
    integrity=NAMES.map("sha512-{}".format),
    name=st.sampled_from(["", "another"]),
    license=st.sampled_from(["", "MIT", "ISC"]),
)
SETS = st.builds(
    LockedSet,
    ranges=st.dictionaries(NAMES, NAMES, max_size=3),
    versions=st.dictionaries(NAMES, NAMES, max_size=3),
    packages=st.lists(PACKAGES, max_size=4, unique_by=lambda package: package.path).map(
        lambda packages: tuple(sorted(packages, key=lambda package: package.path))
    ),
)
LOCKS = st.builds(
    Lock, actions=st.dictionaries(NAMES, SETS, max_size=3), modules=st.dictionaries(NAMES, SETS, max_size=2)
)


def locked(**versions: str) -> LockedSet:
    """A set where every package was asked as ^1."""
    return LockedSet(ranges=dict.fromkeys(versions, "^1"), versions=versions)


@given(LOCKS)
def test_a_lock_comes_back_from_its_text(lock: Lock) -> None:
    assert parse_lock(render_lock(lock).encode()) == (lock, ())


@given(LOCKS)
def test_the_text_does_not_depend_on_any_order(lock: Lock) -> None:
    backwards = {
        name: one.model_copy(update={"packages": one.packages[::-1]}) for name, one in reversed(lock.actions.items())
    }
    assert render_lock(lock.model_copy(update={"actions": backwards})) == render_lock(lock)


def test_the_text_is_two_spaces_sorted_keys_and_one_line_end() -> None:
    text = render_lock(Lock(actions={"b": locked(z="1", a="2"), "a": locked()}))
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: this is not valid JSON"),
        ('{"version": 1,\n"actions": {,}}', "2:13: this is not valid JSON"),
        ('{"version": 1, "version": 1}', "1:16: key 'version' stands twice"),
        ("[]", "1:1: the document must be a mapping"),
        ('{"version": 1, "acts": {}}', "1:16: unknown field 'acts'; did you mean 'actions'?"),
        ('{"actions": {"a": {"versions": {"x": 1}}}}', "1:38: 'x' must be text"),
        ('{"version": 9}', "1:13: the lock has version 9"),
        ("[" * 100_000, "1:1: this is not a lock file."),
    ],
)
def test_a_broken_lock_is_told_with_its_place(text: str, said: str) -> None:
    lock, problems = parse_lock(text.encode())
    assert lock == Lock()
    assert str(problems[0]).startswith(f"reconciler.lock:{said}")


def test_bytes_that_are_no_text_are_no_lock() -> None:
    assert parse_lock(b"\xff\xfe\x00")[1]


def problems_of(lock: Lock, ranges: dict[str, dict[str, str]]) -> list[str]:
    """What is stale, as a person reads it."""
    found = stale(lock, ranges, lambda action, package: Span(action, 1, 1), text=render_lock(lock).encode())
    return [str(problem).removesuffix(" Run `reconciler lock`.") for problem in found]


def test_a_lock_that_holds_is_not_stale() -> None:
    assert problems_of(Lock(actions={"a": locked(x="1.2.3")}), {"a": {"x": "^1"}, "b": {}}) == []


def test_what_is_missing_changed_or_left_over_is_stale() -> None:
    lock = Lock(actions={"a": locked(x="1.2.3", old="1.0.0"), "gone": locked(x="1.2.3")})
    assert problems_of(lock, {"a": {"x": "^2", "new": "latest"}, "b": {"x": "^1"}}) == [
        "a:1:1: reconciler.lock is out of date: it has 'x' for ^1, asked is ^2.",
        "a:1:1: 'new' is not in reconciler.lock.",
        "b:1:1: 'x' is not in reconciler.lock.",
        "reconciler.lock:6:9: 'old' is left over: 'a' does not ask for it.",
        "reconciler.lock:14:5: 'gone' is left over: no such action has dependencies.",
    ]


def test_only_what_changed_is_asked_of_npm() -> None:
    lock = Lock(actions={"a": locked(x="1.2.3", y="1.5.0"), "b": locked(x="1.2.3")})
    ranges = {"a": {"x": "^1", "y": "^2"}, "b": {"x": "^1"}, "c": {"z": "latest"}, "d": {}}
    assert unlocked(lock, ranges) == {"a": {"x": "1.2.3", "y": "^2"}, "c": {"z": "latest"}}


def test_a_package_that_is_no_longer_asked_makes_the_rest_be_asked_at_its_version() -> None:
    lock = Lock(actions={"a": locked(x="1.2.3", y="1.5.0")})
    assert unlocked(lock, {"a": {"x": "^1"}}) == {"a": {"x": "1.2.3"}}


def test_an_upgrade_asks_for_ranges_again() -> None:
    lock = Lock(actions={"a": locked(x="1.2.3", y="1.5.0"), "b": locked(x="1.2.3")})
    ranges = {"a": {"x": "^1", "y": "^1"}, "b": {"x": "^1"}}
    assert unlocked(lock, ranges, upgrade=True) == ranges
    assert unlocked(lock, ranges, packages=["y"]) == {"a": {"x": "1.2.3", "y": "^1"}}


def test_merging_keeps_what_holds_and_drops_what_nobody_asks() -> None:
    lock = Lock(actions={"a": locked(x="1.2.3"), "gone": locked(x="1")})
    ranges = {"b": {"y": "^2"}, "a": {"x": "^1"}, "c": {}}
    resolved = {"b": LockedSet(ranges={"y": "2.0.1"}, versions={"y": "2.0.1"})}
    after = merged(lock, ranges, resolved)
    assert list(after.actions) == ["a", "b"]
    assert after.actions["a"] == lock.actions["a"]
    assert after.actions["b"].ranges == {"y": "^2"}
    assert unlocked(after, ranges) == {}
    assert problems_of(after, ranges) == []
