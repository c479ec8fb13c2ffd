"""Several tenants in one command: which are meant, in which order, and what became of each."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from reconciler.desired.load import Documents
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Exit, ReconcilerError, Usage

T = TypeVar("T")

WORST_FIRST = (Exit.USAGE, Exit.ERROR, Exit.STALE, Exit.CASES_FAILED, Exit.REFUSED, Exit.CHANGES, Exit.DONE)
"""Which exit code stands for all tenants: the first of these that any of them ended with."""

_PATTERN = frozenset("*?[")


@dataclass(frozen=True)
class Turn(Generic[T]):
    """What became of one tenant: an outcome, or a failure, or neither where it was not tried."""

    tenant: str
    outcome: T | None = None
    failure: ReconcilerError | None = None


def names_several(asked: str) -> bool:
    """Whether an option means a set of tenants, be it of one, rather than a tenant: `dev,staging` or `prod-*`."""
    return "," in asked or not _PATTERN.isdisjoint(asked)


def chosen(documents: Documents, asked: str) -> tuple[str, ...]:
    """The tenants that names and patterns with commas between them stand for, each once, as a commit reaches them:
    those of `promote` first, the others by name. Raises Usage for what stands for none."""
    known, found = every(documents), set[str]()
    for part in filter(None, (part.strip() for part in asked.split(","))):
        matching = {name for name in known if fnmatchcase(name, part)}
        if not matching:
            raise _nobody(part, known)
        found |= matching
    if not found:
        raise Usage("No tenant is named.", "Name some with commas between them, or a pattern such as 'prod-*'.")
    order = documents.repository.document.promote if documents.repository else ()
    return (*(name for name in order if name in found), *sorted(found.difference(order)))


def every(documents: Documents) -> tuple[str, ...]:
    """Every tenant that has a file, by name, be it one that cannot be read: that is told when it is its turn."""
    paths = (path for path in documents.tree.paths if posixpath.dirname(path) == "tenants" and path.endswith(".yaml"))
    return tuple(sorted(posixpath.basename(path).removesuffix(".yaml") for path in paths))


def first(documents: Documents) -> str:
    """The tenant that a commit reaches first; empty where there is none."""
    return next(iter(chosen(documents, "*")), "") if every(documents) else ""


def matches_none(documents: Documents, asked: str) -> bool:
    """Whether an option is made of patterns alone and no tenant is named like any of them: a set that is empty, where a
    name would be a mistake."""
    parts, known = [part.strip() for part in asked.split(",")], every(documents)
    return not any(_PATTERN.isdisjoint(part) or any(fnmatchcase(name, part) for name in known) for part in parts)


def taken_in_turn(tenants: Sequence[str], work: Callable[[str], T], *, go_on: bool) -> Iterator[Turn[T]]:
    """One turn for each tenant, as it ends. After a failure the rest is not tried, unless `go_on` says so; a wish to
    stop and a wrong command line end it for all."""
    stopped = False
    for tenant in tenants:
        if stopped:
            yield Turn(tenant)
            continue
        try:
            yield Turn(tenant, outcome=work(tenant))
        except Usage:
            raise
        except ReconcilerError as failure:
            stopped = not go_on or isinstance(failure.__cause__, asyncio.CancelledError)
            yield Turn(tenant, failure=failure)


def worst(codes: Sequence[Exit]) -> Exit:
    """The exit code that stands for all."""
    return min(codes, key=WORST_FIRST.index, default=Exit.DONE)


def _nobody(part: str, known: Sequence[str]) -> Usage:
    tenants = f"Tenants: {', '.join(known) or 'none'}."
    if not _PATTERN.isdisjoint(part):
        return Usage(f"No tenant is named like '{part}'.", tenants)
    return Usage(f"There is no tenant '{part}'{did_you_mean(part, known)}", tenants)
