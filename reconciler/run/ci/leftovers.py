"""Takes away the comments of tenants that a pull request does not have any more: no job plans those, so that their
comments would go on saying what merging applies."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from reconciler.errors import GitHubError
from reconciler.model.pipeline import StageName, check_name
from reconciler.run.ci.publishing import Outlets, late
from reconciler.run.ci.sticky import take_away


async def take_leftovers_away(to: Outlets, tenants: Collection[str]) -> None:
    """Leaves the comments of these tenants, and of stages of all; that others cannot be taken away is a warning."""
    if to.github is None or to.run.pull is None or to.comment == "never":
        return
    names = {check_name(stage, tenant) for stage in get_args(StageName) for tenant in ("", *tenants)}
    try:
        if await late(to.github, to.run.pull):
            return
        for gone in await take_away(to.github, to.run.pull.number, to.folder, {*tenants, *names}):
            to.channel.tell(f"the comment of {gone} on #{to.run.pull.number}: deleted")
    except GitHubError as refused:
        to.channel.warn(f"Comments of tenants that are gone were not looked for: {refused.message}")
