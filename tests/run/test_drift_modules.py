"""What is done to a module of ours by hand is found, classified and attributed."""

from __future__ import annotations

import pytest

from reconciler.model.module import LiveModule
from reconciler.model.provenance import Provenance
from tests.run.attempts import FLOW
from tests.run.conftest import Home
from tests.run.drifting import STRANGER, Hands, drifted, ids, only
from tests.run.test_modules import LOUDER, shared

__all__ = ["shared"]


async def helper(hands: Hands) -> LiveModule:
    found = next(each for each in await hands.gateway.modules.read() or () if each.name == "helper")
    assert found.versions
    return found


async def write(hands: Hands, line: Provenance | None, *, publish: bool) -> None:
    """Somebody writes other code into the module."""
    there = await helper(hands)
    content = there.draft.content.model_copy(update={"code": LOUDER})
    await hands.gateway.modules.update(there.id, content, line)
    if publish:
        await hands.gateway.modules.publish("helper", there.id)


def test_nothing_is_found_right_after_an_apply(shared: Home) -> None:
    assert drifted(shared).findings == ()


@pytest.mark.parametrize("keeps_the_line", [True, False])
def test_a_version_that_somebody_published_is_found(shared: Home, keeps_the_line: bool) -> None:
    async def played(hands: Hands) -> None:
        await write(hands, (await helper(hands)).origin if keeps_the_line else None, publish=True)

    found = drifted(shared, played)
    finding = next(each for each in found.findings if each.kind == "module-edited")
    assert (finding.id, finding.severity, finding.parts) == ("module-edited:helper", "low", ("code",))
    assert [(by.did, by.user_agent) for by in finding.by] == [("published", STRANGER)]
    assert finding.diff[:2] == ("--- base/modules/helper/code.js", "+++ live/modules/helper/code.js")


def test_a_version_that_an_action_was_given_by_hand_is_an_edit_of_the_action(shared: Home) -> None:
    async def played(hands: Hands) -> None:
        await write(hands, (await helper(hands)).origin, publish=True)
        there, module = await hands.action("greet"), await helper(hands)
        use = there.draft.content.modules[0].model_copy(update={"number": module.versions[0].number})
        content = there.draft.content.model_copy(update={"modules": (use,)})
        await hands.gateway.update_draft(there.id, content, there.draft.provenance)
        await hands.deploy("greet")

    found = drifted(shared, played)
    assert ids(found) == ["edited:greet", "module-edited:helper"]
    assert found.findings[0].parts == ("modules",)
    assert [finding.severity for finding in found.findings] == ["high", "high"]
    assert found.findings[1].flows == (FLOW,)


def test_an_edit_in_the_draft_alone_is_a_draft(shared: Home) -> None:
    async def played(hands: Hands) -> None:
        await write(hands, (await helper(hands)).origin, publish=False)

    finding = only(drifted(shared, played))
    assert (finding.id, finding.severity) == ("module-draft-edited:helper", "low")
    assert [by.user_agent for by in finding.by] == [STRANGER]


def test_a_module_that_git_did_not_make_is_found(shared: Home) -> None:
    async def played(hands: Hands) -> None:
        await hands.gateway.modules.create("legacy", (await helper(hands)).draft.content, None, {})

    finding = only(drifted(shared, played))
    assert (finding.id, finding.severity) == ("unmanaged-module:legacy", "low")
    assert [(by.did, by.user_agent) for by in finding.by] == [("created", STRANGER)]


def test_a_module_that_is_gone_is_found_with_who_deleted_it(shared: Home) -> None:
    async def played(hands: Hands) -> None:
        there = await helper(hands)
        await hands.edit("greet", deploy=True, modules=(), code="exports.onExecutePostLogin = async () => {};\n")
        await hands.gateway.modules.delete(there.id)

    found = drifted(shared, played)
    assert ids(found) == ["edited:greet", "missing-module:helper"]
    assert [(by.did, by.user_agent) for by in found.findings[1].by] == [("deleted", STRANGER)]
