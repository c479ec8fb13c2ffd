"""What an apply reverts is not found afterwards: one tenant, one thing after the other done to it by hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from reconciler.engine.guard_words import GUARDS
from reconciler.engine.guards.facts import Facts
from reconciler.model.drift import Drift
from reconciler.run.drift import read_world, report
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.run.attempts import FLOW, Scene, applied, scene
from tests.run.conftest import TOKEN, Home
from tests.run.drifting import Hands, Play, ids

ALL = Facts(allowed=dict.fromkeys(GUARDS, "a test"))


async def looked(place: Workplace, made: Scene) -> Drift:
    return report(await read_world(place, made.loaded, made.ours), made.loaded)


def reverted(home: Home, play: Play) -> tuple[list[str], list[str]]:
    """What is found after somebody played, and after the next apply."""

    async def played(place: Workplace) -> tuple[list[str], list[str]]:
        async with scene(place, "HEAD") as made:
            assert (await applied(made, facts=ALL)).failure is None
            await play(Hands(made.other))
            before = await looked(place, made)
            assert (await applied(made, facts=ALL)).failure is None
            return ids(before), ids(await looked(place, made))

    with open_workplace(Settings(start=home.folder, environ={})) as place:
        return asyncio.run(played(place))


async def edit(hands: Hands) -> None:
    await hands.edit("greet", deploy=True)
    await hands.edit("guard")


async def paste(hands: Hands) -> None:
    await hands.edit("greet", line=False, deploy=True)


async def change_secrets(hands: Hands) -> None:
    await hands.secrets("greet", deploy=True, TOKEN=TOKEN, EXTRA="x")


async def change_secrets_of_the_draft(hands: Hands) -> None:
    await hands.secrets("greet", TOKEN=TOKEN, EXTRA="x")


async def rebind(hands: Hands) -> None:
    await hands.bind("greet", "guard", "guard", shown="Another name")


async def remove(hands: Hands) -> None:
    await hands.bind("guard")
    await hands.gateway.delete((await hands.action("greet")).id)


@pytest.mark.parametrize(
    ("play", "found"),
    [
        (edit, ["edited:greet", "draft-edited:guard"]),
        (paste, ["edited:greet"]),
        (
            change_secrets,
            [
                "secret-added:greet:EXTRA",
                "secret-removed:greet:LEVEL",
                "secret-rotated:greet:TOKEN",
                "redeployed:greet",
            ],
        ),
        (
            change_secrets_of_the_draft,
            ["secret-added:greet:EXTRA", "secret-removed:greet:LEVEL", "secret-rotated:greet:TOKEN"],
        ),
        (rebind, [f"binding-added:{FLOW}:guard", f"flow-reordered:{FLOW}"]),
        (remove, ["missing-action:greet"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_apply_reverts_it(home: Home, play: Play, found: list[str]) -> None:
    assert reverted(home, play) == (found, [])


def test_an_apply_takes_a_foreign_binding_out_where_the_flow_says_so(home: Home) -> None:
    home.change("flows/post-login.yaml", "[guard, greet]", "[guard, greet]\nunmanaged: remove")
    home.commit("nothing foreign")

    async def played(hands: Hands) -> None:
        await hands.create("legacy")
        await hands.bind("guard", "legacy", "greet")

    before, after = reverted(home, played)
    assert before == [f"binding-added:{FLOW}:legacy", "unmanaged-action:legacy"]
    assert after == ["unmanaged-action:legacy"]


def test_what_an_undone_apply_leaves_is_no_drift(home: Home) -> None:
    home.change("actions/guard/code.js", "exports.", "// second\nexports.")
    home.change("flows/post-login.yaml", "[guard, greet]", "[greet, guard]")
    second = home.commit("second")

    async def played(place: Workplace) -> list[str]:
        async with scene(place, "HEAD~1") as made:
            assert (await applied(made)).failure is None
        async with scene(place, second, at=3, do=500) as made:
            assert (await applied(made)).failure is not None
            return ids(await looked(place, replace(made, ours=made.other)))

    with open_workplace(Settings(start=home.folder, environ={})) as place:
        assert asyncio.run(played(place)) == []
