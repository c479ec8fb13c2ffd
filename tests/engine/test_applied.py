"""A tenant as a commit that was applied leaves it, and plans against it instead of a tenant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import assume, given, settings

from reconciler.engine import normalize, planner
from reconciler.engine.against import plan_against
from reconciler.engine.applied import applied
from reconciler.engine.guard_words import GUARDS
from reconciler.engine.guards.facts import Facts
from reconciler.model.action import Action, Dependency, ModuleUse, Secret
from reconciler.model.flow import Binding, Flow
from reconciler.model.module import Module
from reconciler.model.plan import Against, Plan, Verdict
from reconciler.model.tenant import Desired
from reconciler.report import plan as pieces
from tests.engine.generated import TRIGGERS, desireds, possible
from tests.engine.model_tenant import ModelTenant, carry_out

MAIN = Against(name="origin/main", commit="a" * 40, head="b" * 40)


def against(head: Desired, base: Desired, facts: Facts | None = None) -> tuple[Plan, Verdict]:
    return plan_against(head, base, facts or Facts(), against=MAIN, tool="test")


def without_key(desired: Desired) -> Desired:
    """As it is loaded without a key: what stands in git of a secret is known, its fingerprint is not."""
    return _secrets(desired, lambda each: each.model_copy(update={"fingerprint": "", "source": each.fingerprint}))


def with_key(desired: Desired) -> Desired:
    """The same with a key: another kind means another value, which no key would have to be."""
    return _secrets(desired, lambda each: each.model_copy(update={"fingerprint": f"{each.kind} {each.fingerprint}"}))


def _secrets(desired: Desired, change: Callable[[Secret], Secret]) -> Desired:
    def changed(one: Any) -> Any:
        return one.model_copy(update={"secrets": tuple(change(secret) for secret in one.secrets)})

    return desired.model_copy(
        update={
            "actions": tuple(changed(action) for action in desired.actions),
            "modules": tuple(changed(module) for module in desired.modules),
        }
    )


def latest(desired: Desired) -> Desired:
    """Every module as latest: the numbers that git may ask for are a tenant's own."""

    def changed(action: Action) -> Action:
        uses = tuple(ModuleUse(name=use.name) for use in action.content.modules)
        return action.model_copy(update={"content": action.content.model_copy(update={"modules": uses})})

    return desired.model_copy(update={"actions": tuple(changed(action) for action in desired.actions)})


def shown(plan: Plan) -> Iterator[Any]:
    """What people see of a plan, without the numbers that a tenant gives: of a module that stays latest, nothing."""
    for change in pieces.changes(plan):
        headline = pieces.headline(change).replace(f"not in {MAIN.name}", "not in the tenant")
        yield re.sub(r" as version \d+", "", headline)
        facts = (re.sub(r"^([+-] module \S+) .*", r"\1", fact) for fact in pieces.facts(change))
        yield [fact for fact in facts if not fact.startswith("~ module ")]
        yield pieces.code_diff(change)
    for flow in plan.flows:
        yield flow.trigger, pieces.numbered(flow.before), pieces.numbered(flow.after)
    yield plan.kept


@given(desireds())
@settings(max_examples=80)
def test_nothing_is_left_to_do_where_git_was_applied(wanted: Desired) -> None:
    assert planner.plan(wanted, applied(wanted), tool="test").empty
    assert against(without_key(wanted), without_key(wanted))[0].empty


@given(desireds(kept=False), desireds())
@settings(max_examples=100)
def test_a_plan_against_a_commit_shows_what_a_plan_against_a_tenant_with_that_commit_shows(
    base: Desired, head: Desired
) -> None:
    base, head, tenant = latest(base), latest(head), ModelTenant()
    first = planner.plan(with_key(base), tenant.live(), tool="test")
    assume(possible(first, tenant.live()))
    carry_out(first, tenant)
    real = planner.plan(with_key(head), tenant.live(), tool="test")
    made, _ = against(without_key(head), without_key(base))
    assert list(shown(made)) == list(shown(real))


@given(desireds(), desireds())
@settings(max_examples=80)
def test_a_plan_against_a_commit_names_nothing_that_only_a_tenant_knows(base: Desired, head: Desired) -> None:
    made, _ = against(without_key(head), without_key(base))
    told = made.model_dump_json()
    assert (made.commit, made.seen, made.against) == ("", (), MAIN)
    assert "as applied" not in told and "e" * 16 not in told and "f" * 16 not in told
    assert not any(change.number or change.id or change.provenance for change in pieces.changes(made))


