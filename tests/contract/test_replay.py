"""The recordings of real tenants against the embedded one: the exact figures, so that a regression shows."""

from __future__ import annotations

import asyncio

from tests.contract import replay
from tests.contract.recorded import recordings


def test_every_difference_from_the_recordings_is_explained_and_counted() -> None:
    tally = asyncio.run(replay.replayed(recordings()))

    assert tally.unexplained == []
    assert (tally.interactions, tally.replayed) == (1048, 1044)
    assert (tally.status, tally.keys, tally.values) == (1044, 1044, 1025)
    assert tally.not_replayed == {replay.TEST_SERVER: 4}
    assert tally.explained == {
        replay.TRIGGERS_OF_YEAR: 12,
        replay.CLIENT_SCOPES: 4,
        replay.SIDE_BY_SIDE: 2,
        replay.TEST_RUN: 1,
    }
