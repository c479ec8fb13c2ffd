"""What git did not make and is as git wants it: nothing is written, until somebody wants the commit recorded."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.engine import planner
from reconciler.engine.guards import refusals
from reconciler.engine.guards.facts import Facts
from reconciler.model.action import Secret
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Live, LiveAction
from tests.engine.model_tenant import carried_out
from tests.engine.worlds import REPO, action, content, desired, flow, live_action, live_flow

KEPT = Secret(name="TOKEN", kind="keep")
TOKEN = Secret(name="TOKEN", kind="encrypted", fingerprint="f" * 16)


def by_hand(name: str = "alpha", *secrets: str, drafted: Sequence[str] | None = None) -> LiveAction:
    """An action that somebody made in the dashboard, with secrets that run, and those of its draft."""
    made = live_action(name)
    runs = tuple(SecretStamp(name=each, updated_at="t1") for each in secrets)
    waits = tuple(SecretStamp(name=each, updated_at="t1") for each in (secrets if drafted is None else drafted))
    assert made.version is not None
    return made.model_copy(
        update={
            "version": made.version.model_copy(update={"secrets": runs}),
            "draft": made.draft.model_copy(update={"secrets": waits}),
        }
    )


def test_an_action_that_git_did_not_make_and_has_the_same_is_no_change() -> None:
    live = Live(actions=(by_hand(),), flows=(live_flow("alpha"),))
    plan = planner.plan(desired(action("alpha"), flows=[flow("alpha")]), live, tool="test")
    assert (plan.empty, plan.unstamped) == (True, ("alpha",))
    assert refusals(plan, live, Facts()) == ()


def test_its_secrets_are_the_same_only_where_git_keeps_those_of_the_tenant() -> None:
    live = Live(actions=(by_hand("alpha", "TOKEN"),))
    assert planner.plan(desired(action("alpha", secrets=[KEPT])), live, tool="test").unstamped == ("alpha",)
    for secrets in ([TOKEN], []):
        taken_over = planner.plan(desired(action("alpha", secrets=secrets)), live, tool="test")
        assert [change.name for change in taken_over.actions] == ["alpha"]
        assert taken_over.unstamped == ()
        assert "take-over" in {each.guard for each in refusals(taken_over, live, Facts())}


def test_an_edit_that_waits_in_its_draft_is_left_there() -> None:
    made = by_hand("alpha", "TOKEN", drafted=[])
    edited = made.model_copy(update={"draft": made.draft.model_copy(update={"content": content("// edit")})})
    live = Live(actions=(edited,))
    plan = planner.plan(desired(action("alpha", secrets=[KEPT])), live, tool="test")
    assert (plan.empty, plan.unstamped, plan.kept) == (True, ("alpha",), ())
    assert refusals(plan, live, Facts()) == ()


def test_recording_the_commit_deploys_it_once() -> None:
    wanted, live = desired(action("alpha", secrets=[KEPT])), Live(actions=(by_hand("alpha", "TOKEN"),))
    plan = planner.plan(wanted, live, tool="test", stamp=True)
    (change,) = plan.actions
    assert (change.why.reasons, change.deploy, change.send_secrets, plan.unstamped) == (
        ("to record the commit",),
        True,
        False,
        (),
    )
    assert refusals(plan, live, Facts()) == ()
    after = carried_out(plan, live)
    again = planner.plan(wanted, after, tool="test", stamp=True)
    assert (again.empty, again.unstamped) == (True, ())


def test_recording_the_commit_deploys_no_secret_that_waits_in_the_draft() -> None:
    live = Live(actions=(by_hand("alpha", drafted=["NEW"]),))
    plan = planner.plan(desired(action("alpha")), live, tool="test", stamp=True)
    assert (plan.empty, plan.unstamped) == (True, ("alpha",))


def test_a_different_action_that_git_did_not_make_is_taken_over_only_with_a_word() -> None:
    live = Live(actions=(by_hand(),))
    for stamp in (False, True):
        plan = planner.plan(desired(action("alpha", "// other")), live, tool="test", stamp=stamp)
        assert plan.unstamped == ()
        assert [each.guard for each in refusals(plan, live, Facts())] == ["take-over"]


def test_a_copy_that_carries_the_line_of_another_action_is_not_adopted_in_silence() -> None:
    made = by_hand()
    assert made.version is not None
    ours = live_action("beta", repo=REPO).version
    assert ours is not None
    copied = made.model_copy(
        update={"version": made.version.model_copy(update={"provenance": ours.provenance})},
    )
    plan = planner.plan(desired(action("alpha")), Live(actions=(copied,)), tool="test")
    assert [change.why.reasons for change in plan.actions] == [("not made by this repository",)]


def test_secrets_that_nobody_wrote_since_git_made_them_are_not_written_again() -> None:
    """Another hand deployed once more, or rolled back: the version that git made tells by its stamps."""
    wanted = desired(action("alpha", secrets=[TOKEN]))
    live = carried_out(planner.plan(wanted, Live(), tool="test"), Live())
    (made,) = live.actions
    assert made.version is not None
    again = made.model_copy(update={"version": made.version.model_copy(update={"number": 2}), "made": made.version})
    assert planner.plan(wanted, Live(actions=(again,)), tool="test").empty
    written = SecretStamp(name="TOKEN", updated_at="later")
    assert again.version is not None
    rotated = again.model_copy(update={"version": again.version.model_copy(update={"secrets": (written,)})})
    for doubtful in (rotated, again.model_copy(update={"made": None})):
        (change,) = planner.plan(wanted, Live(actions=(doubtful,)), tool="test").actions
        assert change.why.reasons == ("secrets",)
