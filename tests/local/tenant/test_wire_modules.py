"""Modules over the wire: what the recordings do not show."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue import limits
from tests.local.tenant.opened import LOGS, MODULES, SHARED, Clock, Session, opened

pytestmark = pytest.mark.anyio
SIX_DIGITS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
LODASH = [{"name": "lodash", "version": "4.17.21"}]


async def _get(session: Session, module_id: str) -> Any:
    return await session.answer("GET", f"{MODULES}/{module_id}")


async def _patch(session: Session, module_id: str, **fields: Any) -> Any:
    return await session.answer("PATCH", f"{MODULES}/{module_id}", fields)


async def test_a_new_module_is_published_by_the_word_publish(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        created = await session.send("POST", MODULES, {"name": "greeter", "code": SHARED, "publish": True})
        shown = created.json()
        assert created.status_code == 201
        assert list(shown)[5:] == [
            "all_changes_published",
            "actions_using_module_total",
            "created_at",
            "updated_at",
            "latest_version",
        ]
        assert shown["all_changes_published"] is True
        assert list(shown["latest_version"]) == ["id", "version_number", "code", "dependencies", "secrets"]
        assert shown["latest_version"]["version_number"] == 1
        assert await _get(session, shown["id"]) == shown


async def test_every_stamp_of_a_module_has_six_digits(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        made = await session.module("greeter", secrets=[{"name": "KEY", "value": "hidden-value"}])
        version = await session.publish(made["id"])
        stamps = [made["created_at"], made["updated_at"], made["secrets"][0]["updated_at"], version["created_at"]]
        assert [stamp for stamp in stamps if not SIX_DIGITS.fullmatch(stamp)] == []


async def test_publishing_numbers_versions_and_leaves_the_draft_as_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        made = await session.module("greeter")
        first = await session.publish(made["id"])
        assert first["version_number"] == 1
        published = await _get(session, made["id"])
        assert (published["all_changes_published"], published["updated_at"]) == (True, made["updated_at"])

        await _patch(session, made["id"], code="// second", dependencies=LODASH)
        changed = await _get(session, made["id"])
        assert (changed["all_changes_published"], changed["latest_version"]["code"]) == (False, SHARED)
        second = await session.publish(made["id"])
        assert (second["version_number"], second["code"], second["dependencies"]) == (2, "// second", LODASH)

        listed = await session.answer("GET", f"{MODULES}/{made['id']}/versions")
        assert listed == {"versions": [second, first], "total": 2, "page": 0, "per_page": 20}
        assert await session.answer("GET", f"{MODULES}/{made['id']}/versions/{first['id']}") == first
        past = await session.answer("GET", f"{MODULES}/{made['id']}/versions", page=1, per_page=2)
        assert past == {"versions": [], "total": 0, "page": 1, "per_page": 2}


async def test_an_update_that_changes_nothing_counts_as_published_and_can_be_published_once_more(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as session:
        made = await session.module("greeter", publish=True)
        await _patch(session, made["id"], code=SHARED)
        assert (await _get(session, made["id"]))["all_changes_published"] is True
        assert (await session.publish(made["id"]))["version_number"] == 2
        assert (await session.send("POST", f"{MODULES}/{made['id']}/versions")).status_code == 409


async def test_a_draft_that_was_written_after_the_clock_was_set_back_can_be_published(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, clock=clock) as session:
        created = await session.module("greeter", publish=True)
    clock.now -= timedelta(hours=2)
    async with opened(tmp_path, clock=clock) as session:
        await _patch(session, created["id"], code="exports.greet = () => 'hi';")
        assert (await session.publish(created["id"]))["version_number"] == 2
        await session.answer(
            "POST", f"{MODULES}/{created['id']}/rollback", {"module_version_id": created["latest_version"]["id"]}
        )
        assert (await session.publish(created["id"]))["version_number"] == 3


async def test_secrets_that_are_given_replace_all_others_and_values_are_never_shown(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        secrets = [{"name": "KEY", "value": "hidden-one"}, {"name": "OLD", "value": "hidden-two"}]
        made = await session.module("greeter", secrets=secrets, publish=True)
        kept = await _patch(session, made["id"], code="// other")
        assert kept["secrets"] == made["secrets"]
        answered = await _patch(session, made["id"], secrets=[{"name": "KEY", "value": "hidden-one"}])
        assert answered["all_changes_published"] is False
        assert (answered["updated_at"], answered["secrets"][0]["updated_at"]) == (made["created_at"],) * 2
        shown = await _get(session, made["id"])
        assert [secret["name"] for secret in shown["secrets"]] == ["KEY"]
        assert shown["secrets"][0]["updated_at"] == shown["updated_at"] > made["updated_at"]
        assert shown["latest_version"]["secrets"] == made["secrets"]
        assert "hidden" not in str([made, kept, answered, shown, await session.answer("GET", LOGS)])
    assert not any(b"hidden-" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


async def test_rolling_back_copies_a_version_into_the_draft_which_can_be_published_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        made = await session.module("greeter", secrets=[{"name": "KEY", "value": "hidden-one"}], publish=True)
        first = made["latest_version"]
        await _patch(session, made["id"], code="// second", dependencies=LODASH, secrets=[])
        await session.publish(made["id"])
        path = f"{MODULES}/{made['id']}/rollback"
        rolled = await session.answer("POST", path, {"module_version_id": first["id"]})
        assert {key: rolled[key] for key in ("code", "dependencies", "secrets")} == {
            "code": SHARED,
            "dependencies": [],
            "secrets": made["secrets"],
        }
        assert (rolled["all_changes_published"], rolled["latest_version"]["version_number"]) == (False, 2)
        assert await _get(session, made["id"]) == rolled
        assert (await session.publish(made["id"]))["version_number"] == 3


async def test_a_list_shows_the_number_of_the_latest_version_and_keeps_its_zeros(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        nothing = {"modules": [], "total": 0, "page": 0, "per_page": 100}
        assert await session.answer("GET", MODULES) == nothing
        await session.module("draft")
        await session.module("published", publish=True)
        listed = await session.answer("GET", MODULES, page=0, per_page=50)
        assert [each["name"] for each in listed["modules"]] == ["draft", "published"]
        assert [each.get("latest_version_number") for each in listed["modules"]] == [None, 1]
        assert not any("latest_version" in each for each in listed["modules"])
        assert {**listed, "modules": []} == {"modules": [], "total": 2, "page": 0, "per_page": 50}
        assert await session.answer("GET", MODULES, page=1, per_page=2) == {**nothing, "page": 1, "per_page": 2}


async def test_a_module_keeps_fifty_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.VERSIONS_PER_MODULE == 50
    monkeypatch.setattr(limits, "VERSIONS_PER_MODULE", 2)
    async with opened(tmp_path) as session:
        made = await session.module("greeter", publish=True)
        await _patch(session, made["id"], code="// second")
        await session.publish(made["id"])
        await _patch(session, made["id"], code="// third")
        refused = await session.send("POST", f"{MODULES}/{made['id']}/versions")
        assert refused.status_code == 412
        assert refused.json()["message"].startswith("Maximum number of module versions reached.")
        assert (await _get(session, made["id"]))["latest_version"]["version_number"] == 2


async def test_a_tenant_has_room_for_a_hundred_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.MODULES_PER_TENANT == 100
    monkeypatch.setattr(limits, "MODULES_PER_TENANT", 2)
    async with opened(tmp_path) as session:
        await session.module("one")
        await session.module("two")
        assert (await session.send("POST", MODULES, {"name": "three", "code": ""})).status_code == 400
        assert (await session.answer("GET", MODULES))["total"] == 2


@pytest.mark.parametrize(
    "field",
    [
        {"code": "x" * (limits.MODULE_CODE_CHARACTERS + 1)},
        {"secrets": [{"name": f"S{number}", "value": "v"} for number in range(limits.SECRETS + 1)]},
        {"secrets": [{"name": "S" * (limits.MODULE_SECRET_NAME_CHARACTERS + 1), "value": "v"}]},
        {"secrets": [{"name": "S", "value": "v" * (limits.SECRET_VALUE_CHARACTERS + 1)}]},
        {"dependencies": [{"name": f"p{number}", "version": "1.0.0"} for number in range(limits.DEPENDENCIES + 1)]},
        {"dependencies": [{"name": "p", "version": "1" * (limits.DEPENDENCY_VERSION_CHARACTERS + 1)}]},
    ],
    ids=["code", "secrets", "secret name", "secret value", "packages", "package version"],
)
async def test_a_module_beyond_a_documented_limit_is_refused(tmp_path: Path, field: dict[str, Any]) -> None:
    async with opened(tmp_path) as session:
        made = await session.module("greeter")
        assert (await session.send("PATCH", f"{MODULES}/{made['id']}", field)).status_code == 400
        assert (await session.send("POST", MODULES, {"name": "a", "code": "", **field})).status_code == 400
        assert (await _get(session, made["id"])) == made


async def test_every_write_of_a_module_is_logged_under_the_name_of_its_operation(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        made = await session.module("greeter", secrets=[{"name": "KEY", "value": "hidden-value"}])
        version = await session.publish(made["id"])
        await _patch(session, made["id"], code="// second")
        await session.answer("POST", f"{MODULES}/{made['id']}/rollback", {"module_version_id": version["id"]})
        await session.answer("DELETE", f"{MODULES}/{made['id']}")
        entries = await session.answer("GET", LOGS, q="type:sapi")
        assert [entry["description"] for entry in reversed(entries)] == [
            "Create a new Actions Module",
            "Create a new version of an Actions Module",
            "Update a specific Actions Module",
            "Rollback an Actions Module to a previous version",
            "Delete a specific Actions Module by ID",
        ]
        assert entries[-1]["details"]["request"]["body"]["secrets"] == [{"name": "KEY", "value": "[REDACTED]"}]


async def test_each_operation_asks_for_its_own_scope(tmp_path: Path) -> None:
    async with opened(tmp_path) as session:
        made = await session.module("greeter", publish=True)
    module, version = f"{MODULES}/{made['id']}", made["latest_version"]["id"]
    calls = [
        ("GET", module, "read:actions"),
        ("GET", f"{module}/actions", "read:actions"),
        ("GET", f"{module}/versions/{version}", "read:actions"),
        ("POST", MODULES, "create:actions"),
        ("PATCH", module, "update:actions"),
        ("POST", f"{module}/versions", "update:actions"),
        ("POST", f"{module}/rollback", "update:actions"),
        ("DELETE", module, "delete:actions"),
    ]
    async with opened(tmp_path, scope="read:logs") as session:
        for method, path, scope in calls:
            refused = await session.send(method, path, {} if method != "GET" else None)
            assert refused.status_code == 403
            assert refused.json()["message"] == f"Insufficient scope, expected any of: {scope}"
