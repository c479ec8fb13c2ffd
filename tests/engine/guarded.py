"""For each guard a world that it refuses, and one like it that it lets pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from reconciler.engine import normalize
from reconciler.engine.guards.facts import Deletes, Facts, Leak
from reconciler.model.action import Action, ModuleUse, Secret
from reconciler.model.module import LiveModule, ModuleDraft, ModuleVersion
from reconciler.model.provenance import Provenance
from reconciler.model.stamp import SecretStamp
from reconciler.model.standing import Standing
from reconciler.model.tenant import Desired, Live, LiveAction
from tests.engine.worlds import REPO, action, desired, flow, live_action, live_flow, live_module, module

KEPT = Secret(name="LEGACY", kind="keep")
STAMP = (SecretStamp(name="BY_HAND", updated_at="t0"),)
NEW = action("alpha", "// new")
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class World:
    """A repository, a tenant, and what is known besides."""

    desired: Desired
    live: Live
    facts: Facts = field(default_factory=Facts)


def ours(*names: str, code: str = "// code", number: int = 1) -> Live:
    """A tenant with actions of this repository."""
    return Live(actions=tuple(live_action(name, code, repo=REPO, number=number) for name in names))


def with_secret() -> Live:
    there = ours("alpha", code="// old").actions[0]
    assert there.version is not None
    return changed(
        there,
        draft=there.draft.model_copy(update={"secrets": STAMP}),
        version=there.version.model_copy(update={"secrets": STAMP}),
    )


def with_modules(number: int) -> Live:
    there = ours("alpha").actions[0]
    uses = (ModuleUse(name="shared", number=number),) if number else ()
    content = there.draft.content.model_copy(update={"modules": uses})
    return changed(there, draft=there.draft.model_copy(update={"content": content}))


def with_module_of_ours(*users: str) -> Live:
    """A module of this repository, and actions made by hand that use it."""
    content = normalize.module_content(code="// shared", dependencies=())
    line = Provenance(commit="a" * 40, repo=REPO, path="modules/shared", number=1, digest=normalize.digest(content))
    published = ModuleVersion(id="m1", number=1, content=content, provenance=line)
    module = LiveModule(
        id="m", name="shared", draft=ModuleDraft(content=content, provenance=line), versions=(published,)
    )
    using = with_modules(1).actions[0].draft.content
    actions = tuple(live_action(name) for name in users)
    using_it = (each.model_copy(update={"draft": each.draft.model_copy(update={"content": using})}) for each in actions)
    return Live(actions=tuple(using_it), modules=(module,))


def with_module(repo: str = "", *secrets: str) -> Live:
    """A published module that says `// old`, of a repository or made by hand."""
    return Live(modules=(live_module("shared", "// old", repo=repo, secrets=secrets),))


def with_versions(count: int) -> Live:
    """A module of this repository that was published so many times."""
    there = live_module("shared", "// old", repo=REPO)
    return Live(modules=(there.model_copy(update={"versions": there.versions * count}),))


def using(name: str, number: int) -> Action:
    """An action that uses that version of a module."""
    uses = (ModuleUse(name=name, number=number),)
    return NEW.model_copy(update={"content": NEW.content.model_copy(update={"modules": uses})})


def changed(there: LiveAction, **fields: object) -> Live:
    return Live(actions=(there.model_copy(update=fields),))


def staged_by(repo: str) -> Live:
    """Our own version, with a draft that a repository wrote."""
    return changed(ours("alpha").actions[0], draft=live_action("alpha", "// staged", repo=repo).draft)


def on_node(runtime: str) -> Action:
    return NEW.model_copy(update={"content": NEW.content.model_copy(update={"runtime": runtime})})


def of_trigger(trigger: str) -> Live:
    there = ours("alpha").actions[0]
    return changed(there, trigger=there.trigger.model_copy(update={"id": trigger}), version=None)


def leaking(name: str) -> Facts:
    return Facts(leaks=(Leak(owner="action", name=name, place="actions/alpha/code.js:3", what="a GitHub token"),))


def standing(ref: str, *, on: bool = False) -> Facts:
    return Facts(standing=Standing(branch="main", ref=ref, on=on))


def bound(*names: str) -> Live:
    """Two actions of ours, some of them bound."""
    return Live(actions=ours("alpha", "beta").actions, flows=(live_flow(*names),))


def rolled_back(bad: str) -> Live:
    """Version 3, which is version 1 again, after a version 2 of that code."""
    there, worse = ours("alpha").actions[0], ours("alpha", code=bad, number=2).actions[0].version
    assert there.version is not None and worse is not None
    again = there.version.model_copy(update={"id": "v3", "number": 3})
    return changed(there, version=again, later=(worse,))


REFUSED: Mapping[str, World] = {
    "take-over": World(desired(NEW), Live(actions=(live_action("alpha"),))),
    "other-repository": World(desired(NEW), Live(actions=(live_action("alpha", repo="other"),))),
    "renamed": World(desired(action("alpha")), changed(ours("alpha").actions[0], name="alpha-renamed")),
    "change-trigger": World(desired(action("alpha")), of_trigger("pre-user-registration")),
    "missing-module": World(desired(using("shared", 2)), with_module_of_ours()),
    "module-in-use": World(desired(), with_module_of_ours("by-hand")),
    "rolled-back": World(desired(NEW), rolled_back("// new")),
    "lose-secret": World(desired(NEW), with_secret()),
    "missing-secret": World(desired(action("alpha", secrets=[KEPT])), Live()),
    "empty-flow": World(desired(action("alpha"), action("beta"), flows=[flow()]), bound("alpha")),
    "bound-delete": World(desired(action("beta"), flows=[flow("beta")]), bound("alpha", "beta")),
    "many-deletes": World(desired(), ours(*(f"a{n}" for n in range(6)))),
    "token": World(desired(NEW), ours("alpha"), leaking("alpha")),
    "end-of-life": World(desired(on_node("node18-actions")), Live(), Facts(today=TODAY)),
    "history": World(desired(NEW), ours("alpha", number=45)),
    "branch": World(desired(NEW), ours("alpha"), standing("origin/main")),
    "promotion": World(desired(NEW), ours("alpha"), Facts(earlier="staging", missing=("alpha",))),
}

PASSING: Mapping[str, World] = {
    "take-over": World(desired(NEW), ours("alpha")),
    "other-repository": World(desired(NEW), ours("alpha")),
    "renamed": World(desired(action("alpha")), ours("alpha")),
    "change-trigger": World(desired(action("alpha")), of_trigger("post-login")),
    "missing-module": World(
        desired(using("shared", 1), modules=[module("shared", "// shared")]), with_module_of_ours()
    ),
    "module-in-use": World(desired(), with_module_of_ours()),
    "rolled-back": World(desired(NEW), rolled_back("// bad")),
    "lose-secret": World(
        desired(action("alpha", "// new", secrets=[Secret(name="BY_HAND", kind="keep")])), with_secret()
    ),
    "missing-secret": World(desired(action("alpha", secrets=[Secret(name="BY_HAND", kind="keep")])), with_secret()),
    "empty-flow": World(desired(action("alpha"), action("beta"), flows=[flow("beta")]), bound("alpha")),
    "bound-delete": World(desired(action("beta"), flows=[flow("beta")]), bound("beta")),
    "many-deletes": World(desired(action("a0"), action("a1")), ours("a0", "a1", "a2")),
    "token": World(desired(NEW), ours("alpha"), leaking("beta")),
    "end-of-life": World(desired(on_node("node22")), Live(), Facts(today=TODAY)),
    "history": World(desired(NEW), ours("alpha", number=44)),
    "branch": World(desired(NEW), ours("alpha"), standing("origin/main", on=True)),
    "promotion": World(desired(NEW), ours("alpha"), Facts(earlier="staging")),
}

ALSO_REFUSED: Mapping[str, tuple[str, World]] = {
    "a draft that another repository staged": ("other-repository", World(desired(NEW), staged_by("other"))),
    "deleting what another repository staged": ("other-repository", World(desired(), staged_by("other"))),
    "binding what another repository owns": (
        "other-repository",
        World(
            desired(action("alpha"), flows=[flow("alpha")]),
            Live(actions=(live_action("alpha", repo="other"),), flows=(live_flow(),)),
        ),
    ),
    "a module made by hand": ("take-over", World(desired(modules=[module("shared")]), with_module())),
    "a module of another repository": (
        "other-repository",
        World(desired(modules=[module("shared")]), with_module("other")),
    ),
    "a secret of a module": ("lose-secret", World(desired(modules=[module("shared")]), with_module(REPO, "BY_HAND"))),
    "a kept secret of a new module": (
        "missing-secret",
        World(desired(modules=[module("shared", secrets=[KEPT])]), Live()),
    ),
    "a tenant without the feature": ("missing-module", World(desired(modules=[module("shared")]), Live(modules=None))),
    "an earlier tenant that could not be read": (
        "promotion",
        World(desired(NEW), ours("alpha"), Facts(earlier="staging", unread="There is no key.")),
    ),
    "a branch that git does not know": ("branch", World(desired(NEW), ours("alpha"), standing(""))),
    "two of three": ("many-deletes", World(desired(action("a0")), ours("a0", "a1", "a2"))),
    "one more than the tenant file allows": (
        "many-deletes",
        World(desired(action("a0")), ours("a0", "a1", "a2"), Facts(deletes=Deletes(count=1, percent=100))),
    ),
    "deleting an action with a secret made by hand": ("lose-secret", World(desired(), with_secret())),
    "the only action where every delete needs a word": (
        "many-deletes",
        World(desired(), ours("alpha"), Facts(deletes=Deletes(count=0))),
    ),
    "a token in a module": (
        "token",
        World(
            desired(modules=[module("shared")]),
            Live(),
            Facts(leaks=(Leak(owner="module", name="shared", place="modules/shared/code.js:1", what="a key"),)),
        ),
    ),
    "a module that is nearly full": ("history", World(desired(modules=[module("shared")]), with_versions(45))),
    "the last version that fits": ("history", World(desired(NEW), ours("alpha", number=49))),
    "the day after the end": (
        "end-of-life",
        World(desired(on_node("node18-actions")), Live(), Facts(today=date(2025, 5, 1))),
    ),
}

ALSO_PASSING: Mapping[str, Callable[[], World]] = {
    "a new action": lambda: World(desired(action("alpha")), Live()),
    "the only action goes": lambda: World(desired(), ours("alpha")),
    "half of four where the tenant file allows it": lambda: World(
        desired(action("a0"), action("a1")), ours("a0", "a1", "a2", "a3"), Facts(deletes=Deletes(count=2, percent=50))
    ),
    "a token in an action of the name of a module": lambda: World(
        desired(modules=[module("alpha")]), Live(), leaking("alpha")
    ),
    "a module that has room": lambda: World(desired(modules=[module("shared")]), with_versions(44)),
    "versions that roll off anyway": lambda: World(desired(NEW), ours("alpha", number=50)),
    "a draft put back at version 46": lambda: World(
        desired(action("alpha")),
        changed(ours("alpha", number=46).actions[0], draft=live_action("alpha", "// edited").draft),
    ),
    "the last day of a runtime": lambda: World(
        desired(on_node("node18-actions")), Live(), Facts(today=date(2025, 4, 30))
    ),
    "a runtime past its end where the trigger offers no newer one": lambda: World(
        desired(on_node("node22")), Live(), Facts(today=date(2035, 1, 1))
    ),
    "a runtime of a later day": lambda: World(desired(on_node("node99")), Live(), Facts(today=TODAY)),
    "nothing known besides": lambda: World(desired(on_node("node12")), Live()),
}
