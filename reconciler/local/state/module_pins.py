"""Which versions of which modules an action uses: what a body may say of it, and what that refers to."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.catalogue import limits
from reconciler.local.means import Means
from reconciler.local.refusal import Refusal, bad_request, feature_not_enabled
from reconciler.local.state.material import Material, ModulePin
from reconciler.local.state.module_rows import find_module, find_module_version, pinned_modules


def module_pins(
    connection: sqlite3.Connection, given: Sequence[Mapping[str, Any]], request: str, means: Means
) -> tuple[ModulePin, ...]:
    """The pins that the `modules` of a body ask for, in the order given; `request` is what the actions service calls
    the message (CreateActionRequest), which its refusals name.

    Refusal 403 where the tenant has no modules; 400 for an id that is no UUID [quoted in an issue: deploy-cli#1338], a
    module or version that there is not, one module twice, and more than 3; the texts of these were not seen.
    """
    if given and means.modules == "off":
        raise feature_not_enabled()
    for place, entry in enumerate(given):
        _check_uuid(entry, "module_id", "ModuleId", place, request)
        _check_uuid(entry, "module_version_id", "ModuleVersionId", place, request)
    if len(given) > limits.MODULES_PER_ACTION:
        raise bad_request(f"An action must not have more than {limits.MODULES_PER_ACTION} modules.")
    pins = tuple(_pin(connection, entry["module_id"], entry["module_version_id"]) for entry in given)
    if len({pin.module_id for pin in pins}) < len(pins):
        raise bad_request("An action must not use one module twice.")
    return pins


def check_modules(connection: sqlite3.Connection, material: Material) -> None:
    """Refusal where a version that is to be live again uses a module that was deleted since."""
    if len(pinned_modules(connection, material)) < len(material.modules):
        raise bad_request("That version uses an action module that does not exist any more.")


def needs_packages(connection: sqlite3.Connection, material: Material) -> bool:
    """Whether building a draft installs anything: packages of its own, or of a module that it uses."""
    pinned = pinned_modules(connection, material)
    return bool(material.dependencies) or any(module.version.material.dependencies for module in pinned)


def _pin(connection: sqlite3.Connection, module_id: str, version_id: str) -> ModulePin:
    module, version = find_module(connection, module_id.lower()), find_module_version(connection, version_id.lower())
    if module is None:
        raise bad_request("That action module does not exist.")
    if version is None or version.module_id != module.id:
        raise bad_request("That action module version does not exist.")
    return ModulePin(module.id, module.name, version.id, version.number)


def _check_uuid(entry: Mapping[str, Any], key: str, field: str, place: int, request: str) -> None:
    try:
        canonical = str(uuid.UUID(entry.get(key, "")))
    except ValueError:
        raise _invalid_uuid(field, place, request) from None
    if canonical != entry[key].lower():
        raise _invalid_uuid(field, place, request)


def _invalid_uuid(field: str, place: int, request: str) -> Refusal:
    """The words of protoc-gen-validate, whose innermost cause the issue cuts off."""
    return bad_request(
        f"invalid {request}.Draft: embedded message failed validation"
        f" | caused by: invalid DraftInformation.Modules[{place}]: embedded message failed validation"
        f" | caused by: invalid ModuleRef.{field}: value must be a valid UUID"
        " | caused by: invalid uuid format"
    )
