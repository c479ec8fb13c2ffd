"""What runs in a tenant, as git would want it: the other way round than a plan."""

from collections import Counter
from collections.abc import Collection, Iterator

from reconciler.catalogue.triggers import triggers
from reconciler.engine.naming import folders_of
from reconciler.model.action import Action, Secret
from reconciler.model.flow import Binding, Flow
from reconciler.model.frozen import Frozen
from reconciler.model.imported import Remark
from reconciler.model.module import LiveModule, Module
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Live, LiveAction, LiveBinding, LiveFlow


class Inventory(Frozen):
    """What git could want of a tenant, and what it could not and why."""

    desired: Desired
    left: tuple[Remark, ...] = ()


def inventory(live: Live, *, repo: str, tenant: str, unwanted: Collection[str] = ()) -> Inventory:
    """Everything that is deployed and that git can hold, each secret kept in the tenant.

    `unwanted` names actions and modules to leave alone. What runs is what counts: an edit that waits in a draft is
    named among what is left.
    """
    refused = {left.name: left for left in _refused_actions(live, repo, unwanted)}
    modules = {left.name: left for left in _refused_modules(live, repo, unwanted)}
    actions = [each for each in live.actions if each.name not in refused]
    homeless = {each.name: left for each in actions if (left := _without_module(each, set(modules), live))}
    wanted = [each for each in actions if each.name not in homeless]
    folders = folders_of(each.name for each in wanted)
    kept = tuple(action_of(each, folders[each.name]) for each in sorted(wanted, key=lambda each: each.name))
    owned = tuple(module_of(each) for each in live.modules or () if each.name not in modules)
    names = {action.name for action in kept}
    return Inventory(
        desired=Desired(
            repo=repo,
            tenant=tenant,
            actions=kept,
            flows=tuple(flow for there in live.flows if (flow := flow_of(there, names)).bindings),
            modules=tuple(sorted(owned, key=lambda module: module.name)),
        ),
        left=(
            *refused.values(),
            *homeless.values(),
            *modules.values(),
            *_drafts(wanted),
            *(left for there in live.flows for left in _bindings(there, names)),
        ),
    )


def without(found: Inventory, remarks: tuple[Remark, ...]) -> Inventory:
    """The inventory without what the remarks name, and without what cannot be there without it."""
    gone = {(remark.kind, remark.name) for remark in remarks}
    modules = tuple(module for module in found.desired.modules if ("module", module.name) not in gone)
    known = {module.name for module in modules}
    stranded = tuple(
        Remark(kind="action", name=action.name, why=f"it uses {use.name}, which is left alone.")
        for action in found.desired.actions
        for use in [use for use in action.content.modules if use.name not in known][:1]
        if ("action", action.name) not in gone
    )
    gone |= {("action", remark.name) for remark in stranded}
    actions = tuple(action for action in found.desired.actions if ("action", action.name) not in gone)
    names = {action.name for action in actions}
    flows = (_bound(flow, names) for flow in found.desired.flows if ("flow", flow.trigger) not in gone)
    kept = {"actions": actions, "modules": modules, "flows": tuple(flow for flow in flows if flow.bindings)}
    # What is said of an action that is left alone is that: its draft does not matter any more.
    said = tuple(each for each in found.left if each.kind != "draft" or each.name in names)
    return Inventory(desired=found.desired.model_copy(update=kept), left=(*said, *remarks, *stranded))


def action_of(live: LiveAction, folder: str) -> Action:
    """What runs of an action, as git would want it. It must be deployed."""
    assert live.version is not None
    return Action(
        name=live.name,
        path=f"actions/{folder}",
        content=live.version.content,
        secrets=_kept(live.version.secrets),
    )


def module_of(live: LiveModule) -> Module:
    """The newest version of a module, as git would want it. It must be published."""
    newest = live.versions[0]
    return Module(name=live.name, path=f"modules/{live.name}", content=newest.content, secrets=_kept(newest.secrets))


