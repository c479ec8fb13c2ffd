"""Builds drafts and versions of modules in the background: installs their packages, then says built or failed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.errors import ReconcilerError, TenantError
from reconciler.local.means import Means
from reconciler.local.node.job import Install
from reconciler.local.state.drafts import finish_build, start_build
from reconciler.local.state.material import Material
from reconciler.local.state.module_drafts import finish_module_build
from reconciler.local.state.module_rows import (
    ModuleRow,
    ModuleVersionRow,
    find_module,
    pinned_modules,
    waiting_module_versions,
)
from reconciler.local.state.rows import ActionRow, unbuilt_actions, waiting_versions
from reconciler.local.state.store import Store
from reconciler.local.state.tenant_log import Entry, write_entry


@dataclass(frozen=True)
class Build:
    """What is to be built: one revision of the draft of one action."""

    action_id: str
    action: str
    revision: int
    material: Material


@dataclass(frozen=True)
class ModuleBuild:
    """What is to be built: one version of one module."""

    module: ModuleRow
    version: ModuleVersionRow


class Builder:
    """Runs one background task per build. A build that its draft has overtaken changes nothing.

    A draft is built once its own packages and those of every module it uses are there; each module keeps a folder of
    its own, since two modules may need different versions of one package.
    """

    def __init__(self, store: Store, install: Install, means: Means) -> None:
        self._store = store
        self._install = install
        self._means = means
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, row: ActionRow) -> None:
        """Builds the draft of that action, unless it cannot have anything to install: then it was built when it was
        saved."""
        if row.material.dependencies or row.material.modules:
            self._start_draft(Build(row.id, row.name, row.revision, row.material))

    def start_module(self, row: ModuleRow, version: ModuleVersionRow) -> None:
        """Installs the packages of that version of that module, unless it has none."""
        if version.status == "pending":
            self._start_version(ModuleBuild(row, version))

    async def resume(self) -> None:
        """Starts the builds again that a process left behind when it was killed."""
        for build in await self._store.read(unfinished_builds):
            if isinstance(build, ModuleBuild):
                self._start_version(build)
            else:
                self._start_draft(build)

    async def aclose(self) -> None:
        """Stops every build; what was not finished is built when the tenant is opened again."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start_draft(self, build: Build) -> None:
        self._start(self._run(build), f"build {build.action}")

    def _start_version(self, build: ModuleBuild) -> None:
        self._start(self._run_module(build), f"build module {build.module.name}")

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, build: Build) -> None:
        try:
            await self._store.write(lambda connection: start_build(connection, build.action_id, build.revision))
            packages, error = await self._installed(build.material.packages())
            error = error or await self._module_error(build)
            await self._store.write(lambda connection: self._keep(connection, build, packages, error))
        except TenantError:
            return  # the database cannot be written: the next call says so, and the next opening builds again

    async def _module_error(self, build: Build) -> str | None:
        """Why a module that the draft uses cannot be built, or None where all are there."""
        modules = await self._store.read(lambda connection: pinned_modules(connection, build.material))
        for module in modules:
            _, error = await self._installed(module.version.material.packages())
            if error:
                return f"The module {module.name} cannot be built. {error}"
        return None

    async def _run_module(self, build: ModuleBuild) -> None:
        try:
            packages, error = await self._installed(build.version.material.packages())
            await self._store.write(lambda connection: self._keep_module(connection, build, packages, error))
        except TenantError:
            return  # as above

    async def _installed(self, packages: Mapping[str, str]) -> tuple[Path | None, str | None]:
        """The folder, or why there is none. Whatever goes wrong fails the build, so that none waits for ever."""
        if not packages:
            return None, None
        try:
            return await self._install(packages), None
        except ReconcilerError as problem:
            return None, problem.message
        except Exception as problem:  # a build is a task of its own: nobody else would hear of it
            return None, f"The build stopped: {type(problem).__name__}: {problem}"

    def _keep(self, connection: sqlite3.Connection, build: Build, packages: Path | None, error: str | None) -> None:
        folder = None if error else _kept(packages)
        wanted = finish_build(connection, build.action_id, build.revision, self._means, packages=folder, error=error)
        if wanted and error is not None:
            write_entry(connection, _failure(build, error), self._means)

    def _keep_module(
        self, connection: sqlite3.Connection, build: ModuleBuild, packages: Path | None, error: str | None
    ) -> None:
        wanted = finish_module_build(connection, build.version.id, _kept(packages))
        if wanted and error is not None:
            write_entry(connection, _module_failure(build, error), self._means)


def unfinished_builds(connection: sqlite3.Connection) -> list[Build | ModuleBuild]:
    """The drafts that wait for their build, the versions that do though their draft has moved on, and the versions of
    modules that wait for their packages."""
    builds: list[Build | ModuleBuild] = []
    for row in unbuilt_actions(connection):
        if row.status in ("pending", "building"):
            builds.append(Build(row.id, row.name, row.revision, row.material))
        for version in waiting_versions(connection, row.id):
            if version.revision != row.revision:
                builds.append(Build(row.id, row.name, version.revision, version.material))
    for waiting in waiting_module_versions(connection):
        module = find_module(connection, waiting.module_id)
        if module is not None:
            builds.append(ModuleBuild(module, waiting))
    return builds


def _kept(packages: Path | None) -> str | None:
    return str(packages.absolute()) if packages else None


def _failure(build: Build, error: str) -> Entry:
    """The platform logs no failed build and shows no reason. Here `fapi`, its code for an operation that failed,
    carries the reason, so that somebody can do something about it."""
    details = {"action_id": build.action_id, "action_name": build.action, "error": {"message": error}}
    return Entry("fapi", f"Build of action {build.action} failed: {error}", details)


def _module_failure(build: ModuleBuild, error: str) -> Entry:
    module, version = build.module, build.version
    details = {
        "module_id": module.id,
        "module_name": module.name,
        "module_version_id": version.id,
        "error": {"message": error},
    }
    return Entry("fapi", f"Build of version {version.number} of module {module.name} failed: {error}", details)
