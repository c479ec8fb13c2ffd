"""Which version of an action a commit or a number means: the one to go back to, or why there is none."""

from collections.abc import Sequence

from pydantic import Field

from reconciler.engine import naming
from reconciler.engine.planner import owner
from reconciler.engine.rolled_back import intact
from reconciler.model.action import Content, ModuleUse
from reconciler.model.frozen import Frozen
from reconciler.model.tenant import LiveAction, Version

LISTED = 8
"""How many versions are named where none is the one that is meant; `versions` shows them all."""


class Then(Frozen):
    """A commit (40 hex digits) and what git has there.

    `contents` maps each action that git wants of this tenant at that commit to its content; None where that cannot be
    known, `unknown` says why. `past` holds those commits that versions name and that are this one or one before it.
    """

    commit: str
    contents: dict[str, Content] | None = None
    unknown: str = ""
    past: tuple[str, ...] = ()


class Aim(Frozen):
    """Where to: the number of a version, or a commit."""

    number: int | None = None
    then: Then = Then(commit="")


class Miss(Frozen):
    """An action without a version to go back to. `absent` where it was not in git at that commit: nothing is wrong with
    that where several actions are meant."""

    action: str
    message: str
    absent: bool = False


class Picked(Frozen):
    """The version to go back to, and every version that the tenant had when it was picked."""

    version: Version
    versions: tuple[Version, ...] = Field(default=())


def pick(action: LiveAction, versions: Sequence[Version], aim: Aim, repo: str) -> Picked | Miss:
    """The version that is meant. Only versions that this repository made and nobody edited are meant: another would not
    show as rolled back.

    A commit means the newest version that names it; else the newest that holds what git has there, since an action gets
    a version only when it changes, of those that were made by then if there are any.
    """
    if action.version is None:
        return Miss(action=action.name, message=f"{action.name} is not deployed: nothing of it runs.")
    theirs = owner(action)
    if theirs not in (repo, ""):
        return Miss(action=action.name, message=f"{action.name} belongs to the repository {theirs}.")
    if aim.number is not None:
        return _numbered(action, versions, aim.number, repo)
    return _of_commit(action, versions, aim.then, repo)


def _numbered(action: LiveAction, versions: Sequence[Version], number: int, repo: str) -> Picked | Miss:
    version = next((each for each in versions if each.number == number), None)
    if version and _ours(action, version, repo):
        return Picked(version=version, versions=tuple(versions))
    if version:
        why = f"Version {number} of {action.name} is not as this repository made it: it would not show as rolled back."
    elif versions and 0 < number < versions[-1].number:
        why = f"Version {number} of {action.name} is no longer kept by the tenant."
    else:
        why = f"{action.name} has no version {number}."
    return Miss(action=action.name, message=f"{why} {listed(versions)}")


def _of_commit(action: LiveAction, versions: Sequence[Version], then: Then, repo: str) -> Picked | Miss:
    ours = [each for each in versions if _ours(action, each, repo)]
    named = [each for each in ours if each.provenance and each.provenance.commit == then.commit]
    if named:
        return Picked(version=max(named, key=_order), versions=tuple(versions))
    short = then.commit[:12]
    if then.contents is None:
        why = f"No version of {action.name} names {short}, and what it was there is not known: {then.unknown}"
        return Miss(action=action.name, message=f"{why} {listed(versions)}")
    wanted = then.contents.get(action.name)
    if wanted is None:
        return Miss(
            action=action.name, message=f"{action.name} was not in git for this tenant at {short}.", absent=True
        )
    same = [each for each in ours if holds(each.content, wanted)]
    if not same:
        why = f"The tenant has no version of {action.name} that holds what git has at {short}."
        return Miss(action=action.name, message=f"{why} {listed(versions)}")
    by_then = [each for each in same if each.provenance and each.provenance.commit in then.past]
    return Picked(version=max(by_then or same, key=_order), versions=tuple(versions))


def _ours(action: LiveAction, version: Version, repo: str) -> bool:
    provenance = version.provenance
    return (
        provenance is not None
        and provenance.repo == repo
        and naming.is_of(provenance.path, action.name)
        and intact(version)
    )


def _order(version: Version) -> tuple[bool, int]:
    # Of a version and a later one that was made of it, the first is the one whose secrets are certain.
    return (version.provenance is not None and version.provenance.number == version.number, version.number)


def holds(content: Content, wanted: Content) -> bool:
    """Whether a version holds what git wants; `latest` of a module is any number."""
    numbers = {use.name: use.number for use in content.modules}
    modules = tuple(ModuleUse(name=use.name, number=use.number or numbers.get(use.name, 0)) for use in wanted.modules)
    return content == wanted.model_copy(update={"modules": modules})


def listed(versions: Sequence[Version]) -> str:
    """The versions there are: `Versions: 3 (abcdef123456, runs), 2 (made outside git)`."""
    told = ", ".join(f"{each.number} ({_origin(each)}{', runs' if each.live else ''})" for each in versions[:LISTED])
    more = f" and {len(versions) - LISTED} more" if len(versions) > LISTED else ""
    return f"Versions: {told}{more}."


def _origin(version: Version) -> str:
    if version.provenance is None:
        return "made outside git"
    return version.provenance.commit[:12] + ("" if intact(version) else ", edited outside git")
