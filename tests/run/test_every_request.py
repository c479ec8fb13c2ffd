"""Whichever request of an apply fails, and however: the tenant ends as it began or as desired (law 5)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.run.every_request import KINDS, Kind, Stage, ended_well, ending, stage, untold


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("every")) as prepared:
        yield prepared


@pytest.mark.parametrize("kind", KINDS)
def test_whichever_request_fails_the_tenant_is_never_between(made: Stage, kind: Kind) -> None:
    whole = ending(made)
    assert whole.state == "as desired"
    endings = {at: ending(made, kind, at) for at in range(1, whole.requests + 1)}
    assert len(endings) > 30
    assert {at: done for at, done in endings.items() if not ended_well(kind, done)} == {}


def test_an_apply_that_keeps_going_tells_whatever_is_not_as_desired(made: Stage) -> None:
    found = {at: untold(made, "drop-before", at) for at in range(1, ending(made).requests + 1)}
    assert {at: names for at, names in found.items() if names} == {}
