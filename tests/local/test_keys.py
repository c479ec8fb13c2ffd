"""The key files of a tenant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from reconciler.local.keys import kept

AT_ONCE = 8


def test_logins_that_need_a_first_key_at_the_same_moment_get_the_same(tmp_path: Path) -> None:
    start = Barrier(AT_ONCE)

    def made(path: Path, number: int) -> bytes:
        start.wait()
        return kept(path, str(number).encode())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for name in map(str, range(10)):
            keys = set(pool.map(made, [tmp_path / name] * AT_ONCE, range(AT_ONCE)))
            assert len(keys) == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == list(map(str, range(10)))
