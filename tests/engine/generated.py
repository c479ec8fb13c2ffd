"""Generated repositories, and tenants that grew by a history: what git did, another repository, and people by hand."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from reconciler.engine import normalize, planner
from reconciler.engine.guards import refusals
from reconciler.engine.guards.facts import Facts
from reconciler.model.action import Action, Content, ModuleUse, Secret, Trigger
from reconciler.model.flow import Binding, Flow
from reconciler.model.module import Module
from reconciler.model.plan import Place, Plan
from reconciler.model.tenant import Desired, Live
from tests.engine.model_tenant import ModelTenant, carry_out
from tests.engine.worlds import COMMIT, REPO

TRIGGERS = {
    "post-login": Trigger(id="post-login", version="v3"),
    "credentials-exchange": Trigger(id="credentials-exchange", version="v2"),
}
NAMES = {"alpha": "post-login", "beta": "post-login", "gamma": "credentials-exchange"}
"""The actions of git, each of one trigger for ever: the platform moves none."""
BY_HAND = {"made-by-hand": "post-login", "other-hand": "credentials-exchange"}
MODULES = ("shared", "tools")
MARKET = "MARKET-ID"
WRITTEN = ("encrypted", "plain")
"""The kinds of secrets whose values git writes."""
BEYOND_THE_PLATFORM = {"missing-module", "missing-secret", "module-in-use"}
"""What these guards refuse cannot be carried out, whoever allows it."""

_codes = st.sampled_from(["// one", "// two", "// three\r\n", "// three\n\n"])
_values = st.sampled_from(["e" * 16, "f" * 16])
_secret_names = st.lists(st.sampled_from(["TOKEN", "URL", "LEVEL"]), unique=True, max_size=2)
_dependencies = st.dictionaries(st.sampled_from(["axios", "lodash"]), st.sampled_from(["1.0.0", "2.0.0"]), max_size=2)
Dependencies = st.SearchStrategy[dict[str, str]]
_display_names = st.sampled_from(["", "", "Shown"])


def _contents(
    trigger: str, modules: st.SearchStrategy[list[ModuleUse]], dependencies: Dependencies = _dependencies
) -> st.SearchStrategy[Content]:
    return st.builds(
        lambda runtime, code, dependencies, uses: normalize.content(
            trigger=TRIGGERS[trigger],
            runtime=runtime,
            code=code,
            dependencies=normalize.pinned(dependencies),
            modules=uses,
        ),
        st.sampled_from(["node18-actions", "node22"]),
        _codes,
        dependencies,
        modules,
    )


@st.composite
def _secrets(draw: st.DrawFn, *kinds: str) -> tuple[Secret, ...]:
    chosen = [(name, draw(st.sampled_from(kinds))) for name in sorted(draw(_secret_names))]
    return tuple(
        Secret.model_validate({"name": name, "kind": kind, "fingerprint": "" if kind == "keep" else draw(_values)})
        for name, kind in chosen
    )


@st.composite
def _modules(draw: st.DrawFn, dependencies: Dependencies, kept: bool) -> tuple[Module, ...]:
    kinds = st.sampled_from([WRITTEN, ("keep",)] if kept else [WRITTEN])
    return tuple(
        Module(
            name=name,
            path=f"modules/{name}",
            content=normalize.module_content(code=draw(_codes), dependencies=normalize.pinned(draw(dependencies))),
            secrets=draw(_secrets(*draw(kinds))),
        )
        for name in draw(st.lists(st.sampled_from(MODULES), unique=True))
    )


@st.composite
def _action(draw: st.DrawFn, name: str, modules: tuple[Module, ...], dependencies: Dependencies, kept: bool) -> Action:
    used = draw(st.lists(st.sampled_from([module.name for module in modules]), unique=True)) if modules else []
    uses = [ModuleUse(name=each, number=draw(st.sampled_from([0, 0, 0, 1, 2]))) for each in used]
    return Action(
        name=name,
        path=f"actions/{name}",
        content=draw(_contents(NAMES[name], st.just(uses), dependencies)),
        secrets=draw(_secrets(*WRITTEN, "keep") if kept else _secrets(*WRITTEN)),
    )


@st.composite
def _flow(draw: st.DrawFn, trigger: str, actions: list[Action]) -> Flow:
    own = [action.name for action in actions if NAMES[action.name] == trigger]
    bound = draw(st.lists(st.sampled_from(own), max_size=4)) if own else []
    bindings = tuple(Binding(action=name, display_name=draw(st.sampled_from(["", "Shown", name]))) for name in bound)
    return Flow(trigger=trigger, bindings=bindings, unmanaged=draw(st.sampled_from(["keep", "keep", "remove"])))


@st.composite
def desireds(draw: st.DrawFn, repo: str = REPO, *, packages: bool = True, kept: bool = True) -> Desired:
    """What git may want: up to three actions of two triggers, with secrets of every kind (`kept` ones too, which the
    tenant may lack), modules, `packages` of npm, and flows over some of them, in which an action may stand twice."""
    dependencies = _dependencies if packages else st.just({})
    modules = draw(_modules(dependencies, kept))
    chosen = draw(st.lists(st.sampled_from(list(NAMES)), unique=True))
    actions = [draw(_action(name, modules, dependencies, kept)) for name in chosen]
    triggers = draw(st.lists(st.sampled_from(list(TRIGGERS)), unique=True))
    return Desired(
        repo=repo,
        tenant="local",
        commit=draw(st.sampled_from([COMMIT, "b" * 40])),
        actions=tuple(actions),
        modules=modules,
        flows=tuple(draw(_flow(trigger, actions)) for trigger in triggers),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Desired, ModelTenant]:
    """What git wants, and a tenant that some of all this happened to, in any order: what git wants now may have been
    applied in between, too."""
    wanted, tenant = draw(desireds()), ModelTenant()
    for event in draw(st.lists(st.sampled_from(EVENTS), max_size=5)):
        event(draw, tenant, wanted)
    return wanted, tenant


def tenants() -> st.SearchStrategy[ModelTenant]:
    """Such a tenant alone."""
    return worlds().map(lambda world: world[1])


def lives() -> st.SearchStrategy[Live]:
    """What such a tenant shows."""
    return tenants().map(ModelTenant.live)


def possible(plan: Plan, live: Live) -> bool:
    """Whether the platform lets the plan be carried out, whatever the guards may be allowed."""
    return not BEYOND_THE_PLATFORM & {refusal.guard for refusal in refusals(plan, live, Facts())}


def _applied(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    live = tenant.live()
    plan = planner.plan(wanted, live, tool="test")
    if possible(plan, live):
        carry_out(plan, tenant)


def _applied_another(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    _applied(draw, tenant, draw(desireds()))


def _applied_by_others(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    _applied(draw, tenant, draw(desireds("other")))


def _created(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    free = sorted((NAMES | BY_HAND).keys() - tenant.actions.keys())
    if free:
        name = draw(st.sampled_from(free))
        values = dict.fromkeys(draw(_secret_names), "by hand")
        tenant.create(name, draw(_contents((NAMES | BY_HAND)[name], st.just([]))), None, values)
        if draw(st.booleans()):
            tenant.deploy(name)


def _edited(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    if not tenant.actions:
        return
    there = tenant.actions[draw(st.sampled_from(sorted(tenant.actions)))]
    content = there.draft.content.model_copy(update={"code": normalize.text(draw(_codes))})
    old = {stamp.name for stamp in there.draft.secrets}
    secrets: dict[str, str | None] | None = None
    if draw(st.booleans()):
        named = draw(_secret_names)
        secrets = {name: None if name in old and draw(st.booleans()) else "by hand" for name in named}
    tenant.edit(there.name, content, draw(st.sampled_from([there.draft.provenance, None])), secrets)
    if draw(st.booleans()):
        tenant.deploy(there.name)


def _redeployed(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    deployed = sorted(name for name, versions in tenant.versions.items() if versions)
    if deployed:
        name = draw(st.sampled_from(deployed))
        version = draw(st.sampled_from(tenant.versions[name]))
        published = {(module.name, each.number) for module in tenant.modules.values() for each in module.versions}
        if all((use.name, use.number) in published for use in version.content.modules):
            tenant.redeploy(name, version, update_draft=draw(st.booleans()))


def _bound(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    trigger = draw(st.sampled_from(list(TRIGGERS)))
    places = [
        Place(action=each.name, action_id=each.id)
        for each in tenant.actions.values()
        if each.version and each.trigger.id == trigger
    ]
    # The name of what comes from the marketplace may be one of ours.
    places += [Place(action=name, action_id=MARKET, foreign=True) for name in ("market", "alpha")]
    chosen = draw(st.lists(st.sampled_from(places), max_size=5))
    tenant.bind(trigger, [place.model_copy(update={"display_name": draw(_display_names)}) for place in chosen])


def _deleted(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    bound = {binding.action_id for bindings in tenant.flows.values() for binding in bindings}
    free = sorted(name for name, action in tenant.actions.items() if action.id not in bound)
    if free:
        tenant.delete(draw(st.sampled_from(free)))


def _module_by_hand(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    name = draw(st.sampled_from(MODULES))
    there = tenant.modules.get(name)
    content = normalize.module_content(code=draw(_codes), dependencies=())
    line = draw(st.sampled_from([there.draft.provenance if there else None, None]))
    secrets = draw(st.sampled_from([None, {}, {"TOKEN": "by hand"}]))
    tenant.write_module(name, content, line, secrets)
    if draw(st.booleans()):
        tenant.publish(name)


def _module_used_by_hand(draw: st.DrawFn, tenant: ModelTenant, wanted: Desired) -> None:
    published = [
        ModuleUse(name=one.name, number=one.versions[0].number) for one in tenant.modules.values() if one.versions
    ]
    if published and tenant.actions:
        name = draw(st.sampled_from(sorted(tenant.actions)))
        draft = tenant.actions[name].draft
        uses = (draw(st.sampled_from(published)),)
        tenant.edit(name, draft.content.model_copy(update={"modules": uses}), draft.provenance)
        if draw(st.booleans()):
            tenant.deploy(name)


EVENTS: tuple[Callable[[st.DrawFn, ModelTenant, Desired], None], ...] = (
    _applied,
    _applied,
    _applied_another,
    _applied_another,
    _applied_by_others,
    _created,
    _edited,
    _edited,
    _redeployed,
    _bound,
    _bound,
    _deleted,
    _module_by_hand,
    _module_by_hand,
    _module_used_by_hand,
)
"""Git's own applies come most often: what follows them is what a plan mostly meets."""
