"""When a module is published, put back or left alone, and which number `latest` stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine import normalize, planner, seen
from reconciler.model.action import Action, ModuleUse, Secret
from reconciler.model.module import LiveModule, Module, ModuleContent, ModuleVersion
from reconciler.model.plan import ModuleChange, Plan
from reconciler.model.provenance import Provenance
from reconciler.model.stamp import SecretStamp
from reconciler.model.tenant import Desired, Live, LiveAction
from tests.engine.worlds import REPO, action, desired, live_action, live_module, module

KEY = Secret(name="KEY", kind="encrypted", fingerprint="f" * 16)
OTHER = KEY.model_copy(update={"fingerprint": "0" * 16})
KEPT = Secret(name="KEY", kind="keep")


def plan(wanted: Desired, live: Live) -> Plan:
    return planner.plan(wanted, live, tool="test")


def code(text: str) -> ModuleContent:
    return normalize.module_content(code=text, dependencies=())


def version(number: int, text: str, *secrets: Secret, told: int | None = None) -> ModuleVersion:
    """A version that git made; `told` is another number that its provenance names."""
    written = [secret for secret in secrets if secret.kind != "keep"]
    line = Provenance(
        commit="a" * 40,
        repo=REPO,
        path="modules/shared",
        number=told or number,
        digest=normalize.digest(code(text)),
        secrets={secret.name: secret.fingerprint for secret in written},
    )
    stamps = tuple(SecretStamp(name=secret.name, updated_at=f"t{number}") for secret in secrets)
    return ModuleVersion(
        id=f"v{number}", number=number, content=code(text), secrets=stamps, created_at=f"t{number}+", provenance=line
    )


def published(*versions: ModuleVersion, draft: ModuleVersion | None = None) -> LiveModule:
    """A module with those versions, newest first; its draft is the newest of them unless told."""
    there, copied = live_module("shared", repo=REPO), draft or versions[0]
    fields = {name: getattr(copied, name) for name in ("content", "secrets", "provenance")}
    return there.model_copy(update={"versions": versions, "draft": there.draft.model_copy(update=fields)})


def wanting(text: str, *secrets: Secret) -> Module:
    return module("shared", text, secrets)


def using(number: int = 0, name: str = "uses") -> Action:
    made = action(name)
    uses = (ModuleUse(name="shared", number=number),)
    return made.model_copy(update={"content": made.content.model_copy(update={"modules": uses})})


def deployed(number: int, name: str = "uses") -> LiveAction:
    """An action of git that runs with that version of the module."""
    there = live_action(name, repo=REPO)
    assert there.version is not None and there.version.provenance is not None
    content = using(number).content
    provenance = there.version.provenance.model_copy(update={"digest": normalize.digest(content)})
    fields = {"content": content, "provenance": provenance}
    return there.model_copy(
        update={"draft": there.draft.model_copy(update=fields), "version": there.version.model_copy(update=fields)}
    )


def change(wanted: Module, there: LiveModule | None) -> ModuleChange | None:
    """What happens to the one module."""
    made = plan(desired(modules=[wanted]), Live(modules=(there,) if there else ())).modules
    return made[0] if made else None


def used(wanted: Desired, live: Live) -> list[int]:
    """The numbers that the actions of a plan use afterwards."""
    return [use.number for each in plan(wanted, live).actions if each.after for use in each.after.modules]


def test_a_new_module_is_created_and_its_first_version_used() -> None:
    made = plan(desired(using(), modules=[wanting("// one")]), Live())
    assert [(each.kind, each.number, each.publish) for each in made.modules] == [("create", 1, True)]
    assert made.modules[0].why.users == ("uses",)
    assert used(desired(using(), modules=[wanting("// one")]), Live()) == [1]


def test_nothing_is_published_where_a_version_holds_it() -> None:
    assert change(wanting("// one"), published(version(1, "// one"))) is None


def test_other_code_is_a_new_version_and_its_users_follow() -> None:
    live = Live(actions=(deployed(1),), modules=(published(version(1, "// one")),))
    made = plan(desired(using(), modules=[wanting("// two")]), live)
    assert [(each.number, each.why.reasons) for each in made.modules] == [(2, ("code",))]
    assert [each.why.reasons for each in made.actions] == [("modules",)]


def test_a_pinned_action_stays_where_it_is() -> None:
    live = Live(actions=(deployed(1),), modules=(published(version(1, "// one")),))
    assert plan(desired(using(1), modules=[wanting("// two")]), live).actions == ()


def test_an_older_version_that_holds_it_is_used_once_more() -> None:
    there = published(version(2, "// two"), version(1, "// one"))
    made = change(wanting("// one"), there)
    assert made is not None and (made.publish, made.version_id) == (False, "v1")
    assert used(desired(using(), modules=[wanting("// one")]), Live(actions=(deployed(2),), modules=(there,))) == [1]


def test_the_version_in_use_is_kept_where_a_newer_one_holds_the_same() -> None:
    there = published(version(3, "// one"), version(2, "// two"), version(1, "// one"))
    assert plan(desired(using(), modules=[wanting("// one")]), Live(actions=(deployed(1),), modules=(there,))).empty
    assert used(desired(using(), modules=[wanting("// one")]), Live(actions=(deployed(2),), modules=(there,))) == [3]


def test_a_published_version_that_an_undone_apply_left_changes_nothing() -> None:
    there = published(version(2, "// two"), version(1, "// one"), draft=version(1, "// one"))
    live = Live(actions=(deployed(1),), modules=(there,))
    assert plan(desired(using(), modules=[wanting("// one")]), live).empty
    made = plan(desired(using(), modules=[wanting("// two")]), live)
    assert [(each.publish, each.version_id) for each in made.modules] == [(False, "v2")]
    assert used(desired(using(), modules=[wanting("// two")]), live) == [2]


def test_a_draft_edited_by_hand_is_put_back_without_a_version() -> None:
    made = change(wanting("// one"), published(version(1, "// one"), draft=version(1, "// hotfix")))
    assert made is not None and (made.publish, made.number, made.version_id) == (False, 0, "v1")
    assert made.why.before == code("// hotfix")


@pytest.mark.parametrize(("secret", "what"), [(OTHER, "rotated"), (KEY, None)])
def test_a_rotated_secret_is_a_new_version(secret: Secret, what: str | None) -> None:
    made = change(wanting("// one", secret), published(version(1, "// one", KEY)))
    assert [each.what for each in made.why.secrets] == [what] if made else what is None


def test_every_secret_is_sent_with_a_version() -> None:
    second = Secret(name="SIGN", kind="plain", fingerprint="e" * 16)
    made = change(wanting("// two", KEY, second), published(version(1, "// one", KEY, second)))
    assert made is not None and made.send_secrets
    assert {step.name: step.write for step in made.secrets} == {"KEY": True, "SIGN": True}


def test_secrets_that_are_gone_are_taken_from_the_module() -> None:
    made = change(wanting("// one"), published(version(1, "// one", KEY)))
    assert made is not None and made.send_secrets and made.secrets == ()
    assert [(each.name, each.what) for each in made.why.secrets] == [("KEY", "removed")]


def test_a_version_that_somebody_else_published_may_have_other_values() -> None:
    made = change(wanting("// one", KEY), published(version(2, "// one", KEY, told=1)))
    assert made is not None and (made.number, made.send_secrets) == (3, True)


def test_over_what_somebody_else_published_git_publishes_once_more_and_actions_stay_where_they_are() -> None:
    by_hand = version(2, "// hotfix").model_copy(update={"provenance": None})
    live = Live(actions=(deployed(1),), modules=(published(by_hand, version(1, "// one")),))
    made = plan(desired(using(), modules=[wanting("// one")]), live)
    assert [(each.number, each.why.reasons) for each in made.modules] == [(3, ("published outside git",))]
    assert made.actions == ()


def test_what_somebody_else_published_is_left_where_git_wants_the_same() -> None:
    live = Live(actions=(deployed(1),), modules=(published(version(2, "// one", told=1), version(1, "// one")),))
    assert plan(desired(using(), modules=[wanting("// one")]), live).empty


def test_kept_secrets_are_never_sent() -> None:
    made = change(wanting("// two", KEPT), published(version(1, "// one", KEPT)))
    assert made is not None and not made.send_secrets and not made.secrets[0].write


def test_a_kept_secret_that_was_set_since_is_published() -> None:
    there, set_since = version(1, "// one", KEPT), (SecretStamp(name="KEY", updated_at="t2"),)
    live = published(there, draft=there.model_copy(update={"secrets": set_since}))
    made = change(wanting("// one", KEPT), live)
    assert made is not None and made.publish and not made.send_secrets
    assert [(each.name, each.what) for each in made.why.secrets] == [("KEY", "not deployed")]
    assert change(wanting("// one", KEPT), published(there)) is None


def test_a_module_made_by_hand_that_is_as_git_wants_it_is_left_alone() -> None:
    there = live_module("shared", "// one")
    edited = there.model_copy(update={"draft": there.draft.model_copy(update={"content": code("// edited")})})
    assert change(wanting("// one"), there) is None
    assert change(wanting("// one"), edited) is None
    assert used(desired(using(), modules=[wanting("// one")]), Live(modules=(there,))) == [1]


def test_a_module_of_another_repository_is_never_taken_for_ours() -> None:
    assert change(wanting("// one"), live_module("shared", "// one", repo="other")) is not None
    assert plan(desired(), Live(modules=(live_module("shared", repo="other"), live_module("by-hand")))).empty


def test_a_module_that_left_git_is_deleted() -> None:
    made = plan(desired(), Live(modules=(live_module("shared", repo=REPO),)))
    assert [(each.kind, each.name) for each in made.modules] == [("delete", "shared")]


def test_what_a_module_is_made_of_is_looked_at_before_an_apply() -> None:
    live = Live(modules=(published(version(1, "// one")),))
    made = plan(desired(modules=[wanting("// two")]), live)
    assert seen.moved(made, live) == ()
    for moved in (
        published(version(2, "// x"), version(1, "// one")),
        published(version(1, "// one"), draft=version(1, "// x")),
    ):
        assert [each.name for each in seen.moved(made, Live(modules=(moved,)))] == ["shared"]


CONTENTS = st.sampled_from(["// one", "// two", "// three"])


@given(st.lists(CONTENTS, max_size=5), CONTENTS, st.integers(0, 5))
def test_planning_again_after_publishing_is_empty(history: list[str], text: str, draft: int) -> None:
    versions = tuple(version(number, each) for number, each in reversed(list(enumerate(history, 1))))
    there = published(*versions, draft=versions[draft % len(versions)]) if versions else None
    made = change(wanting(text), there)
    if made is None:
        return
    assert made.publish == (text not in history)
    if made.publish:
        new = version(made.number, text)
        assert change(wanting(text), published(new, *versions)) is None
    else:
        copied = next(each for each in versions if each.id == made.version_id)
        assert change(wanting(text), published(*versions, draft=copied)) is None


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_the_files_does_not_count(order: list[str]) -> None:
    wanted = desired(action("x"), modules=[module(name) for name in order])
    assert plan(wanted, Live()) == plan(desired(action("x"), modules=[module(name) for name in "abc"]), Live())


def test_dependencies_make_a_version() -> None:
    wanted = module("shared", "// one", (), lodash="4.17.21")
    made = change(wanted, published(version(1, "// one")))
    assert made is not None and made.why.reasons == ("dependencies",)
