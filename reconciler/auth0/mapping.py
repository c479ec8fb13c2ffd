"""What the Management API says, as nouns, and the other way round. Sources: wire.md, sections 1, 3 and 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.engine import normalize, trailer
from reconciler.model.action import Content, Dependency, ModuleUse, Trigger
from reconciler.model.module import LiveModule, ModuleContent, ModuleDraft, ModuleVersion
from reconciler.model.provenance import Provenance
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Draft, LiveAction, LiveBinding, Version

Json = Mapping[str, Any]


def parse_action(raw: Json) -> LiveAction:
    """An action of the list or of a single read."""
    trigger = _trigger(raw["supported_triggers"])
    content, provenance = _content(raw, trigger)
    draft = Draft(
        content=content,
        secrets=_stamps(raw.get("secrets") or ()),
        status=raw.get("status") or "built",
        updated_at=raw.get("updated_at") or "",
        provenance=provenance,
    )
    deployed = raw.get("deployed_version")
    return LiveAction(
        id=raw["id"],
        name=raw["name"],
        trigger=trigger,
        draft=draft,
        version=parse_version(deployed, trigger, live=bool(deployed.get("deployed"))) if deployed else None,
    )


def parse_version(raw: Json, trigger: Trigger, *, live: bool) -> Version:
    """A version; `trigger` stands in where the answer leaves supported_triggers out."""
    told = raw.get("supported_triggers")
    content, provenance = _content(raw, _trigger(told) if told else trigger)
    return Version(
        id=raw["id"],
        number=raw.get("number") or 0,
        content=content,
        secrets=_stamps(raw.get("secrets") or ()),
        created_at=raw.get("created_at") or "",
        provenance=provenance,
        live=live,
    )


def parse_binding(raw: Json) -> LiveBinding:
    """One binding of a trigger. A marketplace action carries `installed_integration_id` and can never be ours."""
    action = raw["action"]
    display_name = raw.get("display_name") or ""
    return LiveBinding(
        id=raw["id"],
        action_id=action["id"],
        action=action["name"],
        # Clients write the action's own name where nobody chose another (wire.md, section 3): both mean the same.
        display_name="" if display_name == action["name"] else display_name,
        foreign="installed_integration_id" in action,
        created_at=raw.get("created_at") or "",
    )


def render_draft(content: Content, provenance: Provenance | None) -> dict[str, Any]:
    """The body that writes a draft, without name, secrets and the versions of modules."""
    return {
        "supported_triggers": [{"id": content.trigger.id, "version": content.trigger.version}],
        "code": trailer.signed(content.code, provenance) if provenance else content.code,
        "dependencies": [{"name": each.name, "version": each.version} for each in content.dependencies],
        "runtime": content.runtime,
    }


def parse_module(raw: Json, versions: tuple[ModuleVersion, ...]) -> LiveModule:
    """A module of the list or of a single read, with its versions."""
    content, provenance = _module_content(raw)
    draft = ModuleDraft(
        content=content,
        secrets=_stamps(raw.get("secrets") or ()),
        updated_at=raw.get("updated_at") or "",
        provenance=provenance,
    )
    users = raw.get("actions_using_module_total") or 0
    return LiveModule(id=raw["id"], name=raw["name"], draft=draft, versions=versions, users=users)


def parse_module_version(raw: Json) -> ModuleVersion:
    """A version of a module, as publishing and the list of versions show it."""
    content, provenance = _module_content(raw)
    return ModuleVersion(
        id=raw["id"],
        number=raw["version_number"],
        content=content,
        secrets=_stamps(raw.get("secrets") or ()),
        created_at=raw.get("created_at") or "",
        provenance=provenance,
    )


def render_module_draft(content: ModuleContent, provenance: Provenance | None) -> dict[str, Any]:
    """The body that writes a module's draft, without name and secrets."""
    return {
        "code": trailer.signed(content.code, provenance) if provenance else content.code,
        "dependencies": [{"name": each.name, "version": each.version} for each in content.dependencies],
    }


def _module_content(raw: Json) -> tuple[ModuleContent, Provenance | None]:
    code, provenance = trailer.split(raw.get("code") or "")
    return normalize.module_content(code=code, dependencies=_dependencies(raw)), provenance


def _dependencies(raw: Json) -> list[Dependency]:
    return [Dependency(name=each["name"], version=each["version"]) for each in raw.get("dependencies") or ()]


def _content(raw: Json, trigger: Trigger) -> tuple[Content, Provenance | None]:
    code, provenance = trailer.split(raw.get("code") or "")
    content = normalize.content(
        trigger=trigger,
        runtime=raw.get("runtime") or "",
        code=code,
        dependencies=_dependencies(raw),
        modules=[
            ModuleUse(name=each["module_name"], number=each.get("module_version_number") or 0)
            for each in raw.get("modules") or ()
        ],
    )
    return content, provenance


def _trigger(raw: Sequence[Json]) -> Trigger:
    first = raw[0] if raw else {}
    return Trigger(id=first.get("id") or "", version=first.get("version") or "")


def _stamps(raw: Sequence[Json]) -> tuple[SecretStamp, ...]:
    stamps = [SecretStamp(name=each["name"], updated_at=each.get("updated_at") or "") for each in raw]
    return tuple(sorted(stamps, key=lambda stamp: stamp.name))
