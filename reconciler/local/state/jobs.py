"""What runs when the code of a draft or a version runs: its packages, its secrets, its modules, the job as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.local.means import Means
from reconciler.local.node.job import Install, Job, JobModule
from reconciler.local.state.material import Material, secret_values
from reconciler.local.state.module_rows import PinnedModule, pinned_modules
from reconciler.local.state.rows import ActionRow, VersionRow


@dataclass(frozen=True)
class Runnable:
    """A draft or a version, as far as running it goes. `key` names its kept module state; `domain` whose code it is;
    `packages` is the folder that its build gave; `modules` are those it is pinned to."""

    key: str
    domain: str
    action: str
    material: Material
    packages: str | None = None
    modules: tuple[PinnedModule, ...] = ()


def runnable_version(connection: sqlite3.Connection, action: str, version: VersionRow) -> Runnable:
    """A version of that action, to be run. All versions of one action are of one domain."""
    modules = pinned_modules(connection, version.material)
    return Runnable(version.id, version.action_id, action, version.material, version.packages, modules)


def runnable_draft(connection: sqlite3.Connection, row: ActionRow) -> Runnable:
    """The draft of an action, to be run: apart from its versions, which a test must not harm."""
    modules = pinned_modules(connection, row.material)
    return Runnable(f"{row.id}:{row.revision}", f"{row.id}:draft", row.name, row.material, row.packages, modules)


async def job(
    what: Runnable, handler: str, event: Mapping[str, Any], install: Install, means: Means, *, fresh: bool = False
) -> Job:
    """The job that runs that handler with that event. PackageError where its packages are gone and cannot be installed
    again."""
    return Job(
        key=what.key,
        action=what.action,
        trigger=what.material.trigger_id,
        handler=handler,
        code=what.material.code,
        event=event,
        secrets=secret_values(what.material.secrets, means.keys),
        packages=await provided(what.material.packages(), what.packages, install),
        modules=tuple([await _job_module(module, install, means) for module in what.modules]),
        fresh=fresh,
        domain=what.domain,
        runtime=what.material.runtime,
    )


async def provided(packages: Mapping[str, str], kept: str | None, install: Install) -> Path | None:
    """The folder that a build gave for those packages; None where there are none.

    A folder that is gone since, because the store was emptied or the tenant's directory was moved, is installed again.
    PackageError where that fails.
    """
    if not packages:
        return None
    folder = Path(kept) if kept else None
    return folder if folder and folder.is_dir() else await install(packages)


async def _job_module(module: PinnedModule, install: Install, means: Means) -> JobModule:
    material = module.version.material
    return JobModule(
        name=module.name,
        code=material.code,
        secrets=secret_values(material.secrets, means.keys),
        packages=await provided(material.packages(), module.version.packages, install),
    )
