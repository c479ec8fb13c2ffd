"""A tenant as the platform keeps it, without its wire: versions that never change, drafts, secrets whose values nobody
can read, flows, modules. It refuses what the platform refuses. Source: wire.md, sections 1 to 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.engine.rolled_back import rolled_back_from
from reconciler.model.action import Content
from reconciler.model.module import LiveModule, ModuleContent, ModuleDraft, ModuleVersion
from reconciler.model.plan import ActionChange, ModuleChange, Place, Plan
from reconciler.model.provenance import Provenance
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Draft, Live, LiveAction, LiveBinding, LiveFlow, Version

Values = Mapping[str, str]


@dataclass
class ModelTenant:
    """Actions, their versions (oldest first), flows and modules by name, and the value of every secret by the draft or
    version that holds it."""

    actions: dict[str, LiveAction] = field(default_factory=dict)
    versions: dict[str, list[Version]] = field(default_factory=dict)
    flows: dict[str, tuple[LiveBinding, ...]] = field(default_factory=dict)
    modules: dict[str, LiveModule] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    ticks: int = 0

    @classmethod
    def of(cls, live: Live) -> ModelTenant:
        """A tenant that looks like that; the values of its secrets are unknown."""
        made = cls(
            actions={action.name: action for action in live.actions},
            flows={flow.trigger: flow.bindings for flow in live.flows},
            modules={module.name: module for module in live.modules or ()},
        )
        for action in live.actions:
            made.versions[action.name] = [*reversed(action.later), *([action.version] if action.version else [])]
        return made

    def live(self) -> Live:
        """What a gateway reads."""
        return Live(
            actions=tuple(self._read(action) for action in self.actions.values()),
            flows=tuple(LiveFlow(trigger=trigger, bindings=self.flows[trigger]) for trigger in sorted(self.flows)),
            modules=tuple(self.modules.values()),
        )

    def create(self, name: str, content: Content, provenance: Provenance | None, values: Values) -> None:
        """A new action with a draft."""
        assert name not in self.actions
        self._uses_what_is_there(content)
        draft = Draft(content=content, secrets=self._stamped(values), status="built", provenance=provenance)
        self.actions[name] = LiveAction(id=f"id-{name}-{self._tick()}", name=name, trigger=content.trigger, draft=draft)
        self.versions[name] = []
        self.values[self._draft(name)] = dict(values)

    def edit(
        self,
        name: str,
        content: Content,
        provenance: Provenance | None,
        secrets: Mapping[str, str | None] | None = None,
    ) -> None:
        """The draft, rewritten; a secret without a value keeps the one it has, and one that is not named goes."""
        self._uses_what_is_there(content)
        there, draft = self.actions[name], self.actions[name].draft
        stamps = draft.secrets
        if secrets is not None:
            kept = {stamp.name: stamp for stamp in draft.secrets if stamp.name in secrets}
            assert all(value is not None or key in kept for key, value in secrets.items())
            written = {key: value for key, value in secrets.items() if value is not None}
            stamps = tuple(sorted((kept | {each.name: each for each in self._stamped(written)}).values(), key=_name))
            old = self.values.get(self._draft(name), {})
            self.values[self._draft(name)] = {key: written.get(key, old.get(key, "?")) for key in secrets}
        draft = Draft(content=content, secrets=stamps, status="built", provenance=provenance)
        self.actions[name] = there.model_copy(update={"draft": draft})

    def deploy(self, name: str) -> int:
        """A version made of the draft."""
        draft, number = self.actions[name].draft, self._next(name)
        self._uses_what_is_there(draft.content)
        self._make_live(name, number, draft.content, draft.secrets, draft.provenance, self._draft(name))
        return number

    def redeploy(self, name: str, version: Version, *, update_draft: bool = True) -> int:
        """An earlier version, copied into a new one."""
        number = self._next(name)
        self._make_live(name, number, version.content, version.secrets, version.provenance, version.id)
        if update_draft:
            draft = Draft(
                content=version.content, secrets=version.secrets, status="built", provenance=version.provenance
            )
            self.actions[name] = self.actions[name].model_copy(update={"draft": draft})
            self.values[self._draft(name)] = dict(self.values.get(version.id, {}))
        return number

    def bind(self, trigger: str, places: Sequence[Place]) -> None:
        """The whole flow, made anew."""
        at = self._tick()
        for place in places:
            action = self.actions.get(place.action)
            assert place.foreign or (action and action.version), f"{place.action} is not deployed"
        self.flows[trigger] = tuple(
            LiveBinding(
                id=f"b-{at}-{number}",
                action_id=place.action_id or self.actions[place.action].id,
                action=place.action,
                display_name=place.display_name,
                foreign=place.action_id.startswith("MARKET"),
            )
            for number, place in enumerate(places)
        )

    def delete(self, name: str) -> None:
        """An action that no flow runs, gone."""
        there = self.actions.pop(name)
        bound = {binding.action_id for bindings in self.flows.values() for binding in bindings}
        assert there.id not in bound, f"{name} is bound"
        del self.versions[name]

    def write_module(
        self, name: str, content: ModuleContent, provenance: Provenance | None, secrets: Values | None
    ) -> None:
        """The draft of a new module or of one that is there; secrets that are given replace all."""
        there = self.modules.get(name)
        if there is None:
            draft = ModuleDraft(content=content, secrets=self._stamped(secrets or {}), provenance=provenance)
            self.modules[name] = LiveModule(id=f"id-module-{name}-{self._tick()}", name=name, draft=draft)
        else:
            stamps = there.draft.secrets if secrets is None else self._stamped(secrets)
            draft = ModuleDraft(content=content, secrets=stamps, provenance=provenance)
            self.modules[name] = there.model_copy(update={"draft": draft})
        if secrets is not None:
            self.values[f"module draft {name}"] = dict(secrets)

    def publish(self, name: str) -> int:
        """A version made of the module's draft."""
        there = self.modules[name]
        number = there.versions[0].number + 1 if there.versions else 1
        version = ModuleVersion(
            id=f"module-{name}-{number}",
            number=number,
            content=there.draft.content,
            secrets=there.draft.secrets,
            created_at=self._tick(),
            provenance=there.draft.provenance,
        )
        self.modules[name] = there.model_copy(update={"versions": (version, *there.versions)})
        self.values[version.id] = dict(self.values.get(f"module draft {name}", {}))
        return number

    def restore(self, name: str, version_id: str) -> None:
        """A published version copied into the module's draft."""
        there = self.modules[name]
        (version,) = (each for each in there.versions if each.id == version_id)
        draft = ModuleDraft(content=version.content, secrets=version.secrets, provenance=version.provenance)
        self.modules[name] = there.model_copy(update={"draft": draft})
        self.values[f"module draft {name}"] = dict(self.values.get(version_id, {}))

    def delete_module(self, name: str) -> None:
        """A module that no action uses, gone."""
        contents = [each.draft.content for each in self.actions.values()]
        contents += [each.version.content for each in self.actions.values() if each.version]
        assert not any(use.name == name for content in contents for use in content.modules), f"{name} is used"
        del self.modules[name]

    def _read(self, action: LiveAction) -> LiveAction:
        later = rolled_back_from(action.version, self.versions[action.name]) if action.version else ()
        return action.model_copy(update={"later": later})

    def _make_live(
        self,
        name: str,
        number: int,
        content: Content,
        secrets: tuple[SecretStamp, ...],
        provenance: Provenance | None,
        holder: str,
    ) -> None:
        version = Version(
            id=f"{self.actions[name].id}-v{number}",
            number=number,
            content=content,
            secrets=secrets,
            created_at=self._tick(),
            provenance=provenance,
        )
        self.values[version.id] = dict(self.values.get(holder, {}))
        self.versions[name].append(version)
        self.actions[name] = self.actions[name].model_copy(update={"version": version})

    def _uses_what_is_there(self, content: Content) -> None:
        for use in content.modules:
            numbers = [version.number for version in self.modules[use.name].versions]
            assert use.number in numbers, f"module {use.name} has no version {use.number}"

    def _next(self, name: str) -> int:
        return max((version.number for version in self.versions[name]), default=0) + 1

    def _draft(self, name: str) -> str:
        return f"draft {self.actions[name].id}"

    def _stamped(self, values: Values) -> tuple[SecretStamp, ...]:
        at = self._tick()
        return tuple(SecretStamp(name=name, updated_at=at) for name in sorted(values))

    def _tick(self) -> str:
        self.ticks += 1
        return f"2026-01-01T{self.ticks // 60:02}:{self.ticks % 60:02}:00.000000Z"


