"""What a set of findings is about: which actions, modules and flows are to be taken into git as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from reconciler.engine.drift import texts
from reconciler.engine.drift.held import held
from reconciler.engine.drift.world import World
from reconciler.model.drift import Finding, Kind
from reconciler.model.imported import Remark
from reconciler.model.tenant import Desired, Live, LiveAction

CONTENT: frozenset[Kind] = frozenset({"edited", "rolled-back", "unmanaged-action"})
SECRETS: frozenset[Kind] = frozenset({"secret-added", "secret-removed", "secret-rotated"})
FLOWS: frozenset[Kind] = frozenset({"flow-reordered", "binding-added", "binding-removed", "binding-renamed"})
MODULES: frozenset[Kind] = frozenset({"module-edited", "unmanaged-module"})
MODULE_SECRETS: frozenset[Kind] = frozenset({"module-secret-added", "module-secret-removed"})
DRAFTS: frozenset[Kind] = frozenset({"draft-edited", "module-draft-edited"})

WAITS = "a draft does not run: name this finding to take it into git, which an apply then deploys."


@dataclass(frozen=True)
class Subjects:
    """Names of what is taken: `actions` with their content, `secrets` as (action, secret), `flows` by trigger, `bound`
    the actions of others that a flow is to have; `drafts` are actions and modules whose draft is taken instead of what
    runs. `missing` ones leave git."""

    actions: set[str] = field(default_factory=set)
    drafts: set[str] = field(default_factory=set)
    secrets: set[tuple[str, str]] = field(default_factory=set)
    flows: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    module_drafts: set[str] = field(default_factory=set)
    module_secrets: set[tuple[str, str]] = field(default_factory=set)
    missing_actions: set[str] = field(default_factory=set)
    missing_modules: set[str] = field(default_factory=set)


def chosen(findings: Iterable[Finding], live: Live, *, named: bool) -> tuple[tuple[Finding, ...], tuple[Remark, ...]]:
    """The findings that can be taken into git, and why the others cannot; what only a draft has is taken where it was
    `named`."""
    kept, left = [], []
    for finding in findings:
        way = next((each for each in finding.ways if each.way == "adopt"), None)
        if way is None or not way.text:
            left.append(_left(finding, way.note if way else "it cannot be put into files."))
        elif not named and _is_drafts(finding, live):
            left.append(_left(finding, WAITS))
        else:
            kept.append(finding)
    return tuple(kept), tuple(left)


def subjects(findings: Iterable[Finding], live: Live, known: Collection[str]) -> Subjects:
    """What those findings are about. An action that git does not know yet takes its places in flows along; `known` are
    the names of those that it does."""
    made = Subjects()
    for finding in findings:
        _add(made, finding)
    strangers = (made.actions | made.bound) - set(known)
    made.flows.update(flow.trigger for flow in live.flows if any(each.action in strangers for each in flow.bindings))
    return made


def replaced(world: World, about: Subjects, after: Desired) -> tuple[Remark, ...]:
    """What git has, no apply had brought to the tenant, and is not in git any more `after` the subjects were taken."""
    actions = (_replaced_action(world, name, after) for name in sorted(about.actions | about.drafts))
    flows = (_replaced_bindings(world, trigger, after) for trigger in sorted(about.flows))
    return tuple(each for each in (*actions, *flows) if each)


def _replaced_action(world: World, name: str, after: Desired) -> Remark | None:
    before, made, live = world.desired.action(name), after.action(name), world.live.action(name)
    if before is None or made is None or live is None or texts.same(before.content, made.content):
        return None
    there = held(world, live)
    if there is not None and (there.base is None or texts.same(before.content, there.base)):
        return None
    ran = (*world.history.get(name, ()), *live.later)
    if any(texts.same(before.content, version.content) for version in ran):  # applied, and rolled back since
        return None
    parts = ", ".join(texts.parts(before.content, made.content))
    return Remark(kind="action", name=name, why=f"{parts}: `git diff` shows what stood there.")


def _replaced_bindings(world: World, trigger: str, after: Desired) -> Remark | None:
    def bound(git: Desired | None) -> set[str]:
        flows = git.flows if git else ()
        return {each.action for flow in flows if flow.trigger == trigger for each in flow.bindings}

    lost = sorted(bound(world.desired) - bound(world.base) - bound(after)) if world.base else ()
    why = f"git binds {', '.join(lost)} there: write it in again where it is still wanted."
    return Remark(kind="flow", name=trigger, why=why) if lost else None


def _add(made: Subjects, finding: Finding) -> None:
    name, detail = finding.name, finding.detail
    if finding.kind in CONTENT:
        made.actions.add(name)
    elif finding.kind in SECRETS:
        made.secrets.add((name, detail))
    elif finding.kind in FLOWS:
        made.flows.add(name)
        if finding.kind == "binding-added":
            made.bound.add(detail)
    elif finding.kind in MODULES:
        made.modules.add(name)
    elif finding.kind in MODULE_SECRETS:
        made.module_secrets.add((name, detail))
    elif finding.kind == "missing-action":
        made.missing_actions.add(name)
    elif finding.kind == "missing-module":
        made.missing_modules.add(name)
    elif finding.kind in DRAFTS:
        (made.drafts if finding.kind == "draft-edited" else made.module_drafts).add(name)


def _is_drafts(finding: Finding, live: Live) -> bool:
    if finding.kind in DRAFTS:
        return True
    action = live.action(finding.name)
    return finding.kind in SECRETS and action is not None and not _deployed(finding, action)


def _deployed(finding: Finding, action: LiveAction) -> bool:
    """Whether a secret's finding is about the version that runs: draft and version are then alike."""
    draft = {stamp.name: stamp.updated_at for stamp in action.draft.secrets}
    runs = {stamp.name: stamp.updated_at for stamp in action.version.secrets} if action.version else {}
    return draft.get(finding.detail) == runs.get(finding.detail)


def _left(finding: Finding, why: str) -> Remark:
    kind = "module" if "module" in finding.kind else "flow" if finding.kind in FLOWS else "action"
    return Remark.model_validate({"kind": kind, "name": finding.id, "why": why})
