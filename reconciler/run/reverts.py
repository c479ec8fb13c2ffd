"""Which commits are to be reverted so that git says what a rollback made run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from reconciler.desired.load import Documents, load_repository
from reconciler.desired.lock import FILE as LOCK_FILE
from reconciler.desired.repository import MATTERS
from reconciler.desired.state import desired_of
from reconciler.engine.way_back import holds
from reconciler.errors import ReconcilerError
from reconciler.model.action import Action
from reconciler.model.rollback import Reverts
from reconciler.model.tenant import Desired, LiveAction, Version
from reconciler.run.workplace import Workplace


@dataclass(frozen=True)
class Back:
    """An action that runs an earlier version again: what was there before, the version that it runs, and every version
    that the tenant had then, newest first."""

    before: LiveAction
    version: Version
    versions: tuple[Version, ...] = ()


def reverts(place: Workplace, tenant: str, backs: Iterable[Back]) -> Reverts:
    """The commits between what runs again and what was rolled back from that changed what the actions are made of.

    An action that git has already as it runs needs none. Where git does not have all of these commits, as in a shallow
    clone, they are those that the versions name.
    """
    git = _Git(place, tenant)
    found: dict[str, set[str]] = {}
    notes: list[str] = []
    for back in _unlike_git(git, backs):
        tips, since = _tips(back), _commit(back.version)
        if not tips:
            notes.append(f"What {back.before.name} ran was made outside git: there is nothing to revert.")
        elif since and place.repository.known([since, *tips]) == {since, *tips}:
            changed = dict(_between(place, tenant, back, since, tips))
            for commit, others in changed.items():
                found.setdefault(commit, set(others)).intersection_update(others)
            if not changed:
                notes += _secret_notes(git, back)
        else:
            found.update({tip: set() for tip in tips})
            notes.append(_incomplete(place, back, since))
    commits, strange = _in_order(place, found)
    notes += [f"Commit {commit[:12]} is not in the history of what is checked out here." for commit in strange]
    also = {commit: tuple(sorted(found[commit])) for commit in commits if found[commit]}
    return Reverts(commits=commits, also=also, notes=tuple(notes))


@dataclass(frozen=True)
class _Git:
    """What git says of a tenant at a commit; each is read once, however many actions went back."""

    place: Workplace
    tenant: str
    _read: dict[str, Desired | None] = field(default_factory=dict)

    def action(self, name: str, commit: str) -> Action | None:
        """None where git did not have the action, or cannot say so: no such commit, or mistakes in it."""
        if commit not in self._read:
            self._read[commit] = self._desired(commit)
        desired = self._read[commit]
        return desired.action(name) if desired else None

    def _desired(self, commit: str) -> Desired | None:
        try:
            return desired_of(load_repository(self.place.repository.tree(commit)), self.tenant, sops=None).desired
        except ReconcilerError:
            return None


def _unlike_git(git: _Git, backs: Iterable[Back]) -> list[Back]:
    """Those that are not for sure at the commit that is checked out as they run now."""
    return [back for back in backs if not _is_at(git.action(back.before.name, "HEAD"), git, back)]


def _is_at(wanted: Action | None, git: _Git, back: Back) -> bool:
    # What `latest` of a module is cannot be told from here: then it counts as another.
    if wanted is None or not all(use.number for use in wanted.content.modules):
        return False
    return holds(back.version.content, wanted.content) and not _other_secrets(wanted, git, back)


def _other_secrets(wanted: Action, git: _Git, back: Back) -> set[str]:
    """The secrets of which git has another value than at the commit of the version; none where that is not known."""
    made = git.action(wanted.name, _commit(back.version))
    return {name for name, _ in _sources(wanted) ^ _sources(made)} if made else set()


def _secret_notes(git: _Git, back: Back) -> Iterator[str]:
    """A value that was rotated is not to be brought back by a revert: nobody may want the earlier one."""
    wanted = git.action(back.before.name, "HEAD")
    names = sorted(_other_secrets(wanted, git, back)) if wanted else []
    if names:
        yield (
            f"Git has {back.before.name} as it runs, but for {', '.join(names)}: a deploy of that is refused "
            "(rolled-back) until the value is another one, or it is allowed."
        )


def _sources(action: Action) -> Set[tuple[str, str]]:
    return {(secret.name, secret.source) for secret in action.secrets}


def _tips(back: Back) -> tuple[str, ...]:
    """The commits that were rolled back from, newest version first; those of an earlier rollback are among them."""
    repo = back.version.provenance.repo if back.version.provenance else ""
    ran = [back.before.version] if back.before.version else []
    made = [each for each in (*ran, *back.before.later) if _is_of(each, repo)]
    if not made:  # somebody deployed over what git made last
        made = [each for each in back.versions if _is_of(each, repo) and each.number > back.version.number][:1]
    return tuple(dict.fromkeys(_commit(each) for each in made if _commit(each) != _commit(back.version)))


def _is_of(version: Version, repo: str) -> bool:
    return version.provenance is not None and version.provenance.repo == repo


def _commit(version: Version) -> str:
    return version.provenance.commit if version.provenance else ""


def _between(
    place: Workplace, tenant: str, back: Back, since: str, tips: Iterable[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Each commit that changed what the action is made of, and what else it touched."""
    own = _folders(back)
    tenant_file = f"tenants/{tenant}.yaml"
    for commit, files in place.repository.touching([*own, LOCK_FILE, tenant_file], since, tips).items():
        matters = {path for path in files if path.startswith(MATTERS)}
        mine = {path for path in matters if path.startswith(own) and not path.endswith("/cases.yaml")}
        if mine or (matters & {LOCK_FILE, tenant_file} and _entries_differ(place, tenant, back, commit)):
            shared = {path for path in matters if path.startswith(own)} | {LOCK_FILE}
            yield commit, frozenset(_thing(path) for path in matters - shared)