def carry_out(plan: Plan, tenant: ModelTenant) -> None:
    """What a faithful apply does, in its order."""
    for module in plan.modules:
        if module.kind != "delete":
            _write_module(module, tenant)
    for action in plan.actions:
        if action.kind != "delete":
            _write_action(action, tenant)
    for flow in plan.flows:
        tenant.bind(flow.trigger, flow.after)
    for action in plan.actions:
        if action.kind == "delete":
            tenant.delete(action.name)
    for module in plan.modules:
        if module.kind == "delete":
            tenant.delete_module(module.name)


def carried_out(plan: Plan, live: Live) -> Live:
    """The tenant after a faithful apply: what the platform would show."""
    tenant = ModelTenant.of(live)
    carry_out(plan, tenant)
    return tenant.live()


def _write_module(change: ModuleChange, tenant: ModelTenant) -> None:
    assert change.after is not None
    if not change.publish:
        tenant.restore(change.name, change.version_id)
        return
    values = {step.name: step.fingerprint for step in change.secrets} if change.send_secrets else None
    tenant.write_module(change.name, change.after, change.provenance, values)
    assert tenant.publish(change.name) == change.number


def _write_action(change: ActionChange, tenant: ModelTenant) -> None:
    assert change.after is not None
    if change.kind == "rollback":
        (version,) = (each for each in tenant.versions[change.name] if each.id == change.version_id)
        assert tenant.redeploy(change.name, version) == change.number
        return
    values = {step.name: step.fingerprint for step in change.secrets if step.write}
    if change.kind == "create":
        tenant.create(change.name, change.after, change.provenance, values)
    elif change.send_secrets:
        there = {stamp.name for stamp in tenant.actions[change.name].draft.secrets}
        whole = {step.name: values.get(step.name) for step in change.secrets if step.write or step.name in there}
        tenant.edit(change.name, change.after, change.provenance, whole)
    else:
        tenant.edit(change.name, change.after, change.provenance)
    if change.deploy:
        assert tenant.deploy(change.name) == change.number


def _name(stamp: SecretStamp) -> str:
    return stamp.name