def flow_of(live: LiveFlow, ours: Collection[str]) -> Flow:
    """The bindings of our actions, in running order; the others are kept where they are."""
    return Flow(
        trigger=live.trigger,
        bindings=tuple(
            Binding(action=each.action, display_name=each.display_name)
            for each in live.bindings
            if not each.foreign and each.action in ours
        ),
        path=f"flows/{live.trigger}.yaml",
    )


def _bound(flow: Flow, ours: Collection[str]) -> Flow:
    return flow.model_copy(update={"bindings": tuple(each for each in flow.bindings if each.action in ours)})


def why_not(live: LiveAction, repo: str) -> str:
    """Why git cannot hold an action; empty where it can."""
    facts = triggers().get(live.trigger.id)
    if facts is None or not facts.documented:
        return f"it is written for {live.trigger.id}, a trigger that reconciler does not know."
    if not facts.bindable:
        return f"another resource of the tenant names the action of its trigger, {live.trigger.id}."
    if live.version is None:
        return "it was never deployed: nothing of it runs."
    provenance = live.version.provenance
    if provenance and provenance.repo != repo:
        return f"it comes from the repository {provenance.repo}."
    if live.version.content.trigger.version != facts.version:
        found = live.version.content.trigger.version
        return f"it is written for {found} of {facts.id}: save it for {facts.version} in the dashboard first."
    return ""


def _refused_actions(live: Live, repo: str, unwanted: Collection[str]) -> Iterator[Remark]:
    twice = {name for name, count in Counter(action.name for action in live.actions).items() if count > 1}
    for action in sorted(live.actions, key=lambda action: action.name):
        if action.name in twice:
            why = "several actions have this name: rename all but one in the tenant."
        elif action.name in unwanted:
            why = "you asked to leave it alone."
        else:
            why = why_not(action, repo)
        if why:
            yield Remark(kind="action", name=action.name, why=why)


def _refused_modules(live: Live, repo: str, unwanted: Collection[str]) -> Iterator[Remark]:
    for module in sorted(live.modules or (), key=lambda module: module.name):
        provenance = module.versions[0].provenance if module.versions else None
        if module.name in unwanted:
            yield Remark(kind="module", name=module.name, why="you asked to leave it alone.")
        elif not module.versions:
            yield Remark(kind="module", name=module.name, why="it was never published: nothing of it runs.")
        elif provenance and provenance.repo != repo:
            yield Remark(kind="module", name=module.name, why=f"it comes from the repository {provenance.repo}.")


def _without_module(action: LiveAction, refused: Collection[str], live: Live) -> Remark | None:
    known = {module.name for module in live.modules or ()} - set(refused)
    used = {use.name for use in action.version.content.modules} if action.version else set()
    missing = ", ".join(sorted(used - known))
    return Remark(kind="action", name=action.name, why=f"it uses {missing}, which is left alone.") if missing else None


def _drafts(actions: list[LiveAction]) -> Iterator[Remark]:
    for action in sorted(actions, key=lambda action: action.name):
        version = action.version
        if version and (action.draft.content != version.content or action.draft.secrets != version.secrets):
            why = "its draft differs from what runs; what runs was taken, the draft waits in the tenant."
            yield Remark(kind="draft", name=action.name, why=why)


def _bindings(flow: LiveFlow, ours: Collection[str]) -> Iterator[Remark]:
    for binding in flow.bindings:
        if binding.foreign or binding.action not in ours:
            yield Remark(kind="binding", name=binding.action, why=_place(binding, flow))


def _place(binding: LiveBinding, flow: LiveFlow) -> str:
    at = flow.bindings.index(binding) + 1
    what = "a marketplace action" if binding.foreign else "not in git"
    return f"{what}; it stays at place {at} of the flow {flow.trigger}."


def _kept(stamps: tuple[SecretStamp, ...]) -> tuple[Secret, ...]:
    return tuple(sorted((Secret(name=each.name, kind="keep") for each in stamps), key=lambda secret: secret.name))
