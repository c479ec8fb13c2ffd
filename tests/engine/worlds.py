"""Generated repositories and tenants, and what a tenant is after a plan was carried out faithfully."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from reconciler.engine import normalize
from reconciler.model.action import Action, Content, Secret, Trigger
from reconciler.model.flow import Binding, Flow
from reconciler.model.plan import ActionChange, Plan
from reconciler.model.provenance import Provenance
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Draft, Live, LiveAction, LiveBinding, LiveFlow, Version

POST_LOGIN = Trigger(id="post-login", version="v3")
COMMIT = "c" * 40
REPO = "acme"
NAMES = ("alpha", "beta", "gamma")
FOREIGN = ("made-by-hand", "market")


def content(code: str = "exports.onExecutePostLogin = async () => {};", **dependencies: str) -> Content:
    return normalize.content(
        trigger=POST_LOGIN, runtime="node22", code=code, dependencies=normalize.pinned(dependencies)
    )


def action(name: str, code: str = "// code", secrets: Sequence[Secret] = ()) -> Action:
    return Action(name=name, path=f"actions/{name}", content=content(code), secrets=tuple(secrets))


def desired(*actions: Action, flows: Sequence[Flow] = ()) -> Desired:
    return Desired(repo=REPO, tenant="local", commit=COMMIT, actions=actions, flows=tuple(flows))


def flow(*names: str, unmanaged: str = "keep") -> Flow:
    return Flow.model_validate(
        {"trigger": "post-login", "bindings": [Binding(action=name) for name in names], "unmanaged": unmanaged}
    )


def live_action(name: str, code: str = "// code", *, repo: str = "", number: int = 1) -> LiveAction:
    """An action that is deployed once; made by git where a repository is named."""
    provenance = None
    if repo:
        provenance = Provenance(
            commit="a" * 40, repo=repo, path=f"actions/{name}", number=number, digest=normalize.digest(content(code))
        )
    return LiveAction(
        id=f"id-{name}",
        name=name,
        trigger=POST_LOGIN,
        draft=Draft(content=content(code), status="built", provenance=provenance),
        version=Version(id=f"v-{name}", number=number, content=content(code), provenance=provenance),
    )


def live_flow(*names: str) -> LiveFlow:
    bindings = (LiveBinding(id=f"b{at}", action_id=f"id-{name}", action=name) for at, name in enumerate(names))
    return LiveFlow(trigger="post-login", bindings=tuple(bindings))


def carried_out(plan: Plan, live: Live, stamp: str = "t9") -> Live:
    """The tenant after a faithful apply: what the platform would show."""
    actions = {each.name: each for each in live.actions}
    for change in plan.actions:
        if change.kind == "delete":
            del actions[change.name]
        else:
            actions[change.name] = _after(change, actions.get(change.name), stamp)
    flows = {each.trigger: each for each in live.flows}
    for bound in plan.flows:
        bindings = (
            LiveBinding(
                id=f"n{at}",
                action_id=place.action_id or f"id-{place.action}",
                action=place.action,
                display_name=place.display_name,
            )
            for at, place in enumerate(bound.after)
        )
        flows[bound.trigger] = LiveFlow(trigger=bound.trigger, bindings=tuple(bindings))
    return Live(actions=tuple(actions.values()), flows=tuple(flows.values()))


def _after(change: ActionChange, before: LiveAction | None, stamp: str) -> LiveAction:
    assert change.after is not None
    stamps = before.draft.secrets if before else ()
    if change.send_secrets:
        old = {each.name: each.updated_at for each in stamps}
        stamps = tuple(
            SecretStamp(name=step.name, updated_at=stamp if step.write else old.get(step.name, ""))
            for step in change.secrets
        )
    draft = Draft(content=change.after, secrets=stamps, status="built", provenance=change.provenance)
    version = before.version if before else None
    if change.deploy:
        version = Version(
            id=f"new-{change.name}",
            number=(version.number if version else 0) + 1,
            content=change.after,
            secrets=stamps,
            provenance=change.provenance,
        )
    return LiveAction(id=f"id-{change.name}", name=change.name, trigger=POST_LOGIN, draft=draft, version=version)


names = st.lists(st.sampled_from(NAMES), unique=True, max_size=3)
codes = st.sampled_from(["// one", "// two", "// three\r\n", "// three\n\n"])
secrets = st.lists(
    st.builds(
        Secret,
        name=st.sampled_from(["TOKEN", "URL"]),
        kind=st.just("encrypted"),
        fingerprint=st.sampled_from(["f" * 16, "e" * 16]),
    ),
    unique_by=lambda secret: secret.name,
    max_size=2,
)


@st.composite
def desireds(draw: st.DrawFn) -> Desired:
    """What git may want: up to three actions, and a flow over some of them."""
    chosen = draw(names)
    actions = [action(name, draw(codes), draw(secrets)) for name in chosen]
    flows = []
    if draw(st.booleans()):
        bound = draw(st.lists(st.sampled_from(chosen), max_size=4)) if chosen else []
        flows = [flow(*bound, unmanaged=draw(st.sampled_from(["keep", "remove"])))]
    return desired(*actions, flows=flows)


@st.composite
def lives(draw: st.DrawFn) -> Live:
    """What a tenant may hold: ours, another repository's, hand-made ones, some edited, bound in any order."""
    actions = [_lived(draw, name) for name in draw(names)]
    actions += [live_action(name) for name in draw(st.lists(st.sampled_from(FOREIGN), unique=True))]
    deployed = [each.name for each in actions if each.version]
    bound = draw(st.lists(st.sampled_from(deployed), max_size=5)) if deployed else []
    return Live(actions=tuple(actions), flows=(live_flow(*bound),))


def _lived(draw: st.DrawFn, name: str) -> LiveAction:
    made = live_action(
        name, draw(codes), repo=draw(st.sampled_from([REPO, "other", ""])), number=draw(st.integers(1, 3))
    )
    stamps = tuple(SecretStamp(name=key, updated_at=draw(st.sampled_from(["t1", "t2"]))) for key in draw(_SECRET_NAMES))
    draft = made.draft.model_copy(update={"secrets": stamps, "content": content(draw(codes))})
    assert made.version is not None
    version = made.version.model_copy(update={"secrets": stamps})
    return made.model_copy(update={"draft": draft, "version": draw(st.sampled_from([version, None]))})


_SECRET_NAMES = st.lists(st.sampled_from(["TOKEN", "URL", "OLD"]), unique=True)
