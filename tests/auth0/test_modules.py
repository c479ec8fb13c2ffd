"""Modules over the wire: what is read, what is sent, and a tenant that has none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.auth0 import mapping
from reconciler.auth0.auth import Credentials
from reconciler.auth0.gateway import Endpoint, Gateway, GatewayContext
from reconciler.auth0.modules import Modules
from reconciler.engine import normalize
from reconciler.errors import FeatureOff, MissingScope, Rejected
from reconciler.local.means import ModulesMode
from reconciler.model.action import Content, ModuleUse, Trigger
from reconciler.model.module import LiveModule, ModuleContent
from reconciler.model.provenance import Provenance
from tests.auth0.script import Clock, Script, client, refusal
from tests.local.tenant.opened import BASE, opened

RECORDINGS = Path(__file__).parent.parent / "contract" / "recordings"
LINE = Provenance(commit="c" * 40, repo="acme", path="modules/shared", number=1, digest="sha256:" + "0" * 64)


def of(code: str, **dependencies: str) -> ModuleContent:
    return normalize.module_content(code=code, dependencies=normalize.pinned(dependencies))


def using(*uses: ModuleUse) -> Content:
    trigger = Trigger(id="post-login", version="v3")
    return normalize.content(trigger=trigger, runtime="node22", code="// code", dependencies=(), modules=uses)


@asynccontextmanager
async def gateway(folder: Path, modules: ModulesMode) -> AsyncIterator[Gateway]:
    """A gateway to an embedded tenant."""
    async with opened(folder, modules=modules) as session:
        endpoint = Endpoint(
            url=BASE,
            audience=f"{BASE}/api/v2/",
            credentials=Credentials(access_token=session.tenant.management_token(f"{BASE}/api/v2/")),
            transport=httpx.ASGITransport(app=session.tenant.app),
        )
        async with GatewayContext(endpoint, agent="test", clock=Clock(), writes=True) as made:
            yield made


def played(folder: Path, play: Callable[[Gateway], Awaitable[Any]], modules: ModulesMode = "on") -> Any:
    async def run() -> Any:
        async with gateway(folder, modules) as made:
            return await play(made)

    return asyncio.run(run())


async def published(made: Gateway, name: str = "shared", code: str = "exports.one = 1;", **secrets: str) -> str:
    module_id = await made.modules.create(name, of(code), LINE, secrets)
    await made.modules.publish(name, module_id)
    return module_id


def recorded() -> list[Any]:
    found = []
    for path in sorted(RECORDINGS.glob("*ActionModule*.json")):
        found += [each for each in json.loads(path.read_text(encoding="utf-8")) if each["status"] in (200, 201)]
    return [each["response_body"] for each in found if "/modules" in each["path"]]


def test_every_recorded_module_and_version_is_understood() -> None:
    answers = recorded()
    modules = [raw for raw in answers if "all_changes_published" in raw]
    versions = [raw for raw in answers if "module_id" in raw]
    assert len(modules) > 10 and versions
    for raw in modules:
        assert mapping.parse_module(raw, ()).name == raw["name"]
    for raw in versions:
        assert mapping.parse_module_version(raw).number == raw["version_number"]


def test_what_is_written_is_read_back_with_its_provenance(tmp_path: Path) -> None:
    async def play(made: Gateway) -> LiveModule:
        await published(made, KEY="value")
        (there,) = await made.modules.read() or ()
        return there

    there = played(tmp_path, play)
    assert (there.draft.content, there.draft.provenance) == (of("exports.one = 1;"), LINE)
    assert [(version.number, version.provenance) for version in there.versions] == [(1, LINE)]
    assert there.owner == "acme" and [stamp.name for stamp in there.versions[0].secrets] == ["KEY"]


def test_the_versions_come_newest_first(tmp_path: Path) -> None:
    async def play(made: Gateway) -> list[int]:
        module_id = await published(made)
        for number in range(2, 13):
            await made.modules.update(module_id, of(f"exports.one = {number};"), LINE)
            await made.modules.publish("shared", module_id)
        return [version.number for version in (await made.modules.read_one(module_id)).versions]

    assert played(tmp_path, play) == list(range(12, 0, -1))


def test_a_copied_version_brings_its_secrets_back(tmp_path: Path) -> None:
    async def play(made: Gateway) -> list[str]:
        module_id = await published(made, KEY="value")
        await made.modules.update(module_id, of("exports.one = 2;"), None, {})
        (there,) = await made.modules.read() or ()
        assert there.draft.secrets == () and there.draft.provenance is None
        await made.modules.restore(module_id, there.versions[0].id)
        return [stamp.name for stamp in (await made.modules.read_one(module_id)).draft.secrets]

    assert played(tmp_path, play) == ["KEY"]


def test_an_action_uses_the_version_that_it_names_and_lets_go_of_it(tmp_path: Path) -> None:
    use = ModuleUse(name="shared", number=1)

    async def play(made: Gateway) -> list[tuple[ModuleUse, ...]]:
        await published(made)
        action = await made.create("uses", using(use), None, {})
        again = await made.update_draft(action.id, using(use), None)
        without = await made.update_draft(action.id, using(), None)
        return [each.draft.content.modules for each in (action, again, without)]

    assert played(tmp_path, play) == [(use,), (use,), ()]


def test_a_version_that_was_not_read_cannot_be_used(tmp_path: Path) -> None:
    async def play(made: Gateway) -> None:
        await published(made)
        with pytest.raises(Rejected, match="no version 2 of the module shared"):
            await made.create("uses", using(ModuleUse(name="shared", number=2)), None, {})

    played(tmp_path, play)


def test_a_tenant_without_the_feature_has_no_modules_and_is_not_told_of_them(tmp_path: Path) -> None:
    async def play(made: Gateway) -> None:
        live = await made.read_live([])
        assert live.modules is None and live.module("shared") is None
        action = await made.create("plain", using(), None, {})
        await made.update_draft(action.id, using(), None)
        with pytest.raises(FeatureOff, match="not enabled"):
            await made.modules.create("shared", of("// code"), None, {})

    played(tmp_path, play, "off")


def test_a_name_from_before_names_had_a_form_is_read(tmp_path: Path) -> None:
    async def play(made: Gateway) -> list[str]:
        await published(made, "Test Module X")
        return [module.name for module in await made.modules.read() or ()]

    assert played(tmp_path, play, "early") == ["Test Module X"]


def test_another_refusal_is_not_taken_for_a_missing_feature() -> None:
    script = Script(refusal(403, "Insufficient scope, expected any of: read:actions"))
    with pytest.raises(MissingScope):
        asyncio.run(Modules(client(script, Clock())).read())


def test_a_tenant_without_modules_costs_one_request(tmp_path: Path) -> None:
    async def play(made: Gateway) -> int:
        await made.modules.read()
        return made.traffic.requests

    assert played(tmp_path, play) == 1


def test_no_value_of_a_secret_is_in_a_refusal(tmp_path: Path) -> None:
    async def play(made: Gateway) -> None:
        await published(made)
        with pytest.raises(Rejected) as refused:
            await made.modules.create("shared", of("// code"), None, {"KEY": "top-secret"})
        assert "top-secret" not in str(refused.value)

    played(tmp_path, play)
