"""Takes what drifted in a tenant into the files of the worktree, for a pull request. The tenant is only read."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from reconciler.desired.checks.everything import problems
from reconciler.desired.load import Documents, load_repository
from reconciler.desired.lock import FILE as LOCK_FILE
from reconciler.desired.lock import locked_set, render_lock
from reconciler.desired.state import desired_of
from reconciler.desired.tree import Tree
from reconciler.desired.writing.edits import Edits
from reconciler.desired.writing.files import write_all
from reconciler.desired.writing.overlay import Changes
from reconciler.engine import planner
from reconciler.engine.adopting import Subjects, chosen, replaced, subjects
from reconciler.engine.drift.world import World
from reconciler.errors import GitError, InvalidInput, Usage
from reconciler.model.action import Secret
from reconciler.model.adopted import Adopted
from reconciler.model.drift import Drift, Finding
from reconciler.model.imported import Needed, Remark
from reconciler.model.tenant import Desired, Live
from reconciler.run.drift import read_world, report
from reconciler.run.lock import lock_of, resolved
from reconciler.run.session import TOOL, open_session
from reconciler.run.taking import Taking
from reconciler.run.validate import checked, unfit_code
from reconciler.run.workplace import Workplace

Notify = Callable[[str], None]
Choose = Callable[[Drift], tuple[Finding, ...]]


@dataclass(frozen=True)
class Adoption:
    """An adoption that is not written yet: what it takes, and the files, None for those that go."""

    adopted: Adopted
    changes: Changes


async def adopt(place: Workplace, tenant: str, names: tuple[str, ...], notify: Notify) -> Adopted:
    """Takes the findings of those ids, or without any all open ones that can be; writes all of it or nothing.

    Raises Usage for an id that is not found, GitError where a file that would be written has changes that are not
    committed, InvalidInput where what runs cannot stand in git.
    """
    tree = place.repository.worktree()
    made = await adoption(place, tree, tenant, partial(_named, names=names), notify, drafts=bool(names))
    _require_committed(place, made.changes)
    write_all(place.repository.folder, made.changes)
    return made.adopted


async def adoption(
    place: Workplace, tree: Tree, tenant: str, choose: Choose, notify: Notify, *, drafts: bool = False
) -> Adoption:
    """What it takes to have those findings in a tree; nothing is written. What only a draft has is taken where `drafts`
    says so.

    Raises InvalidInput where what runs cannot stand in git.
    """
    loaded = await checked(place, tree, tenant, decrypt=False)
    async with open_session(place, tenant, loaded.tenant) as session:
        world = await read_world(place, loaded, session.gateway)
    findings, left = chosen(choose(report(world, loaded)), world.live, named=drafts)
    about = subjects(findings, world.live, {action.document.name for action in loaded.documents.actions})
    taking = Taking(loaded, world.live, about, Edits(tree))
    taking.take()
    await _lock(place, loaded.documents, taking, notify)
    documents = await _sound(loaded.documents, taking.edits)
    adopted = _adopted(world, documents, taking, findings, (*left, *taking.left))
    return Adoption(adopted, taking.edits.changes)


def _named(drift: Drift, names: tuple[str, ...]) -> tuple[Finding, ...]:
    found = {finding.id: finding for finding in drift.findings}
    unknown = sorted(set(names) - found.keys())
    if unknown:
        near = difflib.get_close_matches(unknown[0], found, n=1)
        remedy = (
            f"Did you mean {near[0]}?" if near else f"`reconciler drift --tenant {drift.tenant}` names what it finds."
        )
        raise Usage(f"There is no finding {', '.join(unknown)} in {drift.tenant}.", remedy)
    return tuple(found[name] for name in dict.fromkeys(names)) if names else drift.open


async def _lock(place: Workplace, before: Documents, taking: Taking, notify: Notify) -> None:
    """The lock with the very versions that run; what npm has to say is asked only where they differ."""
    documents = load_repository(taking.edits.tree)
    asked = {
        owner: versions
        for owner, versions in taking.versions.items()
        if versions and locked_set(before.lock, owner).versions != versions
    }
    lock = lock_of(documents, await resolved(place, asked, notify))
    text = render_lock(lock).encode()
    if documents.lock_text or lock.actions or lock.modules or lock.uses:
        taking.edits.write(LOCK_FILE, text)


async def _sound(before: Documents, edits: Edits) -> Documents:
    """The files as they will be; what was wrong with other tenants before is not what an adoption is about."""
    documents = load_repository(edits.tree)
    known = {(each.span.file, each.message) for each in problems(before)}
    wrong = [*problems(documents), *await unfit_code(documents)]
    new = [each for each in wrong if (each.span.file, each.message) not in known]
    if new:
        raise InvalidInput(new, "what would be written; nothing was. Name the findings to take the others")
    return documents


def _require_committed(place: Workplace, changes: Changes) -> None:
    repository = place.repository
    there = (path for path in changes if (repository.folder / path).exists())
    ignored = {path for path in there if repository.ignored(repository.folder / path)}
    waiting = sorted((set(repository.dirty()) & changes.keys()) | ignored)
    if waiting:
        forced = f" (git ignores some: `git add -f {shlex.join(sorted(ignored))}`)" if ignored else ""
        raise GitError(
            f"These files would be written and hold what is not committed: {', '.join(waiting)}.",
            f"Commit them or put them back first{forced}: nothing was written.",
        )


def _adopted(
    world: World, documents: Documents, taking: Taking, findings: Iterable[Finding], left: tuple[Remark, ...]
) -> Adopted:
    changes, tenant = taking.edits.changes, world.desired.tenant
    desired = desired_of(documents, tenant, sops=None).desired
    written = any(not path.startswith("tenants/") for path in changes)
    return Adopted(
        tool=TOOL,
        repo=world.repo,
        tenant=tenant,
        findings=tuple(finding.id for finding in findings),
        files=tuple(sorted(path for path, content in changes.items() if content is not None)),
        removed=tuple(sorted(path for path, content in changes.items() if content is None)),
        left=left,
        remaining=tuple(_remaining(desired, world.live, taking.subjects)),
        replaced=replaced(world, taking.subjects, desired),
        kept=tuple(_newly_kept(world.desired, desired)),
        shared=tuple(sorted(documents.tenants.keys() - {tenant})) if written else (),
    )


def _remaining(desired: Desired, live: Live, about: Subjects) -> list[Remark]:
    """What a plan changes of what was taken. Values of secrets are taken for those that git wrote: whether git has
    others by now is not what an adoption is about."""
    plan = planner.plan(_as_told(desired, live), live, tool=TOOL)
    names = about.actions | about.drafts | about.bound | {action for action, _ in about.secrets}
    modules = about.modules | about.module_drafts | {module for module, _ in about.module_secrets}
    words = "a plan still changes it: {}."
    found = [
        Remark(kind="action", name=change.name, why=words.format(", ".join(change.why.reasons)))
        for change in plan.actions
        if change.name in names
    ]
    found += [
        Remark(kind="module", name=change.name, why=words.format(", ".join(change.why.reasons)))
        for change in plan.modules
        if change.name in modules
    ]
    return found + [
        Remark(kind="flow", name=change.trigger, why=words.format("its bindings"))
        for change in plan.flows
        if change.trigger in about.flows
    ]


def _as_told(desired: Desired, live: Live) -> Desired:
    def told(secrets: tuple[Secret, ...], known: Mapping[str, str]) -> tuple[Secret, ...]:
        return tuple(
            secret if secret.kind == "keep" else secret.model_copy(update={"fingerprint": known.get(secret.name, "")})
            for secret in secrets
        )

    def of_action(name: str) -> Mapping[str, str]:
        there = live.action(name)
        provenance = there.version.provenance if there and there.version else None
        return provenance.secrets if provenance else {}

    def of_module(name: str) -> Mapping[str, str]:
        there = live.module(name)
        return there.origin.secrets if there and there.origin else {}

    actions = (
        each.model_copy(update={"secrets": told(each.secrets, of_action(each.name))}) for each in desired.actions
    )
    modules = (
        each.model_copy(update={"secrets": told(each.secrets, of_module(each.name))}) for each in desired.modules
    )
    return desired.model_copy(update={"actions": tuple(actions), "modules": tuple(modules)})


def _newly_kept(before: Desired, after: Desired) -> list[Needed]:
    def kept(desired: Desired) -> set[tuple[str, str, str]]:
        found = {
            ("action", each.name, one.name) for each in desired.actions for one in each.secrets if one.kind == "keep"
        }
        return found | {
            ("module", each.name, one.name) for each in desired.modules for one in each.secrets if one.kind == "keep"
        }

    new = sorted(kept(after) - kept(before))
    return [Needed.model_validate({"kind": kind, "name": name, "secret": secret}) for kind, name, secret in new]