def _folders(back: Back) -> tuple[str, ...]:
    versions = [each for each in (back.before.version, back.version) if each]
    paths = {each.provenance.path for each in versions if each.provenance}
    modules = {f"modules/{use.name}" for each in versions for use in each.content.modules}
    return tuple(f"{path}/" for path in sorted(paths | modules))


def _entries_differ(place: Workplace, tenant: str, back: Back, commit: str) -> bool:
    """Whether a commit changed what the lock or the tenant file says of the action."""
    try:
        before = _entries(load_repository(place.repository.tree(f"{commit}^")), tenant, back)
    except ReconcilerError:
        return True  # the first commit there is
    return before != _entries(load_repository(place.repository.tree(commit)), tenant, back)


def _entries(documents: Documents, tenant: str, back: Back) -> tuple[object, ...]:
    name, lock, located = back.before.name, documents.lock, documents.tenants.get(tenant)
    modules = [lock.modules.get(use.name) for use in back.version.content.modules]
    override = located.document.overrides.actions.get(name) if located else None
    return lock.actions.get(name), lock.uses.get(name), modules, override


def _thing(path: str) -> str:
    """What a file belongs to: `actions/guard`, `flows/post-login.yaml`."""
    return "/".join(path.split("/")[:2])


def _incomplete(place: Workplace, back: Back, since: str) -> str:
    fetch = "run `git fetch --unshallow`" if place.repository.shallow() else "fetch them"
    return (
        f"Git does not have all commits between {since[:12]} and what {back.before.name} ran: {fetch} and look with "
        f"`git log {since[:12]}.. -- {' '.join(_folders(back))}`."
    )


def _in_order(place: Workplace, found: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The commits, each before those it builds on, and apart those that are not in the history of HEAD."""
    repository, commits = place.repository, sorted(found)
    known = repository.known(commits)
    reached = repository.past(repository.head(), known)
    order = sorted(reached, key=lambda commit: (-len(repository.past(commit, reached)), commit))
    unknown = [commit for commit in commits if commit not in known]
    return (*order, *unknown), tuple(sorted(known - reached))
