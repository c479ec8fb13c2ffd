"""The Test button: one action, one event, the real network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import triggers
from reconciler.engine.overlay import laid_over
from reconciler.local.node.job import Job
from reconciler.local.node.runtime import NodeHost
from reconciler.model.execution import Execution
from reconciler.npm import node_executable
from reconciler.run.case_jobs import installed, known_actions, values
from reconciler.run.modules import job_modules, module_packages
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace


async def invoke(
    place: Workplace, tenant: str, name: str, overlay: Mapping[str, Any], *, revision: str | None
) -> Execution:
    """What the action does with that event, with the tenant's secrets and the locked packages; raises Usage for an
    unknown action."""
    loaded = await checked(place, place.tree(revision), tenant)
    (action,) = known_actions(loaded, (name,))
    theirs = await module_packages(place.npm, loaded, action)
    facts = triggers()[action.content.trigger.id]
    job = Job(
        key=name,
        action=name,
        trigger=facts.id,
        handler=facts.handlers[0],
        code=action.content.code,
        event=laid_over(facts.sample_event, overlay),
        secrets=values(loaded, action, "plain", "encrypted"),
        packages=await installed(place.npm, loaded, action),
        modules=job_modules(loaded, action, theirs, "plain", "encrypted"),
        runtime=action.content.runtime,
        limit=limits.EXECUTION_SECONDS,
    )
    async with NodeHost(node_executable()) as host:
        return await host.run(job)
