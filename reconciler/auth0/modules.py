"""The modules of a tenant, read and written. Source: wire.md, section 4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.auth0 import mapping
from reconciler.auth0.answers import noun, together
from reconciler.auth0.client import Client
from reconciler.errors import FeatureOff, Rejected
from reconciler.model.action import ModuleUse
from reconciler.model.module import LiveModule, ModuleContent, ModuleVersion
from reconciler.model.provenance import Provenance

MODULES = "/api/v2/actions/modules"


class Modules:
    """What a gateway does with modules. Every method raises a TenantError when the tenant does not do as asked.

    Actions name a version of a module by ids of the tenant, everybody else by name and number: the ids of every version
    that was read or published through here are remembered, so that actions can be written.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._offered = False
        self._pins: dict[tuple[str, int], dict[str, str]] = {}

    async def read(self) -> tuple[LiveModule, ...] | None:
        """Every module with all its versions, oldest first, as the tenant lists them; None where the tenant has no
        modules feature. One request per page of 100 modules and, side by side, one per published module."""
        try:
            raw = [each async for each in self._client.read_pages(MODULES, "modules")]
        except FeatureOff:
            return None
        self._offered = True
        return tuple(await together([self._with_versions(each) for each in raw]))

    async def read_one(self, module_id: str) -> LiveModule:
        """One module with its versions; raises NotFound."""
        return await self._with_versions(await self._client.read(f"{MODULES}/{module_id}"))

    async def create(
        self, name: str, content: ModuleContent, provenance: Provenance | None, secrets: Mapping[str, str]
    ) -> str:
        """A new module with a draft; `secrets` maps names to values. Gives its id."""
        body = {"name": name} | mapping.render_module_draft(content, provenance)
        body["secrets"] = _values(secrets)
        self._offered = True
        return noun(lambda raw: str(raw["id"]), await self._client.write("POST", MODULES, body))

    async def update(
        self,
        module_id: str,
        content: ModuleContent,
        provenance: Provenance | None,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        """The draft, rewritten. `secrets` None leaves them alone; otherwise it is the whole new set, each with its
        value. What the answer shows is not what was written, so it tells nothing (wire.md, section 4)."""
        body = mapping.render_module_draft(content, provenance)
        if secrets is not None:
            body["secrets"] = _values(secrets)
        await self._client.write("PATCH", f"{MODULES}/{module_id}", body)

    async def publish(self, name: str, module_id: str) -> ModuleVersion:
        """A version made of the draft; raises Rejected where there is nothing to publish."""
        answer = await self._client.write("POST", f"{MODULES}/{module_id}/versions")
        version = noun(mapping.parse_module_version, answer)
        self._remember(name, module_id, (version,))
        return version

    async def restore(self, module_id: str, version_id: str) -> None:
        """A version copied into the draft, the values of its secrets included; raises Rejected where the draft is that
        version already."""
        await self._client.write("POST", f"{MODULES}/{module_id}/rollback", {"module_version_id": version_id})

    async def delete(self, module_id: str) -> None:
        """The module and all its versions, gone; raises Rejected as long as an action uses it."""
        await self._client.write("DELETE", f"{MODULES}/{module_id}")

    def pins(self, uses: Iterable[ModuleUse]) -> dict[str, Any]:
        """The field of an action's body that says which versions it uses: all of them, also where that is none. A
        tenant without modules is not told of them."""
        pins = [self._pin(use) for use in uses]
        return {"modules": pins} if pins or self._offered else {}

    async def _with_versions(self, raw: Mapping[str, Any]) -> LiveModule:
        versions: tuple[ModuleVersion, ...] = ()
        if noun(lambda each: "latest_version_number" in each or "latest_version" in each, raw):
            pages = self._client.read_pages(f"{MODULES}/{raw['id']}/versions", "versions")
            found = [noun(mapping.parse_module_version, each) async for each in pages]
            versions = tuple(sorted(found, key=lambda version: version.number, reverse=True))
        module = noun(lambda each: mapping.parse_module(each, versions), raw)
        self._remember(module.name, module.id, versions)
        return module

    def _remember(self, name: str, module_id: str, versions: Iterable[ModuleVersion]) -> None:
        for version in versions:
            self._pins[name, version.number] = {"module_id": module_id, "module_version_id": version.id}

    def _pin(self, use: ModuleUse) -> dict[str, str]:
        try:
            return self._pins[use.name, use.number]
        except KeyError:
            raise Rejected(
                f"The tenant has no version {use.number or '(none published)'} of the module {use.name}.",
                "Run `reconciler plan` to see what is there.",
            ) from None


def _values(secrets: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in secrets.items()]
