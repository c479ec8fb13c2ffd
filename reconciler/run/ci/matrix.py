"""The tenants as jobs of a workflow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from reconciler.desired.load import TENANT_NAME, Documents
from reconciler.desired.tenant_documents import LocalTenant
from reconciler.errors import Usage
from reconciler.run.several import chosen, matches_none

EVERY = "*"

MOST_JOBS = 256
"""What GitHub makes of one matrix ("Usage limits")."""


def matrix(documents: Documents, asked: str, shards: int) -> dict[str, Any]:
    """What `strategy.matrix` takes: a job for each tenant, in the order in which a commit reaches them, or with
    `shards` a job for each of so many groups of neighbours, as even as they can be. No tenant gives no jobs.

    Nothing asked for is every tenant that outlasts the job. One with a name that may mean others has no job. Raises
    Usage for a name that is no tenant's, and for more jobs than GitHub makes.
    """
    found = () if matches_none(documents, asked or EVERY) else chosen(documents, asked or EVERY)
    tenants = tuple(name for name in found if TENANT_NAME.fullmatch(name) and (asked or not passing(documents, name)))
    if shards:
        groups = _groups(tenants, min(shards, len(tenants)))
        return {"include": [{"shard": at, "tenants": ",".join(group)} for at, group in enumerate(groups, 1)]}
    if len(tenants) > MOST_JOBS:
        raise Usage(
            f"GitHub makes at most {MOST_JOBS} jobs of a matrix, and these are {len(tenants)} tenants.",
            "Give several to each job: --shards 20, with `--tenant ${{ matrix.tenants }}` in it.",
        )
    return {"include": [{"tenant": tenant, "environment": tenant} for tenant in tenants]}


def passing(documents: Documents, tenant: str) -> bool:
    """Whether a tenant lives in the folder of whoever runs the command: on a runner it is empty and gone with the job.
    One that `promote` names has its place in the pipeline all the same."""
    located, repository = documents.tenants.get(tenant), documents.repository
    here = located is not None and isinstance(located.document, LocalTenant) and not located.document.server
    return here and tenant not in (repository.document.promote if repository else ())


def _groups(tenants: Sequence[str], count: int) -> list[Sequence[str]]:
    ends = [len(tenants) * at // count for at in range(count + 1)] if count else [0]
    return [tenants[begin:end] for begin, end in pairwise(ends)]
