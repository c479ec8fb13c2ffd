"""Reads a tenant for people: versions, flows and the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.catalogue import limits
from reconciler.desired.checks.everything import problems as problems_of
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.state import no_tenant
from reconciler.desired.tenant_documents import TenantDocument
from reconciler.errors import InvalidInput, NotFound
from reconciler.model.action import ModuleUse
from reconciler.model.module import ModuleVersion
from reconciler.model.tenant import Live, LiveFlow, Version
from reconciler.run.session import Session, open_session
from reconciler.run.workplace import Workplace

FOLLOW_SECONDS = 1.0
MODULES = "modules/"
"""Comes before the name of a module where an action is meant without it."""


async def versions(place: Workplace, tenant: str, name: str) -> tuple[tuple[Version, str], ...]:
    """Every version of an action, newest first, each with the subject line of its commit where git has it."""
    async with open_session(place, tenant, tenant_document(place, tenant)) as session:
        action = await session.gateway.read_action_named(name)
        if action is None:
            raise await _no_action(session, tenant, name)
        found = await session.gateway.read_versions(action)
    return tuple((version, _subject(place, version)) for version in found)


@dataclass(frozen=True)
class Published:
    """A version of a module, the subject line of its commit where git has it, and the actions that run with it."""

    version: ModuleVersion
    subject: str
    users: tuple[str, ...]


async def module_versions(place: Workplace, tenant: str, name: str) -> tuple[Published, ...]:
    """Every version of a module, newest first; raises NotFound."""
    async with open_session(place, tenant, tenant_document(place, tenant)) as session:
        live = await session.gateway.read_live(())
    module = live.module(name)
    if module is None:
        raise NotFound(f"The tenant {tenant} has no module {name}.", "Look at its spelling, or `apply` first.")
    return tuple(
        Published(version, _subject(place, version), _running(live, ModuleUse(name=name, number=version.number)))
        for version in module.versions
    )


async def flows(place: Workplace, tenant: str) -> tuple[LiveFlow, ...]:
    """Every flow that has bindings, in trigger order."""
    async with open_session(place, tenant, tenant_document(place, tenant)) as session:
        live = await session.gateway.read_live(())
        return tuple(flow for flow in live.flows if flow.bindings)


@dataclass(frozen=True)
class Logged:
    """A log entry as the tenant wrote it, and the executions it names where they were asked for."""

    entry: Mapping[str, Any]
    executions: tuple[Mapping[str, Any], ...] = ()


async def logs(place: Workplace, tenant: str, *, take: int, follow: bool, details: bool) -> AsyncIterator[Logged]:
    """The newest log entries, oldest of them first; with `follow`, what comes after them too, until it is stopped.

    `details` reads the executions that the entries name.
    """
    async with open_session(place, tenant, tenant_document(place, tenant)) as session:
        last = ""
        news = tuple(reversed(await session.gateway.read_logs(take)))
        while True:
            for entry in news:
                last = entry["log_id"]
                yield Logged(entry, await _executions(session, entry) if details else ())
            if not follow:
                return
            await asyncio.sleep(FOLLOW_SECONDS)
            # Without a place to go on from, the log was empty: everything in it is new.
            news = await session.gateway.read_logs_after(last) if last else await _everything(session)


def tenant_document(place: Workplace, tenant: str) -> TenantDocument:
    """What tenants/NAME.yaml says; raises InvalidInput where it is missing or broken."""
    return document_of(load_repository(place.tree(None)), tenant)


def sound_tenant_document(place: Workplace, tenant: str) -> TenantDocument:
    """What tenants/NAME.yaml says; raises InvalidInput where it is missing, broken, or something in it is wrong."""
    documents = load_repository(place.tree(None))
    document = document_of(documents, tenant)
    wrong = [each for each in problems_of(documents, [tenant]) if each.span.file == f"tenants/{tenant}.yaml"]
    if wrong:
        raise InvalidInput(wrong)
    return document


def document_of(documents: Documents, tenant: str) -> TenantDocument:
    """What tenants/NAME.yaml says; raises InvalidInput where it is missing or broken."""
    if tenant in documents.tenants:
        return documents.tenants[tenant].document
    file = f"tenants/{tenant}.yaml"
    problems = [each for each in documents.diagnostics if each.span.file == file]
    raise InvalidInput(problems or [no_tenant(documents, tenant)])


async def _everything(session: Session) -> tuple[Mapping[str, Any], ...]:
    return tuple(reversed(await session.gateway.read_logs(limits.LOGS_PER_PAGE)))


async def _executions(session: Session, entry: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    named = ((entry.get("details") or {}).get("actions") or {}).get("executions") or ()
    return tuple([await session.gateway.read_execution(each) for each in named])


async def _no_action(session: Session, tenant: str, name: str) -> NotFound:
    modules = await session.gateway.modules.read() or ()
    remedy = "Look at its spelling, or `apply` first."
    if any(module.name == name for module in modules):
        remedy = f"It is a module: `reconciler versions {MODULES}{name}`."
    return NotFound(f"The tenant {tenant} has no action {name}.", remedy)


def _running(live: Live, use: ModuleUse) -> tuple[str, ...]:
    return tuple(each.name for each in live.actions if each.version and use in each.version.content.modules)


def _subject(place: Workplace, version: Version | ModuleVersion) -> str:
    return place.repository.subject(version.provenance.commit) if version.provenance else ""
