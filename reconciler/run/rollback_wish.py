"""What a rollback is asked for: which actions are meant, which commit, and which of their versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.desired.load import load_repository
from reconciler.desired.state import desired_of
from reconciler.desired.validation import did_you_mean
from reconciler.engine import rollback
from reconciler.engine.planner import owner
from reconciler.engine.way_back import Aim, Miss, Picked, Then, listed, pick
from reconciler.errors import GitError, InvalidInput, NotFound, NoWayBack, ReconcilerError, Usage
from reconciler.model.tenant import Desired, Live, LiveAction, Version
from reconciler.run.workplace import Workplace

Histories = Mapping[str, tuple[Version, ...]]

_NUMBER = re.compile(r"[0-9]{1,6}")
_DIGITS = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True)
class Wish:
    """What goes back, one of an action, the actions of a flow, or all of them; and where to: a version, or a commit."""

    to: str
    action: str = ""
    flow: str = ""

    @property
    def number(self) -> int | None:
        """The version that is meant, None where it is a commit. Fewer than seven digits are a version, as the shortest
        form of a commit has seven; version numbers are an action's own."""
        if not _NUMBER.fullmatch(self.to):
            return None
        if not self.action:
            raise Usage("The number of a version means one action.", "Name the action, or a commit.")
        return int(self.to)


def chosen(live: Live, wish: Wish, repo: str) -> tuple[LiveAction, ...]:
    """The actions that are meant; of a flow or of all only those of this repository."""
    if wish.action:
        action = live.action(wish.action)
        if action is None:
            raise _unknown(live, wish.action)
        return (action,)
    if wish.flow and live.flow(wish.flow) is None:
        raise Usage(f"There is no flow {wish.flow}.", "Name a trigger that actions are bound to, such as post-login.")
    names = among(live, wish)
    chosen = tuple(action for action in live.actions if action.name in names and _is_ours(action, repo))
    if not chosen:
        where = f"bound to {wish.flow}" if wish.flow else "deployed"
        raise NoWayBack([f"No action of {repo} is {where}."])
    return chosen


def among(live: Live, wish: Wish) -> frozenset[str]:
    """The actions of the flow, or all there are."""
    return frozenset(rollback.bound(live, wish.flow) if wish.flow else (action.name for action in live.actions))


def _unknown(live: Live, name: str) -> NotFound:
    if live.module(name):
        remedy = "Each version of an action names the versions of the modules it uses: roll back the actions."
        return NotFound(f"{name} is a module, not an action.", remedy)
    near = did_you_mean(name, [action.name for action in live.actions])
    return NotFound(f"The tenant has no action '{name}'{near}", "`reconciler flows` shows what runs.")


def _is_ours(action: LiveAction, repo: str) -> bool:
    return action.version is not None and owner(action) == repo


def commit_of(place: Workplace, text: str, histories: Histories) -> str:
    """The commit that is meant, 40 hex digits: as git knows it, else one that a version names. Raises GitError for a
    revision that git does not know, NoWayBack for digits that no version has either."""
    try:
        return place.repository.resolve(text)
    except GitError:
        digits = text.lower()
        found = sorted(commit for commit in _named(histories) if commit.startswith(digits))
        if _DIGITS.fullmatch(digits) is None:
            raise
        if not found:
            known = [f"{name}: {listed(versions)}" for name, versions in sorted(histories.items())]
            raise NoWayBack([f"Neither git nor any version knows a commit {text}.", *known]) from None
        if len(found) > 1:
            raise Usage(f"Several commits begin with {text}: {', '.join(found)}.", "Write more of it.") from None
        return found[0]


def desired_then(place: Workplace, tenant: str, commit: str) -> tuple[Desired | None, str]:
    """What git wants of the tenant at a commit, without the values of secrets; or why that is not known."""
    if not commit:
        return None, ""
    try:
        return desired_of(load_repository(place.repository.tree(commit)), tenant, sops=None).desired, ""
    except InvalidInput as broken:
        return None, f"what git has there cannot be read ({broken.diagnostics[0]})."
    except ReconcilerError as missing:
        return None, f"{missing.message} {missing.remedy}"


def aim_of(place: Workplace, commit: str, histories: Histories, then: Desired | None, why: str) -> Aim:
    """What a commit means for each action: what git wants `then`, and which versions come from before; `why` that is
    not known."""
    if then is None:
        return Aim(then=Then(commit=commit, unknown=why))
    contents = {action.name: action.content for action in then.actions}
    past = place.repository.past(commit, _named(histories))
    return Aim(then=Then(commit=commit, contents=contents, past=tuple(sorted(past))))


def _named(histories: Histories) -> set[str]:
    """Every commit that a version names."""
    return {version.provenance.commit for each in histories.values() for version in each if version.provenance}


def picked_of(
    chosen: Iterable[LiveAction], histories: Histories, aim: Aim, repo: str, *, one: bool
) -> tuple[Mapping[str, Picked], tuple[str, ...]]:
    """The version of each action, and what is said of those that were not there at that commit: of several actions they
    are left alone. Raises NoWayBack naming all the others that have no such version."""
    outcomes = {action.name: pick(action, histories[action.name], aim, repo) for action in chosen}
    picked = {name: outcome for name, outcome in sorted(outcomes.items()) if isinstance(outcome, Picked)}
    misses = [outcome for _, outcome in sorted(outcomes.items()) if isinstance(outcome, Miss)]
    wrong = [miss for miss in misses if one or not picked or not miss.absent]
    if wrong:
        raise NoWayBack([miss.message for miss in wrong])
    return picked, tuple(f"{miss.message} It is left as it is." for miss in misses)


def origin_of(picked: Mapping[str, Picked]) -> str:
    """The commit of the one version that a number means."""
    return next(each.version.provenance.commit for each in picked.values() if each.version.provenance)
