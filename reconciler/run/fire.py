"""Lets something happen in the embedded tenant: a login, or any other trigger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.catalogue.triggers import triggers
from reconciler.desired.documents import LocalTenant
from reconciler.engine import cases as judge
from reconciler.errors import Usage
from reconciler.model.execution import FlowRun
from reconciler.run.look import tenant_document
from reconciler.run.session import open_embedded
from reconciler.run.workplace import Workplace

LOGIN = "post-login"


async def fire(place: Workplace, tenant: str, trigger: str, overlay: Mapping[str, Any]) -> FlowRun:
    """What the trigger's flow did with the sample event under that overlay.

    Raises Usage for a trigger that does not exist, or a tenant that does not run here.
    """
    facts = triggers().get(trigger)
    if facts is None or not facts.documented:
        known = ", ".join(name for name, each in triggers().items() if each.documented)
        raise Usage(f"There is no trigger '{trigger}' that can be fired.", f"Triggers: {known}.")
    document = tenant_document(place, tenant)
    if not isinstance(document, LocalTenant):
        raise Usage(f"The tenant {tenant} is not an embedded one.", "Real logins happen in the real tenant.")
    async with open_embedded(place, tenant, document) as embedded:
        return await embedded.fire(trigger, judge.event(facts.sample_event, overlay))
