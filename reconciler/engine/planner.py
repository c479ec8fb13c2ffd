"""Desired and live in, Plan out."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine import adoption, diff, modules, naming, seen, signing
from reconciler.engine.ordering import merged
from reconciler.engine.rolled_back import intact
from reconciler.model.action import Action
from reconciler.model.plan import ActionChange, FlowChange, Kept, Place, Plan, SecretChange, Why
from reconciler.model.provenance import Provenance
from reconciler.model.tenant import Desired, Live, LiveAction, LiveBinding, LiveFlow, Version

RECORD = "to record the commit"


def plan(desired: Desired, live: Live, *, tool: str, stamp: bool = False) -> Plan:
    """Everything that has to happen for the tenant to be as git wants it; empty when it is.

    `stamp` deploys once what git did not make and is as git wants it all the same, so that its commit is recorded.
    """
    module_changes = modules.changes(desired, live)
    desired = modules.resolved(desired, live, module_changes)
    doomed = {action.name for action in live.actions if _ours_and_gone(action, desired)}
    scope = {action.name for action in desired.actions} | doomed
    unstamped = set(_unstamped(desired, live, stamp))
    triggers = {flow.trigger for flow in desired.flows} | {flow.trigger for flow in live.flows}
    return Plan(
        tool=tool,
        repo=desired.repo,
        tenant=desired.tenant,
        commit=desired.commit,
        modules=module_changes,
        actions=tuple(sorted(_action_changes(desired, live, doomed, stamp), key=lambda change: change.name)),
        flows=tuple(_flow_changes(desired, live, doomed)),
        kept=tuple(
            Kept(name=action.name, secret=secret.name)
            for action in sorted(desired.actions, key=lambda action: action.name)
            for secret in sorted(action.secrets, key=lambda secret: secret.name)
            if secret.kind == "keep" and action.name not in unstamped
        )
        + modules.kept(desired),
        unstamped=tuple(sorted(unstamped)),
        seen=seen.marks(live, scope, triggers, modules.scope(desired, module_changes)),
    )


def origin(action: LiveAction) -> Provenance | None:
    """What the action says of where it comes from: the deployed version's word, the draft's before the first deploy."""
    return action.version.provenance if action.version else action.draft.provenance


def owner(action: LiveAction) -> str:
    """The repository that an action comes from; empty for one that git did not make.

    The name of an action tells its folder (the loader sees to it), so a provenance that names another folder was copied
    along with the code, or the action was renamed by hand: in both cases git did not make this one.
    """
    provenance = origin(action)
    return provenance.repo if provenance and naming.is_of(provenance.path, action.name) else ""


def _ours_and_gone(action: LiveAction, desired: Desired) -> bool:
    return owner(action) == desired.repo and desired.action(action.name) is None


def _unstamped(desired: Desired, live: Live, stamp: bool) -> Iterator[str]:
    for action in desired.actions:
        there = live.action(action.name)
        if there and adoption.as_git_has_it(action, there) and not (stamp and adoption.can_be_stamped(there)):
            yield action.name


def _action_changes(desired: Desired, live: Live, doomed: set[str], stamp: bool) -> Iterator[ActionChange]:
    for action in desired.actions:
        change = _change(desired, action, live.action(action.name), stamp)
        if change is not None:
            yield change
    for there in live.actions:
        if there.name in doomed:
            before = there.version.content if there.version else there.draft.content
            yield ActionChange(
                kind="delete",
                name=there.name,
                id=there.id,
                why=Why(reasons=("no longer in git for this tenant",), before=before),
            )


def _change(desired: Desired, action: Action, live: LiveAction | None, stamp: bool) -> ActionChange | None:
    if live and adoption.as_git_has_it(action, live):
        return _written(desired, action, live, (), (RECORD,)) if stamp and adoption.can_be_stamped(live) else None
    secrets = diff.secret_changes(action, live)
    if live is None:
        return _written(desired, action, None, secrets, (modules.NOT_THERE,))
    version = live.version
    if version is None:
        return _written(desired, action, live, secrets, ("never deployed",))
    reasons = diff.content_reasons(action.content, version.content) + (("secrets",) if secrets else ())
    if owner(live) != desired.repo:
        return _written(desired, action, live, secrets, (*reasons, "not made by this repository"))
    if reasons:
        by_hand = () if intact(version) else ("edited outside git",)
        return _written(desired, action, live, secrets, reasons + by_hand)
    if diff.draft_differs(live, version):
        return draft_put_back(live, version)
    return None


def _written(
    desired: Desired,
    action: Action,
    live: LiveAction | None,
    secrets: tuple[SecretChange, ...],
    reasons: tuple[str, ...],
) -> ActionChange:
    version = live.version if live else None
    number = version.number + 1 if version else 1
    return ActionChange(
        kind="update" if live else "create",
        name=action.name,
        id=live.id if live else "",
        after=action.content,
        number=number,
        provenance=signing.provenance(desired, action, number),
        secrets=diff.secret_steps(action, secrets),
        send_secrets=bool(secrets),
        why=Why(reasons=reasons, before=version.content if version else None, secrets=secrets),
    )


def draft_put_back(live: LiveAction, version: Version) -> ActionChange:
    """The draft back at what runs. The version is right, so none is made."""
    return ActionChange(
        kind="update",
        name=live.name,
        id=live.id,
        after=version.content,
        provenance=version.provenance,
        deploy=False,
        why=Why(reasons=("draft edited, not deployed",), before=live.draft.content),
    )


def _flow_changes(desired: Desired, live: Live, doomed: set[str]) -> Iterator[FlowChange]:
    wanted = {flow.trigger: flow for flow in desired.flows}
    for trigger in sorted(wanted.keys() | {flow.trigger for flow in live.flows}):
        there = live.flow(trigger) or LiveFlow(trigger=trigger)
        flow = wanted.get(trigger)
        ours = {action.name for action in desired.actions} if flow else set()
        before = tuple(_place(binding, desired, doomed) for binding in there.bindings)
        after = merged(before, flow, ours=ours | doomed, ids={action.name: action.id for action in live.actions})
        if [place.binding() for place in before] != [place.binding() for place in after]:
            yield FlowChange(trigger=trigger, before=before, after=after)


def _place(binding: LiveBinding, desired: Desired, doomed: set[str]) -> Place:
    ours = not binding.foreign and (desired.action(binding.action) is not None or binding.action in doomed)
    return Place(
        action=binding.action, action_id=binding.action_id, display_name=binding.display_name, foreign=not ours
    )
