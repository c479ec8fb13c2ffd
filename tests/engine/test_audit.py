"""What an advisory's range holds, and what the way out of it is."""

from __future__ import annotations

from itertools import pairwise

import pytest

from reconciler.engine.audit import affects, audit, fixed, rank
from reconciler.model.audit import Advisory
from reconciler.model.lock import Lock, LockedPackage, LockedSet


@pytest.mark.parametrize(
    ("range_", "inside", "outside", "way_out"),
    [
        ("<4.17.21", "4.17.20", "4.17.21", "4.17.21"),
        ("< 4.17.21", "4.17.20", "4.18.0", "4.17.21"),
        ("<=2.1.0", "2.1.0", "2.1.1", "later than 2.1.0"),
        (">=1.0.0 <1.2.3 || >=2.0.0 <2.1.0", "2.0.5", "1.2.3", "2.1.0"),
        (">=1.0.0 <1.2.3 || >=2.0.0 <2.1.0", "1.0.0", "2.1.0", "1.2.3"),
        (">= 1.0, < 2", "1.9.9", "2.0.0", "2"),
        (">=1.0.0", "99.0.0", "0.9.9", ""),
        ("=3.0.1", "3.0.1", "3.0.2", ""),
        ("3.0.1", "3.0.1", "3.0.2", ""),
        ("<1.0.0", "1.0.0-beta.1", "1.0.0", "1.0.0"),
        (">1.0.0-rc.1 <=1.0.0-rc.10", "1.0.0-rc.9", "1.0.0-rc.11", "later than 1.0.0-rc.10"),
        ("<1.0.0", "0.9.0+build.5", "1.0.0+build.5", "1.0.0"),
    ],
)
def test_a_range_holds_what_it_says(range_: str, inside: str, outside: str, way_out: str) -> None:
    assert affects(range_, inside) is True
    assert affects(range_, outside) is False
    assert fixed(range_, inside) == way_out


def test_any_version_is_in_a_star_and_a_form_that_is_not_known_is_not_judged() -> None:
    assert affects("*", "1.0.0") is True and fixed("*", "1.0.0") == ""
    assert affects("^1.2.0", "1.3.0") is None
    assert affects("1.x", "1.3.0") is None
    assert affects("", "1.3.0") is None


def test_versions_are_ordered_as_semver_does() -> None:
    ordered = "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1"
    assert all(rank(lower) < rank(higher) for lower, higher in pairwise(ordered.split()))


def lock(**packages: str) -> Lock:
    """A lock of one action with those packages."""
    tree = tuple(
        LockedPackage(path=f"node_modules/{name}", version=version, integrity="sha512-AAAA")
        for name, version in packages.items()
    )
    return Lock(actions={"greet": LockedSet(versions=packages, packages=tree)})


def advisory(**changed: object) -> Advisory:
    """One against ms."""
    said = {"id": "GHSA-1", "package": "ms", "title": "Slow", "severity": "high", "range": "<2.0.0", **changed}
    return Advisory.model_validate(said)


def test_what_is_as_bad_as_asked_is_refused_unless_it_is_ignored_with_a_reason() -> None:
    locked = lock(ms="1.0.0", other="1.0.0")
    assert audit(locked, [advisory()], "high", {}).refused == 1
    assert audit(locked, [advisory()], "critical", {}).refused == 0
    ignored = audit(locked, [advisory()], "high", {"GHSA-1": "we give it no input", "GHSA-2": "gone"})
    assert (ignored.refused, ignored.idle) == (0, ("GHSA-2",))
    assert ignored.vulnerabilities[0].ignored == "we give it no input"


def test_where_the_range_cannot_be_judged_npms_word_holds() -> None:
    locked = lock(ms="1.0.0")
    assert audit(locked, [advisory(range="^1", versions=("1.0.0",))], "high", {}).refused == 1
    assert audit(locked, [advisory(range="^1", versions=("3.0.0",))], "high", {}).refused == 0


def test_the_worst_comes_first() -> None:
    found = audit(lock(ms="1.0.0"), [advisory(severity="low"), advisory(id="GHSA-0", severity="critical")], "high", {})
    assert [each.severity for each in found.vulnerabilities] == ["critical", "low"]
