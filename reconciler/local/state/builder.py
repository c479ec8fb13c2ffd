"""Builds drafts in the background: installs their packages, then says built or failed."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import ReconcilerError, TenantError
from reconciler.local.means import Means
from reconciler.local.node.job import Install
from reconciler.local.state.drafts import finish_build, start_build
from reconciler.local.state.material import Material
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


class Builder:
    """Runs one background task per build. A build that its draft has overtaken changes nothing."""

    def __init__(self, store: Store, install: Install, means: Means) -> None:
        self._store = store
        self._install = install
        self._means = means
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, row: ActionRow) -> None:
        """Builds the draft of that action, unless it has nothing to install: then it was built when it was saved."""
        if row.material.dependencies:
            self._start(Build(row.id, row.name, row.revision, row.material))

    async def resume(self) -> None:
        """Starts the builds again that a process left behind when it was killed."""
        for build in await self._store.read(unfinished_builds):
            self._start(build)

    async def aclose(self) -> None:
        """Stops every build; what was not finished is built when the tenant is opened again."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, build: Build) -> None:
        task = asyncio.create_task(self._run(build), name=f"build {build.action}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, build: Build) -> None:
        try:
            await self._store.write(lambda connection: start_build(connection, build.action_id, build.revision))
            packages, error = await self._installed(build)
            await self._store.write(lambda connection: self._keep(connection, build, packages, error))
        except TenantError:
            return  # the database cannot be written: the next call says so, and the next opening builds again

    async def _installed(self, build: Build) -> tuple[Path | None, str | None]:
        """The folder, or why there is none. Whatever goes wrong fails the build, so that none waits for ever."""
        try:
            return await self._install(build.material.packages()), None
        except ReconcilerError as problem:
            return None, problem.message
        except Exception as problem:  # a build is a task of its own: nobody else would hear of it
            return None, f"The build stopped: {type(problem).__name__}: {problem}"

    def _keep(self, connection: sqlite3.Connection, build: Build, packages: Path | None, error: str | None) -> None:
        folder = str(packages.absolute()) if packages else None
        wanted = finish_build(connection, build.action_id, build.revision, self._means, packages=folder, error=error)
        if wanted and error is not None:
            write_entry(connection, _failure(build, error), self._means)


def unfinished_builds(connection: sqlite3.Connection) -> list[Build]:
    """The drafts that wait for their build, and the versions that do though their draft has moved on."""
    builds = []
    for row in unbuilt_actions(connection):
        if row.status in ("pending", "building"):
            builds.append(Build(row.id, row.name, row.revision, row.material))
        for version in waiting_versions(connection, row.id):
            if version.revision != row.revision:
                builds.append(Build(row.id, row.name, version.revision, version.material))
    return builds


def _failure(build: Build, error: str) -> Entry:
    """The platform logs no failed build and shows no reason. Here `fapi`, its code for an operation that failed,
    carries the reason, so that somebody can do something about it."""
    details = {"action_id": build.action_id, "action_name": build.action, "error": {"message": error}}
    return Entry("fapi", f"Build of action {build.action} failed: {error}", details)
