"""The modules of an action as git has them, to run its code with: on the embedded runtime there is no tenant to take a
version from, so a use of an older one runs the newest code, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from reconciler.desired.state import Loaded
from reconciler.local.node.job import JobModule
from reconciler.model.action import Action
from reconciler.model.module import Module
from reconciler.npm import Npm

Given = Mapping[str, Mapping[str, str]]
"""Module name -> secret name -> value."""


async def module_packages(npm: Npm, loaded: Loaded, action: Action) -> Mapping[str, Path]:
    """Module name -> the folder of its locked packages, for the modules of an action that have any."""
    locked = {name: loaded.lock.modules.get(name) for name in _names(action)}
    return {name: await npm.install_locked(packages) for name, packages in locked.items() if packages}


def job_modules(loaded: Loaded, action: Action, packages: Mapping[str, Path], *kinds: str) -> tuple[JobModule, ...]:
    """The modules that an action requires, each with the values of its secrets of those kinds."""
    found = [loaded.desired.module(name) for name in _names(action)]
    return tuple(
        JobModule(
            name=module.name,
            code=module.content.code,
            secrets=_values(loaded, module, kinds),
            packages=packages.get(module.name),
        )
        for module in found
        if module
    )


def given_over(modules: tuple[JobModule, ...], given: Given) -> tuple[JobModule, ...]:
    """The modules with the secrets that a case gives over their own."""
    if not given:
        return modules
    return tuple(replace(each, secrets={**each.secrets, **given.get(each.name, {})}) for each in modules)


def _names(action: Action) -> tuple[str, ...]:
    return tuple(use.name for use in action.content.modules)


def _values(loaded: Loaded, module: Module, kinds: tuple[str, ...]) -> Mapping[str, str]:
    return {
        secret.name: loaded.vault.value(module.path, secret.name).reveal()
        for secret in module.secrets
        if secret.kind in kinds
    }
