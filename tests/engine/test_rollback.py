"""Which version is gone back to, what changes, and what is held afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine import guards, normalize, planner, rollback
from reconciler.engine.guards.facts import Facts
from reconciler.engine.rolled_back import is_rolled_back
from reconciler.engine.way_back import Aim, Miss, Picked, Then, pick
from reconciler.model.action import Secret
from reconciler.model.plan import Plan
from reconciler.model.tenant import Desired, Live
from tests.engine.generated import tenants
from tests.engine.model_tenant import ModelTenant, carry_out
from tests.engine.worlds import REPO, action, content, desired, flow, live_action

FIRST, SECOND, THIRD = "1" * 40, "2" * 40, "3" * 40
TOKEN = Secret(name="TOKEN", kind="encrypted", fingerprint="f" * 16)
NEWER = TOKEN.model_copy(update={"fingerprint": "e" * 16})


def apply(tenant: ModelTenant, wanted: Desired) -> None:
    carry_out(planner.plan(wanted, tenant.live(), tool="test"), tenant)


def at(commit: str, code: str, *secrets: Secret) -> Desired:
    """A commit with one action of that code."""
    return desired(action("alpha", code, secrets)).model_copy(update={"commit": commit})


def tenant_of(*commits: Desired) -> ModelTenant:
    """A tenant to which these commits were applied, one after the other."""
    tenant = ModelTenant()
    for commit in commits:
        apply(tenant, commit)
    return tenant


def picked(tenant: ModelTenant, aim: Aim, name: str = "alpha") -> Picked | Miss:
    there = tenant.live().action(name)
    assert there is not None
    return pick(there, sorted(tenant.versions[name], key=lambda each: -each.number), aim, REPO)


def number_of(outcome: Picked | Miss) -> int:
    assert isinstance(outcome, Picked), outcome
    return outcome.version.number


def why(outcome: Picked | Miss) -> str:
    assert isinstance(outcome, Miss), outcome
    return outcome.message


def back(tenant: ModelTenant, number: int, name: str = "alpha") -> Plan:
    """The plan that goes back to a version."""
    outcome = picked(tenant, Aim(number=number), name)
    assert isinstance(outcome, Picked), outcome
    return rollback.plan({name: outcome}, tenant.live(), repo=REPO, tenant="local", commit=FIRST, tool="test")


def of_commit(commit: str, *past: str, **contents: str) -> Aim:
    """A commit that git has, with the code of its actions."""
    held = {name: content(code) for name, code in contents.items()}
    return Aim(then=Then(commit=commit, contents=held, past=(*past, commit)))


def refusing(wanted: Desired, live: Live) -> list[str]:
    plan = planner.plan(wanted, live, tool="test")
    return [refusal.guard for refusal in guards.refusals(plan, live, Facts())]


def test_a_commit_means_the_version_that_names_it() -> None:
    tenant = tenant_of(at(FIRST, "// one"), at(SECOND, "// two"))
    assert number_of(picked(tenant, Aim(then=Then(commit=FIRST)))) == 1


def test_a_commit_that_changed_nothing_of_an_action_means_what_ran_then() -> None:
    tenant = tenant_of(at(FIRST, "// one"), at(SECOND, "// two"), at(THIRD, "// one"))
    untouched = "4" * 40
    assert number_of(picked(tenant, of_commit(untouched, FIRST, alpha="// one"))) == 1
    assert number_of(picked(tenant, of_commit(untouched, FIRST, SECOND, THIRD, alpha="// one"))) == 3


def test_of_a_version_and_its_copies_the_first_is_meant() -> None:
    tenant = tenant_of(at(FIRST, "// one"), at(SECOND, "// two"))
    carry_out(back(tenant, 1), tenant)
    apply(tenant, at(THIRD, "// three"))
    assert number_of(picked(tenant, Aim(then=Then(commit=FIRST)))) == 1
    del tenant.versions["alpha"][0]  # as the platform drops the oldest
    assert number_of(picked(tenant, Aim(then=Then(commit=FIRST)))) == 3


def by_hand() -> ModelTenant:
    """Two versions of ours, one that somebody edited and left our line in, and one without any."""
    tenant = tenant_of(at(FIRST, "// one"), at(SECOND, "// two"))
    line = tenant.actions["alpha"].draft.provenance
    for provenance in (line, None):
        tenant.edit("alpha", content("// by hand"), provenance)
        tenant.deploy("alpha")
    return tenant


MISSES = {
    "a number that never was": (tenant_of(at(FIRST, "// one")), Aim(number=9), "alpha has no version 9."),
    "a number edited by hand": (by_hand(), Aim(number=3), "Version 3 of alpha is not as this repository made it"),
    "a number made by hand": (by_hand(), Aim(number=4), "Version 4 of alpha is not as this repository made it"),
    "an unknown commit": (
        tenant_of(at(FIRST, "// one")),
        Aim(then=Then(commit=SECOND, unknown="Git does not have it.")),
        "No version of alpha names 222222222222, and what it was there is not known: Git does not have it.",
    ),
    "content that no version has": (
        tenant_of(at(FIRST, "// one")),
        of_commit(SECOND, alpha="// other"),
        "The tenant has no version of alpha that holds what git has at 222222222222. Versions: 1 (111111111111, runs).",
    ),
    "not in git then": (
        tenant_of(at(FIRST, "// one")),
        of_commit(SECOND),
        "alpha was not in git for this tenant at 222222222222.",
    ),
}


@pytest.mark.parametrize("case", MISSES)
def test_what_cannot_be_gone_back_to_is_told(case: str) -> None:
    tenant, aim, message = MISSES[case]
    assert why(picked(tenant, aim)).startswith(message)


def test_a_version_that_rolled_off_is_told() -> None:
    tenant = tenant_of(at(FIRST, "// one"), at(SECOND, "// two"))
    del tenant.versions["alpha"][0]
    assert why(picked(tenant, Aim(number=1))).startswith("Version 1 of alpha is no longer kept by the tenant.")


def test_what_is_not_ours_has_no_way_back() -> None:
    theirs = live_action("alpha", repo="other")
    assert why(pick(theirs, (), Aim(number=1), REPO)) == "alpha belongs to the repository other."
    undeployed = theirs.model_copy(update={"version": None})
    assert why(pick(undeployed, (), Aim(number=1), REPO)).startswith("alpha is not deployed")


def test_what_was_deployed_by_hand_over_ours_is_taken_back_with_a_word() -> None:
    tenant = by_hand()
    plan = back(tenant, 2)
    assert [refusal.guard for refusal in guards.refusals(plan, tenant.live(), Facts())] == ["take-over"]
    carry_out(plan, tenant)
    again = tenant.live().action("alpha")
    assert again is not None and again.version is not None
    assert is_rolled_back(again.version)
    assert [each.number for each in again.later] == [4, 3]


def test_the_plan_tells_what_it_undoes() -> None:
    tenant = tenant_of(at(FIRST, "// one", TOKEN), at(SECOND, "// two", NEWER))
    tenant.edit("alpha", content("// edited"), None)
    (change,) = back(tenant, 1).actions
    assert (change.kind, change.number, change.provenance and change.provenance.commit) == ("rollback", 3, FIRST)
    assert change.why.reasons == ("code", "secrets", "draft edited, not deployed")
    assert [(each.name, each.what) for each in change.why.secrets] == [("TOKEN", "earlier value")]


def test_a_secret_that_was_set_by_hand_since_is_not_lost_without_a_word() -> None:
    tenant = tenant_of(at(FIRST, "// one"), at(SECOND, "// two"))
    tenant.edit("alpha", tenant.actions["alpha"].draft.content, tenant.actions["alpha"].draft.provenance, {"KEY": "x"})
    tenant.deploy("alpha")
    plan = back(tenant, 1)
    assert [refusal.guard for refusal in guards.refusals(plan, tenant.live(), Facts())] == ["lose-secret"]


def test_an_action_that_runs_the_version_gets_its_draft_back_and_no_version() -> None:
    tenant = tenant_of(at(FIRST, "// one"))
    assert back(tenant, 1).empty
    tenant.edit("alpha", content("// edited"), None)
    (change,) = back(tenant, 1).actions
    assert (change.kind, change.deploy) == ("update", False)


def test_a_value_that_somebody_changed_since_is_taken_back() -> None:
    tenant = tenant_of(at(FIRST, "// one", TOKEN))
    there = tenant.actions["alpha"].draft
    tenant.edit("alpha", there.content, there.provenance, {"TOKEN": "by hand"})
    tenant.deploy("alpha")
    carry_out(back(tenant, 1), tenant)
    live = tenant.live().action("alpha")
    assert live is not None and live.version is not None
    assert tenant.values[live.version.id] == {"TOKEN": TOKEN.fingerprint}
    assert back(tenant, 1).empty


def test_the_very_content_is_held_and_any_other_passes() -> None:
    tenant = tenant_of(at(FIRST, "// one", TOKEN), at(SECOND, "// two", TOKEN), at(THIRD, "// three", TOKEN))
    carry_out(back(tenant, 2), tenant)
    assert refusing(at(THIRD, "// three", TOKEN), tenant.live()) == ["rolled-back"]
    assert refusing(at(THIRD, "// three", NEWER), tenant.live()) == []
    assert refusing(at(THIRD, "// fixed", TOKEN), tenant.live()) == []
    carry_out(back(tenant, 1), tenant)  # further back: what was bad stays held
    assert refusing(at(THIRD, "// three", TOKEN), tenant.live()) == ["rolled-back"]
    assert refusing(at(THIRD, "// two", TOKEN), tenant.live()) == ["rolled-back"]
    apply(tenant, at(THIRD, "// fixed", TOKEN))
    assert refusing(at(THIRD, "// three", TOKEN), tenant.live()) == []


def test_a_rotated_secret_alone_is_rolled_back_and_held() -> None:
    tenant = tenant_of(at(FIRST, "// one", TOKEN), at(SECOND, "// one", NEWER))
    carry_out(back(tenant, 1), tenant)
    assert refusing(at(SECOND, "// one", NEWER), tenant.live()) == ["rolled-back"]
    assert refusing(at(FIRST, "// one", TOKEN), tenant.live()) == []


def test_secrets_that_are_not_as_git_wants_them_are_told() -> None:
    kept = Secret(name="LEGACY", kind="keep")
    tenant = tenant_of(at(FIRST, "// one", TOKEN), at(SECOND, "// two", NEWER))
    before, outcome = tenant.live(), picked(tenant, Aim(number=1))
    assert isinstance(outcome, Picked)
    carry_out(back(tenant, 1), tenant)
    told = rollback.earlier_secrets(at(SECOND, "// two", NEWER, kept), tenant.live(), before, {"alpha": outcome})
    assert [(each.name, each.what) for each in told] == [("TOKEN", "earlier value"), ("LEGACY", "not there")]
    assert rollback.earlier_secrets(at(FIRST, "// one", TOKEN), tenant.live(), before, {"alpha": outcome}) == ()


def test_what_versions_do_not_hold_is_told() -> None:
    then = desired(action("alpha"), action("gone"), flows=[flow("gone", "alpha")])
    tenant = tenant_of(desired(action("alpha"), action("beta"), flows=[flow("alpha", "beta")]))
    assert rollback.left_alone(then, tenant.live(), {"alpha"}, everything=True) == (
        "post-login ran gone > alpha at cccccccccccc, now alpha > beta: bindings stay as they are.",
        "gone, which git had at cccccccccccc, is not in the tenant: `apply` makes it anew.",
    )


codes = st.sampled_from(["// one", "// two", "// three"])
applies = st.tuples(codes, st.sampled_from([(), (TOKEN,), (NEWER,)]))


@st.composite
def histories(draw: st.DrawFn) -> ModelTenant:
    """An action that git made, and what git and people did to it and others since."""
    tenant = draw(tenants())
    tenant.actions.pop("alpha", None)
    tenant.versions.pop("alpha", None)
    tenant.flows.clear()
    for number, (code, secrets) in enumerate(draw(st.lists(applies, min_size=1, max_size=4))):
        others = (each for each in tenant.live().actions if each.name != "alpha")
        live = Live(actions=(*others, *(each for each in tenant.live().actions if each.name == "alpha")))
        plan = planner.plan(at(f"{number:040}", code, *secrets), live, tool="test")
        carry_out(plan.model_copy(update={"actions": [each for each in plan.actions if each.name == "alpha"]}), tenant)
        _by_hand(draw, tenant)
    return tenant


def _by_hand(draw: st.DrawFn, tenant: ModelTenant) -> None:
    """Somebody edits, deploys, or deploys an earlier version once more; or nobody does."""
    draft = tenant.actions["alpha"].draft
    done = draw(st.sampled_from(["nothing", "nothing", "edited", "deployed", "deployed again"]))
    if done in ("edited", "deployed"):
        line = draw(st.sampled_from([draft.provenance, None]))
        values = draw(st.sampled_from([None, {"TOKEN": "by hand"}]))
        tenant.edit("alpha", content(draw(codes)), line, values)
    if done == "deployed":
        tenant.deploy("alpha")
    if done == "deployed again":
        tenant.redeploy("alpha", draw(st.sampled_from(tenant.versions["alpha"])), update_draft=draw(st.booleans()))


@given(histories(), st.data())
def test_a_rollback_makes_the_version_run_with_its_values_and_touches_nothing_else(
    tenant: ModelTenant, data: st.DataObject
) -> None:
    outcomes = [picked(tenant, Aim(number=version.number)) for version in tenant.versions["alpha"]]
    version = data.draw(st.sampled_from([each.version for each in outcomes if isinstance(each, Picked)]))
    before, plan = tenant.live(), back(tenant, version.number)
    assert plan.canonical() == back(tenant, version.number).canonical()
    carry_out(plan, tenant)
    after = tenant.live().action("alpha")
    assert after is not None and after.version is not None
    assert after.draft.content == after.version.content == version.content
    assert tenant.values[after.version.id] == tenant.values[version.id]
    assert back(tenant, version.number).empty
    assert [each for each in tenant.live().actions if each.name != "alpha"] == [
        each for each in before.actions if each.name != "alpha"
    ]
    if any(change.kind == "rollback" for change in plan.actions):
        assert is_rolled_back(after.version)


@given(histories(), st.data(), applies)
def test_only_what_was_rolled_back_from_is_held(
    tenant: ModelTenant, data: st.DataObject, commit: tuple[str, tuple[Secret, ...]]
) -> None:
    outcomes = [picked(tenant, Aim(number=version.number)) for version in tenant.versions["alpha"]]
    version = data.draw(st.sampled_from([each.version for each in outcomes if isinstance(each, Picked)]))
    carry_out(back(tenant, version.number), tenant)
    there = tenant.live().action("alpha")
    assert there is not None
    code, secrets = commit
    fingerprints = {secret.name: secret.fingerprint for secret in secrets}
    made_before = [
        each
        for each in there.later
        if each.content.code == normalize.text(code)
        and (each.provenance is None or each.provenance.secrets == fingerprints)
    ]
    live = Live(actions=(there,))
    plan = planner.plan(at(THIRD, code, *secrets), live, tool="test")
    deploys = any(change.deploy for change in plan.actions)
    names = [refusal.guard for refusal in guards.refusals(plan, live, Facts())]
    assert ("rolled-back" in names) == bool(made_before and deploys)
