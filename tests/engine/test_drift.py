"""What drift makes of single worlds: what is found, how severe it is, since when, and who did it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reconciler.engine import attribution, drift, normalize
from reconciler.engine.drift import flows
from reconciler.engine.drift.ignoring import Ignored, ended, marked, unused
from reconciler.engine.drift.world import World
from reconciler.model.action import Secret
from reconciler.model.deed import Author, Deed, Verb
from reconciler.model.drift import Finding
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Live, LiveAction, LiveBinding, LiveFlow
from tests.engine.worlds import (
    COMMIT,
    REPO,
    action,
    content,
    desired,
    flow,
    live_action,
    live_flow,
    live_module,
    module,
)

TODAY = date(2026, 11, 23)
APPLIED = "a" * 40
"""The commit that `live_action` names."""
AT = "2026-11-20T10:00:00.000000000Z"
GIT = desired(action("alpha"), flows=[flow("alpha")])


def world(
    *actions: LiveAction,
    wanted: Desired = GIT,
    base: Desired | None = GIT,
    bound: LiveFlow | None = None,
    **more: object,
) -> World:
    """A tenant with those actions, held against git."""
    live = Live(actions=actions, flows=(bound or live_flow("alpha"),))
    bases = {APPLIED: base} if base else {}
    known = {"newest": APPLIED if base else "", "today": TODAY} | more
    return World(desired=wanted, live=live, bases=bases, **known)  # type: ignore[arg-type]


def ids(there: World) -> list[str]:
    return [finding.id for finding in drift.findings(there) if finding.state == "open"]


def ours(name: str = "alpha", code: str = "// code", **version: object) -> LiveAction:
    """An action of ours; `version` changes what runs of it."""
    there = live_action(name, code, repo=REPO)
    assert there.version is not None
    return there.model_copy(update={"version": there.version.model_copy(update={"created_at": AT, **version})})


def deed(did: Verb, at: str, *, action_id: str = "id-alpha", number: int = 0, agent: str = "x") -> Deed:
    return Deed(
        author=Author(did=did, at=at, user_agent=agent), method="POST", path="/", action_id=action_id, number=number
    )


def test_what_git_made_is_not_found() -> None:
    assert ids(world(ours())) == []


def test_code_that_fits_a_forged_line_is_found_where_git_has_the_commit() -> None:
    forged = live_action("alpha", "// evil", repo=REPO)
    assert ids(world(forged)) == ["edited:alpha"]
    assert ids(world(forged, base=None)) == []


def test_an_edit_of_a_version_that_git_does_not_know_is_found_and_said_to_have_no_base() -> None:
    there = world(ours(content=content("// edited")), base=None)
    assert "edited:alpha" in ids(there)
    assert drift.unknown(there)[0].startswith("What alpha was before cannot be told")


def test_a_version_that_was_made_anew_by_an_import_is_found() -> None:
    there = ours()
    assert there.version is not None and there.version.provenance is not None
    line = there.version.provenance.model_copy(update={"number": 3})
    made = there.model_copy(
        update={
            "version": there.version.model_copy(update={"provenance": line}),
            "draft": there.draft.model_copy(update={"provenance": line}),
        }
    )
    (finding,) = drift.findings(world(made))
    assert (finding.id, finding.state) == ("redeployed:alpha", "settled")


def test_marketplace_actions_are_named_as_such() -> None:
    bound = LiveFlow(
        trigger="post-login",
        bindings=(*live_flow("alpha").bindings, LiveBinding(id="m", action_id="M", action="alpha", foreign=True)),
    )
    found = drift.findings(world(ours(), bound=bound))
    assert [finding.id for finding in found] == [
        "binding-added:post-login:alpha:marketplace",
        "unmanaged-action:alpha:marketplace",
    ]
    assert "marketplace action" in found[1].what and found[1].ways[1].text == ""


@pytest.mark.parametrize("name", ["{0.x}", "{}", "%s", "a:b", "[x]*", "\x1b[31m"])
def test_any_name_may_stand_in_a_sentence(name: str) -> None:
    bound = live_flow("alpha", name)
    found = drift.findings(world(ours(), live_action(name), bound=bound))
    assert [finding.id for finding in found] == [f"binding-added:post-login:{name}", f"unmanaged-action:{name}"]
    assert all(name in finding.what for finding in found)
    entries = [Ignored(finding=f"unmanaged-action:{name}", reason="r", until=TODAY)]
    assert {finding.state for finding in marked(found, entries, TODAY)} == {"ignored"}


def test_a_secret_that_only_the_draft_lacks_is_found_there() -> None:
    stamps = (SecretStamp(name="TOKEN", updated_at=AT),)
    there = ours(secrets=stamps)
    assert there.version is not None and there.version.provenance is not None
    line = there.version.provenance.model_copy(update={"secrets": {"TOKEN": "f" * 16}})
    made = there.model_copy(
        update={
            "version": there.version.model_copy(update={"provenance": line}),
            "draft": there.draft.model_copy(update={"provenance": line}),
        }
    )
    wanted = desired(action("alpha", secrets=[Secret(name="TOKEN", kind="encrypted")]), flows=[flow("alpha")])
    (finding,) = drift.findings(world(made, wanted=wanted))
    assert (finding.id, finding.severity) == ("secret-removed:alpha:TOKEN", "medium")


def test_secrets_that_another_hand_may_have_changed_are_said_to_be_unknown_once_the_version_is_gone() -> None:
    there = ours(secrets=(SecretStamp(name="TOKEN", updated_at=AT),), number=60)
    assert there.version is not None and there.version.provenance is not None
    line = there.version.provenance.model_copy(update={"secrets": {"TOKEN": "f" * 16}})
    made = there.model_copy(update={"version": there.version.model_copy(update={"provenance": line})})
    assert any("Whether the secrets of alpha still have git's values" in said for said in drift.unknown(world(made)))


def test_a_flow_is_not_judged_by_a_base_that_may_not_be_the_last() -> None:
    there = world(ours(), base=None, bound=live_flow())
    assert ids(there) == [] and flows.untold(there) == ("post-login",)


@pytest.mark.parametrize(("bound_at", "told"), [("00.123Z", ["post-login"]), ("00.1Z", [])])
def test_whether_a_flow_was_bound_after_the_apply_is_told_by_the_clock(bound_at: str, told: list[str]) -> None:
    """An instant has as many digits of a second as it needs."""
    at = f"2026-11-20T10:00:{bound_at}"
    (binding,) = live_flow("alpha").bindings
    there = world(
        ours(created_at="2026-11-20T10:00:00.12Z"),
        wanted=desired(action("alpha")),
        bound=LiveFlow(trigger="post-login", bindings=(binding.model_copy(update={"created_at": at}),)),
        deeds=(Deed(author=Author(did="bound", at=at), method="PATCH", path="/", trigger="post-login"),),
    )
    assert [trigger for trigger, _ in flows.put_back(there)] == told


@pytest.mark.parametrize(("secrets", "state"), [((), "open"), ((Secret(name="OLD", kind="keep"),), "settled")])
def test_what_was_deployed_again_is_settled_unless_an_apply_would_take_a_secret_out(
    secrets: tuple[Secret, ...], state: str
) -> None:
    there = ours(number=2, secrets=(SecretStamp(name="OLD", updated_at=AT),))
    assert there.version is not None and there.version.provenance is not None
    line = there.version.provenance.model_copy(update={"secrets": {"OLD": "f" * 16}})
    version = there.version.model_copy(update={"provenance": line})
    wanted = desired(action("alpha", secrets=secrets), flows=[flow("alpha")])
    found = drift.findings(world(there.model_copy(update={"version": version}), wanted=wanted))
    assert {finding.id: finding.state for finding in found}["redeployed:alpha"] == state


def test_secrets_of_a_module_are_left_to_the_dashboard_where_git_keeps_one() -> None:
    git = desired(
        action("alpha"), flows=[flow("alpha")], modules=[module("m", secrets=[Secret(name="A", kind="keep")])]
    )
    there = world(ours(), wanted=git, base=git)
    live = there.live.model_copy(update={"modules": (live_module("m", repo=REPO, secrets=("A", "B")),)})
    assert ids(replace(there, live=live)) == []
    none = desired(action("alpha"), flows=[flow("alpha")], modules=[module("m")])
    more = replace(there, live=live, desired=none, bases={APPLIED: none})
    assert ids(more) == ["module-secret-added:m:A", "module-secret-added:m:B"]


def test_what_the_tenant_lacks_is_told_where_it_cannot_be_known_whether_it_was_there() -> None:
    wanted = desired(action("alpha"), action("beta"), flows=[flow("alpha")])
    said = drift.unknown(world(ours(), wanted=wanted, base=None))
    assert [each for each in said if each.startswith("Whether beta is missing or waits to be created")]
    assert drift.unknown(world(ours(), wanted=wanted)) == ()


def test_who_bound_a_flow_tells_drift_where_the_base_may_not_be_the_last() -> None:
    other = live_action("beta", repo=REPO)
    assert other.version is not None and other.version.provenance is not None
    unknown = other.version.provenance.model_copy(update={"commit": "9" * 40})
    other = other.model_copy(
        update={
            "version": other.version.model_copy(update={"provenance": unknown}),
            "draft": other.draft.model_copy(update={"provenance": unknown}),
        }
    )
    bound = LiveFlow(trigger="post-login", bindings=())
    by = Deed(author=Author(did="bound", at=AT, user_agent="x"), method="PATCH", path="/", trigger="post-login")
    both = desired(action("alpha"), action("beta"), flows=[flow("alpha")])
    told = world(ours(), other, wanted=both, base=both, bound=bound, deeds=(by,))
    assert ids(told) == ["binding-removed:post-login:alpha"]
    by_us = by.model_copy(update={"author": by.author.model_copy(update={"ours": True})})
    assert ids(world(ours(), other, wanted=both, base=both, bound=bound, deeds=(by_us,))) == []


@pytest.mark.parametrize(
    ("at", "number", "known"),
    [
        ("2026-11-20T10:00:03.000Z", 0, True),
        ("2026-11-20T10:00:03.000Z", 1, True),
        ("2026-11-20T10:00:03.000Z", 2, False),
        ("2026-11-20T10:00:30.000Z", 1, False),
        ("2026-11-20T09:00:00.000Z", 1, False),
        ("no instant", 1, False),
    ],
)
def test_a_deed_is_the_authors_only_where_instants_and_number_agree(at: str, number: int, known: bool) -> None:
    found = attribution.version_author([deed("deployed", at, number=number)], ours())
    assert (found is not None) == known


def test_of_two_deeds_the_one_nearer_to_the_instant_counts() -> None:
    deeds = [deed("deployed", "2026-11-20T10:00:05Z", agent="later"), deed("deployed", "2026-11-20T10:00:01Z")]
    found = attribution.version_author(deeds, ours())
    assert found is not None and found.user_agent == "x"


def test_what_was_created_is_known_by_its_name_where_the_log_keeps_no_answers() -> None:
    made = Deed(author=Author(did="created", at=AT), method="POST", path="/", name="alpha")
    assert attribution.of_action([made], ours()) == (made,)
    assert attribution.of_action([made], ours("beta")) == ()


ENTRY = Ignored(finding="unmanaged-action:a*", reason="soon", until=TODAY)


def stranger(name: str) -> Finding:
    return Finding(id=f"unmanaged-action:{name}", kind="unmanaged-action", name=name, severity="low", what="")


def test_an_entry_counts_on_its_last_day_and_not_after() -> None:
    assert marked([stranger("alpha")], [ENTRY], TODAY)[0].state == "ignored"
    tomorrow = date(2026, 11, 24)
    assert marked([stranger("alpha")], [ENTRY], tomorrow)[0].state == "open"
    assert ended([ENTRY], TODAY) == () and len(ended([ENTRY], tomorrow)) == 1


def test_an_entry_names_only_what_fits() -> None:
    assert marked([stranger("beta")], [ENTRY], TODAY)[0].state == "open"
    assert len(unused([ENTRY], [stranger("beta")], TODAY)) == 1
    odd = Ignored(finding="unmanaged-action:[a]", reason="its very name", until=TODAY)
    assert marked([stranger("[a]")], [odd], TODAY)[0].state == "ignored"
    assert marked([stranger("a")], [odd], TODAY)[0].state == "open"


def test_versions_are_signed_as_the_tests_take_them_to_be() -> None:
    assert GIT.commit == COMMIT and normalize.digest(content("// code")) == normalize.digest(GIT.actions[0].content)
