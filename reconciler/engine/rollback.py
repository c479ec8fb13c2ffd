"""Versions to go back to in, Plan out; and what is to be told when it is done."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set

from reconciler.engine import diff, seen
from reconciler.engine.planner import draft_put_back, owner
from reconciler.engine.way_back import Picked
from reconciler.model.action import Secret
from reconciler.model.plan import ActionChange, Plan, SecretChange, SecretStep, Why
from reconciler.model.rollback import EarlierSecret
from reconciler.model.tenant import Desired, Live, LiveAction, Version


def plan(
    picked: Mapping[str, Picked], live: Live, *, repo: str, tenant: str, commit: str, tool: str, flow: str = ""
) -> Plan:
    """Every named action back at its version, draft included; empty when all of them are. `flow` is the one whose
    bindings said which actions are meant."""
    changes = (_change(there, picked[there.name]) for there in live.actions if there.name in picked)
    return Plan(
        tool=tool,
        repo=repo,
        tenant=tenant,
        commit=commit,
        actions=tuple(sorted((change for change in changes if change), key=lambda change: change.name)),
        seen=seen.marks(live, picked, [flow] if flow else ()),
    )


def ours(live: Live, repo: str) -> tuple[str, ...]:
    """The deployed actions that come from a repository, in name order."""
    return tuple(sorted(action.name for action in live.actions if action.version and owner(action) == repo))


def bound(live: Live, trigger: str) -> tuple[str, ...]:
    """The actions of a flow, each once, in running order."""
    flow = live.flow(trigger)
    return tuple(dict.fromkeys(binding.action for binding in flow.bindings if not binding.foreign) if flow else ())


def left_alone(then: Desired | None, live: Live, picked: Set[str], *, everything: bool) -> tuple[str, ...]:
    """What a rollback does not bring back of what git wanted `then`: the order of the flows that these actions are
    part of, which no version holds, and where `everything` was meant actions that are gone with all their versions; one
    sentence each."""
    if then is None:
        return ()
    commit, told = then.commit[:12], []
    for flow in then.flows:
        names = tuple(binding.action for binding in flow.bindings)
        now = _bound_now(live, flow.trigger, {*ours(live, then.repo), *names})
        if now != names and not picked.isdisjoint({*now, *names}):
            told.append(f"{flow.trigger} ran {_line(names)} at {commit}, now {_line(now)}: bindings stay as they are.")
    for action in then.actions:
        if live.action(action.name) is None and everything:
            told.append(f"{action.name}, which git had at {commit}, is not in the tenant: `apply` makes it anew.")
    return tuple(told)


def not_ours(then: Desired | None, live: Live, meant: Collection[str]) -> tuple[str, ...]:
    """Which of the actions that are `meant`, and that git wanted `then`, do not go back because they run what this
    repository did not make; one sentence each."""
    if then is None:
        return ()
    there = (live.action(action.name) for action in then.actions if action.name in meant)
    return tuple(
        f"{action.name} runs what {then.repo} did not make: it is left as it is. Name it to roll it back."
        for action in there
        if action and action.version and owner(action) != then.repo
    )


def earlier_secrets(
    desired: Desired, live: Live, before: Live, names: Mapping[str, Picked]
) -> tuple[EarlierSecret, ...]:
    """Which secrets of the named actions are not as git wants them now, in order. What git encrypts is known by its
    fingerprint; what it keeps in the tenant by the stamp that it had `before`."""
    found = (
        _earlier(name, secret, there.version, then.version if then else None)
        for name in sorted(names)
        if (action := desired.action(name)) and (there := live.action(name)) and there.version
        for then in [before.action(name)]
        for secret in action.secrets
    )
    return tuple(secret for secret in found if secret)


def _bound_now(live: Live, trigger: str, names: Collection[str]) -> tuple[str, ...]:
    flow = live.flow(trigger)
    return tuple(binding.action for binding in flow.bindings if binding.action in names) if flow else ()


def _line(names: Sequence[str]) -> str:
    return " > ".join(names) or "nothing"


def _change(there: LiveAction, picked: Picked) -> ActionChange | None:
    now, version = there.version, picked.version
    if now is None:
        return None
    if _runs(now, picked):
        return draft_put_back(there, now) if diff.draft_differs(there, now) else None
    fingerprints = version.provenance.secrets if version.provenance else {}
    return ActionChange(
        kind="rollback",
        name=there.name,
        id=there.id,
        version_id=version.id,
        number=max(now.number, *(each.number for each in picked.versions)) + 1,
        after=version.content,
        provenance=version.provenance,
        secrets=tuple(
            SecretStep(name=stamp.name, write=False, fingerprint=fingerprints.get(stamp.name, ""))
            for stamp in version.secrets
        ),
        send_secrets=True,
        why=_why(there, now, version),
    )


def _why(there: LiveAction, now: Version, version: Version) -> Why:
    secrets = tuple(sorted(_secret_changes(now, version), key=lambda change: change.name))
    reasons = diff.content_reasons(version.content, now.content) + (("secrets",) if secrets else ())
    reasons += ("draft edited, not deployed",) if diff.draft_differs(there, now) else ()
    return Why(reasons=reasons or ("commit",), before=now.content, secrets=secrets)


def _runs(now: Version, picked: Picked) -> bool:
    """Whether the version that runs is the one to go back to, or as good as it."""
    version = picked.version
    if now.id not in {each.id for each in picked.versions}:
        # Made since, of the one that was picked: what the platform copies of it is what its provenance says.
        return now.content == version.content and now.provenance == version.provenance
    return now.id == version.id or (now.content == version.content and not list(_secret_changes(now, version)))


def _secret_changes(now: Version, version: Version) -> Iterator[SecretChange]:
    new, old = _stamps(now), _stamps(version)
    for name in sorted(new.keys() | old.keys()):
        if name not in old:
            yield SecretChange(name=name, what="removed")
        elif name not in new or (new[name] != old[name] and not _same_value(name, now, version)):
            yield SecretChange(name=name, what="earlier value")


def _same_value(name: str, one: Version, other: Version) -> bool:
    """Whether two versions that an apply made say the same of a value; a version that was made of another says nothing
    certain, for its secrets may have been changed on the way."""
    told = [each.provenance.secrets.get(name) for each in (one, other) if _is_applied(each) and each.provenance]
    return len(told) == 2 and told[0] is not None and told[0] == told[1]


def _is_applied(version: Version) -> bool:
    return version.provenance is not None and version.provenance.number == version.number


def _stamps(version: Version) -> dict[str, str]:
    return {stamp.name: stamp.updated_at for stamp in version.secrets}


def _earlier(action: str, secret: Secret, now: Version, then: Version | None) -> EarlierSecret | None:
    stamps = _stamps(now)
    if secret.name not in stamps:
        return EarlierSecret(action=action, name=secret.name, what="not there")
    if secret.kind == "keep":
        is_earlier = then is not None and _stamps(then).get(secret.name) != stamps[secret.name]
        return EarlierSecret(action=action, name=secret.name, what="earlier kept value") if is_earlier else None
    fingerprints = now.provenance.secrets if now.provenance else {}
    is_earlier = bool(secret.fingerprint) and fingerprints.get(secret.name) != secret.fingerprint
    return EarlierSecret(action=action, name=secret.name, what="earlier value") if is_earlier else None
