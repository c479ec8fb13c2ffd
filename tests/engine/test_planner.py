"""What a plan says, and the laws it keeps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine import planner
from reconciler.model.action import Secret
from reconciler.model.plan import Plan
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Live, LiveBinding
from tests.engine.model_tenant import carried_out
from tests.engine.worlds import REPO, action, content, desired, flow, live_action, live_flow


def plan(wanted: Desired, live: Live) -> Plan:
    return planner.plan(wanted, live, tool="test")


def test_a_new_action_becomes_version_one() -> None:
    change = plan(desired(action("alpha")), Live()).actions[0]
    assert (change.kind, change.provenance and change.provenance.number, change.deploy) == ("create", 1, True)


def test_a_changed_comment_is_one_change_and_the_next_version() -> None:
    live = Live(actions=(live_action("alpha", "// old", repo=REPO, number=4),))
    made = plan(desired(action("alpha", "// new")), live)
    assert (len(made.actions), made.flows) == (1, ())
    assert made.actions[0].why.reasons == ("code",)
    assert made.actions[0].provenance is not None
    assert made.actions[0].provenance.number == 5


def test_a_change_over_what_was_deployed_by_hand_says_so() -> None:
    there = live_action("alpha", "// old", repo=REPO)
    assert there.version is not None
    hotfix = there.version.model_copy(update={"number": 2, "content": content("// hotfix")})
    live = Live(actions=(there.model_copy(update={"version": hotfix}),))
    assert plan(desired(action("alpha", "// new")), live).actions[0].why.reasons == ("code", "edited outside git")


def test_line_ends_and_the_last_newline_make_no_change() -> None:
    live = Live(actions=(live_action("alpha", "a\nb\n", repo=REPO),))
    assert plan(desired(action("alpha", "a\r\nb")), live).empty


def test_an_edit_that_lives_in_the_draft_only_is_put_back_without_a_version() -> None:
    there = live_action("alpha", repo=REPO)
    edited = there.model_copy(update={"draft": live_action("alpha", "// edited").draft})
    (change,) = plan(desired(action("alpha")), Live(actions=(edited,))).actions
    assert there.version is not None
    assert not change.deploy
    assert (change.after, change.provenance) == (there.version.content, there.version.provenance)


def test_an_action_that_left_git_is_deleted_and_unbound() -> None:
    live = Live(
        actions=(live_action("alpha", repo=REPO), live_action("beta", repo=REPO)), flows=(live_flow("alpha", "beta"),)
    )
    made = plan(desired(action("beta")), live)
    assert [(change.kind, change.name) for change in made.actions] == [("delete", "alpha")]
    assert [place.action for place in made.flows[0].after] == ["beta"]


def test_an_action_of_another_repository_is_not_deleted() -> None:
    live = Live(actions=(live_action("alpha", repo="other"), live_action("beta")))
    assert plan(desired(), live).empty


def test_foreign_bindings_keep_their_places() -> None:
    live = Live(
        actions=(live_action("alpha", repo=REPO), live_action("beta", repo=REPO), live_action("made-by-hand")),
        flows=(live_flow("alpha", "made-by-hand", "beta"),),
    )
    made = plan(desired(action("alpha"), action("beta"), flows=[flow("beta", "alpha")]), live)
    assert [place.action for place in made.flows[0].after] == ["beta", "made-by-hand", "alpha"]


def test_an_action_of_the_marketplace_is_not_ours_whatever_its_name() -> None:
    market = LiveBinding(id="b0", action_id="MARKET", action="alpha", foreign=True)
    there = live_flow("alpha")
    flows = (there.model_copy(update={"bindings": (market, *there.bindings)}),)
    live = Live(actions=(live_action("alpha", repo=REPO),), flows=flows)
    assert plan(desired(action("alpha"), flows=[flow("alpha")]), live).empty


def test_foreign_bindings_go_when_the_flow_says_so() -> None:
    live = Live(
        actions=(live_action("alpha", repo=REPO), live_action("made-by-hand")),
        flows=(live_flow("made-by-hand", "alpha"),),
    )
    made = plan(desired(action("alpha"), flows=[flow("alpha", unmanaged="remove")]), live)
    assert [place.action for place in made.flows[0].after] == ["alpha"]


TOKEN = Secret(name="TOKEN", kind="encrypted", fingerprint="f" * 16)


def applied(*secrets: Secret) -> tuple[Desired, Live]:
    """A tenant that was just made what git says, with those secrets."""
    wanted = desired(action("alpha", secrets=secrets))
    return wanted, carried_out(plan(wanted, Live()), Live())


@given(st.sampled_from(["rotated", "same"]))
def test_a_rotated_value_is_seen_by_its_fingerprint(what: str) -> None:
    _, live = applied(TOKEN)
    value = TOKEN.model_copy(update={"fingerprint": "0" * 16}) if what == "rotated" else TOKEN
    made = plan(desired(action("alpha", secrets=[value])), live)
    assert [change.what for each in made.actions for change in each.why.secrets] == (
        ["rotated"] if what == "rotated" else []
    )


def test_only_values_that_change_are_sent() -> None:
    other = Secret(name="URL", kind="encrypted", fingerprint="e" * 16)
    _, live = applied(TOKEN, other)
    rotated = other.model_copy(update={"fingerprint": "0" * 16})
    (change,) = plan(desired(action("alpha", secrets=[TOKEN, rotated])), live).actions
    assert {step.name: step.write for step in change.secrets} == {"TOKEN": False, "URL": True}


def test_a_secret_changed_by_hand_in_the_draft_is_written_again() -> None:
    wanted, live = applied(TOKEN)
    (there,) = live.actions
    stamps = (SecretStamp(name="TOKEN", updated_at="later"),)
    touched = there.model_copy(update={"draft": there.draft.model_copy(update={"secrets": stamps})})
    (change,) = plan(wanted, Live(actions=(touched,))).actions
    assert [secret.what for secret in change.why.secrets] == ["changed outside git"]
    assert change.deploy


def test_a_version_with_a_number_that_is_not_ours_gets_its_secrets_again() -> None:
    wanted, live = applied(TOKEN)
    (there,) = live.actions
    assert there.version is not None
    redeployed = there.model_copy(update={"version": there.version.model_copy(update={"number": 7})})
    (change,) = plan(wanted, Live(actions=(redeployed,))).actions
    assert change.provenance is not None
    assert (change.why.secrets[0].what, change.provenance.number) == ("rotated", 8)


def test_a_kept_secret_is_never_written() -> None:
    kept = Secret(name="LEGACY", kind="keep")
    _, live = applied(TOKEN)
    (there,) = live.actions
    assert there.version is not None
    stamps = (SecretStamp(name="LEGACY", updated_at="t0"), SecretStamp(name="TOKEN", updated_at="t9"))
    with_legacy = there.model_copy(
        update={
            "draft": there.draft.model_copy(update={"secrets": stamps}),
            "version": there.version.model_copy(update={"secrets": stamps}),
        }
    )
    assert plan(desired(action("alpha", secrets=[kept, TOKEN])), Live(actions=(with_legacy,))).empty


def test_a_copy_made_in_the_dashboard_is_not_ours_though_it_carries_our_line() -> None:
    ours = live_action("alpha", repo=REPO)
    copy = ours.model_copy(update={"id": "id-copy", "name": "alpha-experiment"})
    assert plan(desired(action("alpha")), Live(actions=(ours, copy))).empty


def test_a_kept_secret_that_only_the_draft_has_is_deployed_and_never_written() -> None:
    kept = Secret(name="LEGACY", kind="keep")
    _, live = applied(TOKEN)
    (there,) = live.actions
    stamps = (*there.draft.secrets, SecretStamp(name="LEGACY", updated_at="t0"))
    by_hand = there.model_copy(update={"draft": there.draft.model_copy(update={"secrets": stamps})})
    wanted = desired(action("alpha", secrets=[kept, TOKEN]))
    (change,) = plan(wanted, Live(actions=(by_hand,))).actions
    assert [(each.name, each.what) for each in change.why.secrets] == [("LEGACY", "not deployed")]
    assert change.deploy and not any(step.write for step in change.secrets)
