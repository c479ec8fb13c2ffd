"""What the guards have to know of git, the tenant file, the clock and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reconciler.desired.guard_documents import Guards
from reconciler.desired.state import Loaded
from reconciler.desired.tenant_documents import TenantDocument
from reconciler.engine import leaks
from reconciler.engine.guards.facts import Deletes, Facts, Leak
from reconciler.model.standing import Standing
from reconciler.run.promotion import with_earlier
from reconciler.run.workplace import Workplace

ON_THE_COMMAND_LINE = "--allow on the command line"
"""The reason that stands for a guard that was allowed by an option."""


async def read_facts(place: Workplace, loaded: Loaded, allow: tuple[str, ...]) -> Facts:
    """Everything that the guards have to know; asks the tenant that comes before, where there is one."""
    return await with_earlier(place, loaded, facts_of(place, loaded, allow))


def facts_of(place: Workplace, loaded: Loaded, allow: tuple[str, ...]) -> Facts:
    """What the guards have to know and is known here: nothing is asked of any tenant.

    The guards that pass are named on the command line or given a reason in the tenant file, up to the day it names.
    """
    known = {"standing": _standing(place, loaded.tenant, loaded.desired.commit), "leaks": tuple(_leaks(loaded))}
    return _permissions(place, loaded.tenant, allow).model_copy(update=known)


def way_back_facts(place: Workplace, tenant: TenantDocument, allow: tuple[str, ...], commit: str) -> Facts:
    """What the guards have to know of a rollback to a commit; needs no desired state, which a repository with mistakes
    in it does not have.

    A clone that cannot tell does not hold up a way back: the commit is off the branch only where git knows both and
    their whole history.
    """
    known = commit in place.repository.known([commit])
    standing = _standing(place, tenant, commit) if known else None
    sure = standing if standing and standing.ref and (standing.on or not standing.shallow) else None
    return _permissions(place, tenant, allow).model_copy(update={"standing": sure})


def _permissions(place: Workplace, tenant: TenantDocument, allow: tuple[str, ...]) -> Facts:
    guards, today = tenant.guards, place.clock().date()
    return Facts(
        allowed=_allowed(guards, today) | dict.fromkeys(allow, ON_THE_COMMAND_LINE),
        ended={each.guard: each.until for each in guards.allow if each.until and each.until < today},
        deletes=Deletes(count=guards.deletes.count, percent=guards.deletes.percent),
        today=today,
    )


def _allowed(guards: Guards, today: date) -> dict[str, str]:
    return {each.guard: each.reason for each in guards.allow if each.until is None or each.until >= today}


def _standing(place: Workplace, tenant: TenantDocument, commit: str) -> Standing | None:
    return place.repository.standing(commit, tenant.branch) if tenant.branch and commit else None


def _leaks(loaded: Loaded) -> Iterator[Leak]:
    """What looks like a secret in the code of this tenant's actions and modules. Only values that stand encrypted in
    git are looked for: what stands there in clear is no secret."""
    values = {key: value.reveal() for key, value in loaded.vault.decrypted.items()}
    names = {
        "action": {action.name for action in loaded.desired.actions},
        "module": {module.name for module in loaded.desired.modules},
    }
    documents = loaded.documents
    sources = [("action", each.document.name, each.code_file, each.code) for each in documents.actions]
    sources += [("module", each.document.name, each.code_file, each.code) for each in documents.modules]
    for owner, name, file, code in sources:
        for line, what in leaks.found(code or "", values) if name in names[owner] else ():
            yield Leak.model_validate({"owner": owner, "name": name, "place": f"{file}:{line}", "what": what})
