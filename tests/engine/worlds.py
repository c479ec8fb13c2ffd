"""Small repositories and tenants, built by name."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.engine import normalize
from reconciler.model.action import Action, Content, Secret, Trigger
from reconciler.model.flow import Binding, Flow
from reconciler.model.module import LiveModule, Module, ModuleDraft, ModuleVersion
from reconciler.model.provenance import Provenance
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Draft, LiveAction, LiveBinding, LiveFlow, Version

POST_LOGIN = Trigger(id="post-login", version="v3")
COMMIT = "c" * 40
REPO = "acme"


def content(code: str = "exports.onExecutePostLogin = async () => {};", **dependencies: str) -> Content:
    return normalize.content(
        trigger=POST_LOGIN, runtime="node22", code=code, dependencies=normalize.pinned(dependencies)
    )


def action(name: str, code: str = "// code", secrets: Sequence[Secret] = ()) -> Action:
    return Action(name=name, path=f"actions/{name}", content=content(code), secrets=tuple(secrets))


def module(name: str, code: str = "// new", secrets: Sequence[Secret] = (), **dependencies: str) -> Module:
    content = normalize.module_content(code=code, dependencies=normalize.pinned(dependencies))
    return Module(name=name, path=f"modules/{name}", content=content, secrets=tuple(secrets))


def desired(*actions: Action, flows: Sequence[Flow] = (), modules: Sequence[Module] = ()) -> Desired:
    return Desired(
        repo=REPO, tenant="local", commit=COMMIT, actions=actions, flows=tuple(flows), modules=tuple(modules)
    )


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


def live_module(name: str, code: str = "// new", *, repo: str = "", secrets: Sequence[str] = ()) -> LiveModule:
    """A module that is published once; made by git where a repository is named."""
    content = normalize.module_content(code=code, dependencies=())
    told = None
    if repo:
        digest = normalize.digest(content)
        told = Provenance(commit="a" * 40, repo=repo, path=f"modules/{name}", number=1, digest=digest)
    stamps = tuple(SecretStamp(name=each, updated_at="t0") for each in secrets)
    version = ModuleVersion(
        id=f"mv-{name}", number=1, content=content, secrets=stamps, created_at="t1", provenance=told
    )
    draft = ModuleDraft(content=content, secrets=stamps, provenance=told)
    return LiveModule(id=f"m-{name}", name=name, draft=draft, versions=(version,))


def live_flow(*names: str) -> LiveFlow:
    bindings = (LiveBinding(id=f"b{at}", action_id=f"id-{name}", action=name) for at, name in enumerate(names))
    return LiveFlow(trigger="post-login", bindings=tuple(bindings))
