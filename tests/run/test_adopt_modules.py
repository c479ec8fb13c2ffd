"""What was done to modules by hand is taken into the files; after a commit the plan is empty."""

from __future__ import annotations

import pytest

from tests.run.conftest import Home
from tests.run.drifting import Hands, Play, drifted
from tests.run.test_adopt import adopted, changes, planned, text
from tests.run.test_drift_modules import helper, write
from tests.run.test_modules import LOUDER, shared

__all__ = ["shared"]


async def published(hands: Hands) -> None:
    await write(hands, (await helper(hands)).origin, publish=True)


async def published_without_gits_line(hands: Hands) -> None:
    await write(hands, None, publish=True)


async def given_to_an_action(hands: Hands) -> None:
    await published(hands)
    there, module = await hands.action("greet"), await helper(hands)
    use = there.draft.content.modules[0].model_copy(update={"number": module.versions[0].number})
    content = there.draft.content.model_copy(update={"modules": (use,)})
    await hands.gateway.update_draft(there.id, content, there.draft.provenance)
    await hands.deploy("greet")


async def made_by_hand(hands: Hands) -> None:
    await hands.gateway.modules.create("legacy", (await helper(hands)).draft.content, None, {})
    made = next(each for each in await hands.gateway.modules.read() or () if each.name == "legacy")
    await hands.gateway.modules.publish("legacy", made.id)


@pytest.mark.parametrize(
    "play", [published, published_without_gits_line, given_to_an_action, made_by_hand], ids=lambda play: play.__name__
)
def test_a_module_is_adopted_and_then_nothing_is_left_to_change(
    shared: Home, capsys: pytest.CaptureFixture[str], play: Play
) -> None:
    assert drifted(shared, play).open
    made = adopted(shared, capsys)
    assert made["findings"] and made["remaining"] == []
    assert changes(planned(shared, capsys)) == []
    assert shared.reconciler("drift", "--detailed-exitcode") == 0, capsys.readouterr().out
    assert adopted(shared, capsys)["files"] == []


def test_the_code_of_a_module_is_written_and_the_lock_says_who_gets_it(
    shared: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    drifted(shared, given_to_an_action)
    made = adopted(shared, capsys)
    assert text(shared, "modules/helper/code.js") == LOUDER
    assert made["files"] == ["modules/helper/code.js", "reconciler.lock"]