def test_two_commits_with_the_same_content_plan_nothing() -> None:
    one = desired(action())
    assert against(one, one.model_copy(update={"commit": "d" * 40}))[0].empty


def test_a_secret_counts_as_rotated_where_git_holds_another_ciphertext() -> None:
    base = desired(action(secrets=(secret("TOKEN", "one"), secret("URL", "same"), secret("OLD", "old"))))
    head = desired(action(secrets=(secret("TOKEN", "two"), secret("URL", "same"), secret("NEW", "new"))))
    (change,) = against(head, base)[0].actions
    assert [(each.name, each.what) for each in change.why.secrets] == [
        ("NEW", "new"),
        ("OLD", "removed"),
        ("TOKEN", "rotated"),
    ]


def test_a_secret_that_stood_in_clear_and_is_encrypted_now_is_rotated() -> None:
    base = desired(action(secrets=(secret("TOKEN", "one", "plain"),)))
    head = desired(action(secrets=(secret("TOKEN", "one"),)))
    (change,) = against(head, base)[0].actions
    assert change.why.secrets[0].what == "rotated"


def test_an_action_shows_that_the_module_it_uses_as_latest_is_published_anew() -> None:
    uses = (ModuleUse(name="shared"),)
    base = desired(action(uses=uses), modules=(module("// one"),))
    head = desired(action(uses=uses), modules=(module("// two"),))
    made, _ = against(head, base)
    assert [pieces.headline(change) for change in pieces.changes(made)] == [
        "~ update module shared (code)",
        "~ update alpha (modules)",
    ]
    assert list(pieces.facts(made.modules[0])) == ["used by alpha"]


def test_a_number_that_git_asks_for_is_never_taken_for_latest() -> None:
    modules = (module("// one"),)
    base = desired(action(uses=(ModuleUse(name="shared", number=1),)), modules=modules)
    head = desired(action(uses=(ModuleUse(name="shared"),)), modules=modules)
    (change,) = against(head, base)[0].actions
    assert "~ module shared 1 -> latest" in list(pieces.facts(change))
    (change,) = against(base, head)[0].actions
    assert "~ module shared latest -> 1" in list(pieces.facts(change))
    assert against(base, base)[0].empty


def test_an_action_that_left_git_is_deleted_and_taken_out_of_its_flow() -> None:
    flow = Flow(trigger="post-login", bindings=(Binding(action="alpha"), Binding(action="beta")))
    base = desired(action(), action("beta"), flows=(flow,))
    head = desired(action("beta"), flows=(Flow(trigger="post-login", bindings=(Binding(action="beta"),)),))
    made, verdict = against(head, base)
    assert [(change.kind, change.name) for change in made.actions] == [("delete", "alpha")]
    assert pieces.numbered(made.flows[0].after) == ("1. beta",)
    assert [refusal.guard for refusal in verdict.refusals] == ["bound-delete"]


def test_only_guards_that_ask_nothing_of_a_tenant_are_heard() -> None:
    kept = Secret(name="DASHBOARD", kind="keep")
    base = desired(action(secrets=(kept,)))
    head = desired(action("alpha", secrets=()), action("beta", secrets=(kept,)))
    _, verdict = against(head, base)
    assert [refusal.guard for refusal in verdict.refusals] == ["lose-secret"]
    assert not GUARDS["missing-secret"].from_git


def test_a_guard_that_is_allowed_passes_with_its_reason() -> None:
    base, head = desired(action(), action("beta")), desired()
    _, verdict = against(head, base, Facts(allowed={"many-deletes": "a clean sweep"}))
    assert [(each.guard, each.reason) for each in verdict.allowed] == [("many-deletes", "a clean sweep")]


def desired(*actions: Action, modules: tuple[Module, ...] = (), flows: tuple[Flow, ...] = ()) -> Desired:
    return Desired(repo="acme", tenant="prod", commit="c" * 40, actions=actions, modules=modules, flows=flows)


def action(name: str = "alpha", *, secrets: tuple[Secret, ...] = (), uses: tuple[ModuleUse, ...] = ()) -> Action:
    content = normalize.content(
        trigger=TRIGGERS["post-login"],
        runtime="node22",
        code="// code",
        dependencies=[Dependency(name="axios", version="1.0.0")],
        modules=uses,
    )
    return Action(name=name, path=f"actions/{name}", content=content, secrets=secrets)


def module(code: str) -> Module:
    return Module(name="shared", path="modules/shared", content=normalize.module_content(code=code, dependencies=()))


def secret(name: str, source: str, kind: str = "encrypted") -> Secret:
    return Secret.model_validate({"name": name, "kind": kind, "source": source})
