"""Laws of a module's draft and versions, over any sequence of writes."""

from __future__ import annotations

import base64
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.local.keys import Keys
from reconciler.local.means import Means
from reconciler.local.refusal import Refusal
from reconciler.local.stamp import Stamps
from reconciler.local.state.module_drafts import create_module, publish_module, roll_back_module, update_module
from reconciler.local.state.module_rows import ModuleMaterial, ModuleRow, find_module, list_module_versions
from reconciler.local.state.tables import SCRIPTS
from reconciler.local.trigger_table import current_table

CODES, VALUES = st.sampled_from(["// a", "// b"]), st.sampled_from(["one", "two"])
WRITES = st.one_of(
    st.tuples(st.just("update"), st.fixed_dictionaries({}, optional={"code": CODES, "secret": VALUES})),
    st.tuples(st.just("publish"), st.none()),
    st.tuples(st.just("roll back"), st.integers(0, 5)),
)


@contextmanager
def _database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.executescript("".join(SCRIPTS))
    yield connection
    connection.close()


def _means() -> Means:
    box = Fernet(base64.urlsafe_b64encode(os.urandom(32)))
    keys = Keys("client", "secret", b"signing", box)
    return Means(keys, Stamps(lambda: datetime(2026, 11, 22, tzinfo=UTC), os.urandom), current_table(), os.urandom)


@settings(max_examples=40, deadline=None)
@given(st.lists(WRITES, max_size=8))
def test_versions_count_up_never_change_and_hold_what_the_draft_was(writes: list[tuple[str, Any]]) -> None:
    means = _means()
    with _database() as connection:
        row, _ = create_module(connection, {"name": "shared", "code": "// a"}, means)
        published: list[ModuleMaterial] = []
        for kind, given_ in writes:
            before = row
            row = _written(connection, row, kind, given_, means)
            if row.last_number > before.last_number:
                published.append(before.material)
                assert (row.material, row.updated_at) == (before.material, before.updated_at)
            versions = list_module_versions(connection, row.id)
            assert [version.number for version in reversed(versions)] == list(range(1, len(published) + 1))
            assert [version.material for version in reversed(versions)] == published
            assert row.latest_version == (versions[0].id if versions else None)
            assert find_module(connection, row.id) == row


def _written(connection: sqlite3.Connection, row: ModuleRow, kind: str, given_: Any, means: Means) -> ModuleRow:
    """The module after that write; as it was where it is refused."""
    try:
        if kind == "update":
            return update_module(connection, row, _body(given_), means)
        if kind == "publish":
            return publish_module(connection, row, means)[0]
        versions = list_module_versions(connection, row.id)
        return roll_back_module(connection, row, versions[given_ % len(versions)].id, means) if versions else row
    except Refusal as refusal:
        assert refusal.status == 409
        return row


def _body(given_: dict[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {"code": given_["code"]} if "code" in given_ else {}
    return {**body, "secrets": [{"name": "KEY", "value": given_["secret"]}]} if "secret" in given_ else body
