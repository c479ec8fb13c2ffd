"""Plans a pull request against what it is to be merged into: no tenant is read, no key used, nothing sent anywhere.

For pull requests whose pipeline gets no secrets, and for those that change where secrets are sent: whoever plans with
credentials sends them to the address that the tenant file names, and in a pull request that file is its author's.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.desired.load import Documents, load_repository
from reconciler.desired.state import desired_of
from reconciler.desired.tenant_documents import Auth0Tenant, TenantDocument
from reconciler.engine.against import plan_against
from reconciler.engine.guard_words import GUARDS
from reconciler.errors import BrokenBase, GitError, InvalidInput
from reconciler.model.pipeline import PipelineRun, PullRequest
from reconciler.model.plan import Against, Alarm
from reconciler.model.tenant import Desired
from reconciler.run.facts import facts_of
from reconciler.run.plan import Planned, plan
from reconciler.run.promotion import before
from reconciler.run.session import TOOL
from reconciler.run.validate import checked
from reconciler.run.workplace import Workplace

UNKNOWN = (
    "What only the tenant knows is not in this plan: what was edited there, what others bound in its flows, the "
    "numbers of versions. A secret counts as rotated where git holds another ciphertext of it."
)
_CREDENTIALS = "credentials."


@dataclass(frozen=True)
class Base:
    """What a pull request is held against: a commit, and its files, None where it had no reconciler.yaml yet."""

    against: Against
    documents: Documents | None


def base_for(place: Workplace, run: PipelineRun, tenant: str) -> Base | None:
    """What a run of a pipeline plans against in place of the tenant; None where it plans against the tenant itself.

    It is the base branch where the run has no secrets, and where a pull request changes where they would be sent: then
    nothing is sent. Nobody can approve such a plan, so that an apply after the merge waits for a person's word. Raises
    GitError where git has no base to look at: whether credentials may be sent is not known then.
    """
    if not run.trusted:
        return base_of_pull(place, run.pull) if run.pull else base_of(place, f"origin/{run.default_branch}")
    documents = load_repository(place.tree(None))
    if run.pull is None or not any(_address(documents, name) for name in _asked(documents, tenant)):
        return None
    base = base_of_pull(place, run.pull)
    return base if readdressed(base, documents, tenant) else None


def base_of(place: Workplace, against: str, *, revision: str | None = None) -> Base:
    """The commit that both the revision (the files on disk where none is named) and `against` come from: what that
    branch has got since is no part of the change. Raises GitError where git does not know it."""
    head = place.repository.resolve(revision or "HEAD")
    other = place.repository.resolve(against)
    common = place.repository.merge_base(head, other)
    if not common and place.repository.shallow():
        raise _shallow(against)
    return _base(place, against, common or other, place.tree(revision).commit)


def base_of_pull(place: Workplace, pull: PullRequest) -> Base:
    """What a pull request is to be merged into.

    A pipeline checks out the merge of it that GitHub makes to try it, whose first parent is that very commit; whoever
    checks out the head of the branch needs the base branch besides. Raises GitError where git has neither here.
    """
    name, head = f"origin/{pull.base}", place.repository.head()
    parents = place.repository.parents(head)
    if len(parents) == 2 and parents[1] == pull.head and place.repository.known(parents[:1]):
        return _base(place, name, parents[0], place.tree(None).commit)
    try:
        place.repository.resolve(name)
    except GitError as unknown:
        raise _shallow(name) from unknown
    return base_of(place, name)


async def plan_from_git(
    place: Workplace, tenant: str, base: Base, *, revision: str | None = None, allow: tuple[str, ...] = ()
) -> Planned:
    """What the files change against the base, for one tenant. Reads only git.

    Raises InvalidInput for problems of the files, BrokenBase for those of the base.
    """
    loaded = await checked(place, place.tree(revision), tenant, decrypt=False)
    wanted = loaded.desired
    there = _desired(base, tenant)
    facts = facts_of(place, loaded, allow)
    nothing = Desired(repo=wanted.repo, tenant=tenant)
    made, verdict = plan_against(wanted, there or nothing, facts, against=base.against, tool=TOOL)
    new = () if there else (f"{base.against.told} knows no tenant {tenant}: everything is new.",)
    told = {"remarks": (*new, UNKNOWN, _not_asked()), "alarms": readdressed(base, loaded.documents, tenant)}
    return Planned(made, verdict.model_copy(update=told), notices=loaded.notices)


async def plan_trusting(
    place: Workplace,
    tenant: str,
    base: Base,
    *,
    revision: str | None = None,
    allow: tuple[str, ...] = (),
    stamp: bool = False,
) -> Planned:
    """The plan against the tenant; against the base where the files change where credentials go: then none are sent."""
    if readdressed(base, load_repository(place.tree(revision)), tenant):
        return await plan_from_git(place, tenant, base, revision=revision, allow=allow)
    return await plan(place, tenant, revision=revision, allow=allow, stamp=stamp)


def readdressed(base: Base, documents: Documents, tenant: str) -> tuple[Alarm, ...]:
    """How the files change where a plan with credentials would send them: for the tenant itself and for the one that
    comes before it, which is asked, too. Empty where they go where the base sends them."""
    return tuple(filter(None, (_alarm(base, documents, name) for name in _asked(documents, tenant))))


def _alarm(base: Base, documents: Documents, tenant: str) -> Alarm | None:
    moved = dict(_moved(base, documents, tenant))
    if not moved:
        return None
    file, first = documents.tenants[tenant], next(iter(moved))
    return Alarm(
        message=f"tenants/{tenant}.yaml changes where credentials go ({', '.join(moved.values())}): look at it before "
        "you plan or apply with any. None were used for this plan.",
        place=str(file.span(*first.split("."))),
    )


def _asked(documents: Documents, tenant: str) -> tuple[str, ...]:
    """The tenants that a plan reads: the one that is meant, and the one that comes before it."""
    order = documents.repository.document.promote if documents.repository else ()
    return tuple(filter(None, (tenant, before(tenant, order))))


def _desired(base: Base, tenant: str) -> Desired | None:
    """What the base wants of the tenant; None where it does not know it."""
    if base.documents is None or f"tenants/{tenant}.yaml" not in base.documents.tree.paths:
        return None
    try:
        return desired_of(base.documents, tenant, sops=None).desired
    except InvalidInput as problem:
        raise BrokenBase(base.against.told, problem.diagnostics) from problem


def _moved(base: Base, documents: Documents, tenant: str) -> Iterator[tuple[str, str]]:
    """Each part of the address that is another one, and how."""
    there = _address(base.documents, tenant) if base.documents else {}
    for what, where in _address(documents, tenant).items():
        if there and where and where != there.get(what, ""):
            yield what, f"{what} {there.get(what) or 'none'} -> {where}"
        elif where and not there and not what.startswith(_CREDENTIALS):
            yield what, f"{what} {where} is new"


def _address(documents: Documents, tenant: str) -> dict[str, str]:
    """All that decides who gets which credentials, by where the tenant file says it; nothing for the embedded tenant
    inside the command, unless sops asks somebody for it: it sends its token to the address in the SOPS file."""
    located = documents.tenants.get(tenant)
    if located is None:
        return {}
    document = located.document
    file = documents.sops_files.get(posixpath.normpath(document.secrets)) if document.secrets else None
    services = ", ".join(each for each in (file.recipients if file else ()) if "//" in each)
    return _address_of(document) | ({"secrets": f"decrypted by {services}"} if services else {})


def _address_of(document: TenantDocument) -> dict[str, str]:
    if not isinstance(document, Auth0Tenant):
        return {"server": document.server} if document.server else {}
    names = {f"{_CREDENTIALS}{name}": variable for name, variable in document.credentials.model_dump().items()}
    return {"domain": document.domain, "ca": document.ca, **names}


def _not_asked() -> str:
    names = [guard.name for guard in GUARDS.values() if not guard.from_git]
    return f"Guards that need the tenant were not asked: {', '.join(names)}."


def _base(place: Workplace, name: str, commit: str, head: str) -> Base:
    documents = load_repository(place.repository.tree(commit)) if place.repository.holds(commit) else None
    return Base(Against(name=name, commit=commit, head=head), documents)


def _shallow(name: str) -> GitError:
    return GitError(
        f"Git does not have here what {name} and this commit have in common.",
        "Fetch the whole history: `fetch-depth: 0` for actions/checkout, GIT_DEPTH: 0 in GitLab, else "
        "`git fetch --unshallow`.",
    )
