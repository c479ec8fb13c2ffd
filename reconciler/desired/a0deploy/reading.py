"""A configuration of auth0-deploy-cli, understood: actions, modules and flows as git would want them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import TriggerFacts, triggers
from reconciler.desired.a0deploy.files import Raw, load_code, load_raw
from reconciler.desired.a0deploy.markers import markers
from reconciler.engine import normalize
from reconciler.engine.naming import folders_of
from reconciler.engine.trailer import split
from reconciler.model.action import Action, Dependency, ModuleUse, Secret, Trigger
from reconciler.model.flow import Binding, Flow
from reconciler.model.imported import Remark
from reconciler.model.module import Module
from reconciler.model.tenant import Desired

_LONGEST_PATH = 100


@dataclass(frozen=True)
class Read:
    """What a configuration says. `desired` has no repository and no tenant yet."""

    desired: Desired
    left: tuple[Remark, ...]
    changed: tuple[Remark, ...]


def read_configuration(path: Path, *, unwanted: Collection[str] = ()) -> Read:
    """What is in the configuration at a path; `unwanted` names actions and modules to leave alone.

    Its secrets stay in the tenant: a configuration names them, and what it has for values is not theirs to keep.
    Raises InvalidInput where it cannot be read.
    """
    return _Reader(load_raw(path), unwanted).read()


@dataclass
class _Reader:
    """Goes through a configuration once, and gathers what is to be told."""

    raw: Raw
    unwanted: Collection[str]
    left: list[Remark] = field(default_factory=list)
    changed: list[Remark] = field(default_factory=list)

    def read(self) -> Read:
        modules = tuple(module for raw in self.raw.modules if (module := self._module(raw)))
        names = [_words(raw.get("name")) for raw in self.raw.actions]
        folders = folders_of(name for name in names if name)
        actions: dict[str, Action] = {}
        for raw in self.raw.actions:
            action = self._action(raw, folders)
            if action and action.name in actions:
                self._leave("action", action.name, "the configuration has it twice.")
            elif action:
                actions[action.name] = action
        desired = Desired(
            repo="",
            tenant="",
            actions=tuple(actions[name] for name in sorted(actions)),
            flows=tuple(self._flows(actions.keys())),
            modules=tuple(sorted(modules, key=lambda module: module.name)),
        )
        return Read(desired, tuple(self.left), tuple(self.changed))

    def _action(self, raw: Mapping[str, Any], folders: Mapping[str, str]) -> Action | None:
        name = _words(raw.get("name"))
        trigger = next((each for each in _items(raw.get("supported_triggers")) if each.get("id")), {})
        facts = triggers().get(_words(trigger.get("id")))
        code = self._code(raw)
        why = self._why_not(raw, facts, code)
        if why or facts is None or code is None:
            self._leave("action", name or "(without a name)", why)
            return None
        return Action(
            name=name,
            path=f"actions/{folders[name]}",
            content=normalize.content(
                trigger=self._trigger(name, trigger, facts),
                runtime=self._runtime(name, raw, facts),
                code=code,
                dependencies=_dependencies(raw),
                modules=[_use(each) for each in _items(raw.get("modules"))],
            ),
            secrets=self._secrets("action", name, raw),
        )

    def _why_not(self, raw: Mapping[str, Any], facts: TriggerFacts | None, code: str | None) -> str:
        name = _words(raw.get("name"))
        if not name:
            return "it has no name."
        if name in self.unwanted:
            return "you asked to leave it alone."
        if raw.get("installed_integration_id"):
            return "it is a marketplace action."
        if facts is None or not facts.documented:
            return "it is written for a trigger that reconciler does not know."
        if not facts.bindable:
            return f"another resource of the tenant names the action of its trigger, {facts.id}."
        if raw.get("deployed") in (False, "false"):
            return "the configuration does not deploy it (`deployed: false`); git deploys what it holds."
        behind = self._behind(raw, "dependencies") or self._behind(raw, "modules")
        if behind:
            return behind
        return "" if code is not None else f"its code file {_shortened(_words(raw.get('code')))} is not there."

    def _module(self, raw: Mapping[str, Any]) -> Module | None:
        name, code = _words(raw.get("name")), self._code(raw)
        why = "it has no name or no code." if not name or code is None else self._behind(raw, "dependencies")
        if name and not re.fullmatch(limits.MODULE_NAME_PATTERN, name):
            why = "a tenant takes no module of that name."
        if name in self.unwanted:
            why = "you asked to leave it alone."
        if why or code is None:
            self._leave("module", name or "(without a name)", why)
            return None
        content = normalize.module_content(code=code, dependencies=_dependencies(raw))
        return Module(name=name, path=f"modules/{name}", content=content, secrets=self._secrets("module", name, raw))

    def _code(self, raw: Mapping[str, Any]) -> str | None:
        written = _words(raw.get("code"))
        text = load_code(self.raw.folder, written) if written else None
        # An export of a tenant that reconciler applied to carries its provenance line, which is no part of the code.
        return split(text)[0] if text is not None else None

    def _trigger(self, name: str, raw: Mapping[str, Any], facts: TriggerFacts) -> Trigger:
        version = _words(raw.get("version"))
        if version and version != facts.version:
            self._change(
                "action", name, f"it was written for {version} of {facts.id}; git deploys for {facts.version}."
            )
        return Trigger(id=facts.id, version=facts.version)

    def _runtime(self, name: str, raw: Mapping[str, Any], facts: TriggerFacts) -> str:
        runtime = _words(raw.get("runtime"))
        if runtime in limits.RETIRED_RUNTIMES:
            ended = limits.RETIRED_RUNTIMES[runtime]
            self._change("action", name, f"{runtime} ended on {ended}; git has {facts.default_runtime}: test it.")
            return facts.default_runtime
        return runtime or facts.default_runtime

    def _secrets(self, kind: str, name: str, raw: Mapping[str, Any]) -> tuple[Secret, ...]:
        secrets = raw.get("secrets")
        if self._behind(raw, "secrets"):
            words = [marker.word for marker in markers("", _words(secrets))]
            told = f"stand behind {words[0]}" if words else "are no list of them"
            self._change(kind, name, f"its secrets {told}: name them in its file, each as keep.")
        names = sorted({_words(each.get("name")) for each in _items(secrets)} - {""})
        return tuple(Secret(name=each, kind="keep") for each in names)

    def _behind(self, raw: Mapping[str, Any], part: str) -> str:
        """Why a part cannot be read that should be a list of mappings; empty where it is one, or not there."""
        found = raw.get(part)
        if not found or (isinstance(found, list) and all(isinstance(each, dict) for each in found)):
            return ""
        items = found if isinstance(found, list) else [found]
        words = [marker.word for each in items for marker in markers("", _words(each))]
        told = f"stand behind {words[0]}, which only auth0-deploy-cli can replace" if words else "are no list of them"
        return f"its {part} {told}."

    def _flows(self, ours: Collection[str]) -> Iterator[Flow]:
        for trigger, listed in sorted(self.raw.triggers.items()):
            why = self._behind({"bindings": listed}, "bindings")
            if why:
                self._leave("flow", trigger, why)
                continue
            bindings = [self._binding(trigger, each, ours) for each in _items(listed)]
            kept = tuple(each for each in bindings if each)
            if kept:
                yield Flow(trigger=trigger, bindings=kept, path=f"flows/{trigger}.yaml")

    def _binding(self, trigger: str, raw: Mapping[str, Any], ours: Collection[str]) -> Binding | None:
        name, shown = _words(raw.get("action_name")), _words(raw.get("display_name"))
        if name not in ours:
            self._leave("binding", name or "(without a name)", f"it is bound to {trigger}, and not in git.")
            return None
        return Binding(action=name, display_name="" if shown == name else shown)

    def _leave(self, kind: str, name: str, why: str) -> None:
        self.left.append(Remark.model_validate({"kind": kind, "name": name, "why": why}))

    def _change(self, kind: str, name: str, why: str) -> None:
        self.changed.append(Remark.model_validate({"kind": kind, "name": name, "why": why}))


def _dependencies(raw: Mapping[str, Any]) -> list[Dependency]:
    """The packages with the versions as they are written, `latest` where none is."""
    found = {_words(each.get("name")): _words(each.get("version")) for each in _items(raw.get("dependencies"))}
    return [Dependency(name=name, version=version or "latest") for name, version in found.items() if name]


def _use(raw: Mapping[str, Any]) -> ModuleUse:
    """A module at its version; 0, which stands for the newest, where the configuration names none."""
    number = _words(raw.get("module_version_number"))
    return ModuleUse(name=_words(raw.get("module_name")), number=int(number) if number.isdecimal() else 0)


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _shortened(path: str) -> str:
    """A path as a sentence names it: whoever wrote the code itself in its place is not shown all of it."""
    line = path.partition("\n")[0][:_LONGEST_PATH]
    return f"{line}..." if line != path else path or "(none)"


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""
