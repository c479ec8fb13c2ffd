"""What a draft and a version are made of, and how the database keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from reconciler.local.keys import Keys


@dataclass(frozen=True)
class StoredSecret:
    """A secret as it is kept: `sealed` is its encrypted value, `updated_at` the instant of its last writing."""

    name: str
    updated_at: int
    sealed: str = field(repr=False)


@dataclass(frozen=True)
class ModulePin:
    """The version of a module that an action uses. A module keeps its name for life, so the name is kept here too."""

    module_id: str
    module_name: str
    module_version_id: str
    module_version_number: int


@dataclass(frozen=True)
class Material:
    """All that makes a version what it is. `dependencies` are as they came: name, version, maybe registry_url."""

    trigger_id: str
    trigger_version: str
    runtime: str
    code: str
    dependencies: tuple[Mapping[str, str], ...] = ()
    secrets: tuple[StoredSecret, ...] = ()
    modules: tuple[ModulePin, ...] = ()

    def packages(self) -> dict[str, str]:
        """What is to be installed: name -> version."""
        return {dependency["name"]: dependency["version"] for dependency in self.dependencies}

    def built(self) -> Material:
        """The material after its build, which drops each registry_url (wire.md, section 1, POST)."""
        return replace(
            self,
            dependencies=tuple({"name": each["name"], "version": each["version"]} for each in self.dependencies),
        )

    def same_as(self, other: Material) -> bool:
        """Whether both would run the same. Dependencies count as a set; a secret counts as changed once it was written
        again, since values are not compared (the platform's own rule for that was not seen)."""
        return self._identity() == other._identity()

    def _identity(self) -> tuple[object, ...]:
        return (
            self.trigger_id,
            self.trigger_version,
            self.runtime,
            self.code,
            self.packages(),
            {secret.name: secret.updated_at for secret in self.secrets},
            {pin.module_version_id for pin in self.modules},
        )


def material_to_json(material: Material) -> str:
    return json.dumps(asdict(material), separators=(",", ":"))


def material_from_json(text: str) -> Material:
    """The material of a row; rows of before modules have none of them."""
    fields = json.loads(text)
    fields["dependencies"] = tuple(fields["dependencies"])
    fields["secrets"] = tuple(StoredSecret(**secret) for secret in fields["secrets"])
    fields["modules"] = tuple(ModulePin(**pin) for pin in fields.get("modules", ()))
    return Material(**fields)


def new_secrets(
    given: Sequence[Mapping[str, Any]], before: Sequence[StoredSecret], now: int, keys: Keys
) -> tuple[StoredSecret, ...]:
    """The secrets after a write that names them all.

    The list is the whole new set: what it does not name is dropped; a name without a value keeps value and stamp; names
    that were there keep their place, new ones come after (wire.md, section 1, PATCH). A new name without a value was
    not seen: it is kept as an empty value.
    """
    old = {secret.name: secret for secret in before}
    sent = {entry["name"]: entry.get("value") for entry in given}
    order = [name for name in old if name in sent] + [name for name in sent if name not in old]
    return tuple(_secret(name, sent[name], old.get(name), now, keys) for name in order)


def secret_values(secrets: Sequence[StoredSecret], keys: Keys) -> dict[str, str]:
    """The secrets in clear, for the Node host only."""
    return {secret.name: keys.opened(secret.sealed) for secret in secrets}


def _secret(name: str, value: str | None, old: StoredSecret | None, now: int, keys: Keys) -> StoredSecret:
    if value is None and old is not None:
        return old
    return StoredSecret(name, now, keys.sealed(value or ""))
