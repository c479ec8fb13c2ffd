"""The laws of applies, over generated commits and the embedded tenant, in which somebody works by hand meanwhile.

The examples are always the same ones: a failure can be looked at again.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.desired.load import load_repository
from reconciler.desired.state import Loaded, desired_of
from reconciler.engine import planner
from reconciler.engine.guard_words import GUARDS
from reconciler.engine.guards.facts import Facts
from reconciler.errors import Refused
from reconciler.model.plan import Place
from reconciler.model.tenant import Desired, Live
from reconciler.run.apply import apply
from reconciler.run.workplace import Workplace, open_workplace
from reconciler.settings import Settings
from tests.engine.as_wanted import foreign, problems
from tests.engine.generated import BEYOND_THE_PLATFORM, TRIGGERS, desireds
from tests.engine.worlds import content
from tests.run.attempts import Scene, hands_of, opened_scene
from tests.run.conftest import Home
from tests.run.drifting import HOTFIX, Hands
from tests.run.written import write_repository

ALLOWED = Facts(allowed=dict.fromkeys(GUARDS.keys() - BEYOND_THE_PLATFORM, "the laws hold whatever is allowed"))
COMMITS = desireds(packages=False, kept=False)
BY_HAND = st.tuples(st.sampled_from(["create", "edit", "deploy", "redeploy", "bind", "secret"]), st.integers(0, 99))


@pytest.fixture(scope="module")
def keyed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with a second secret to refer to."""
    folder = tmp_path_factory.mktemp("keyed") / "home"
    shutil.copytree(template, folder, symlinks=True)
    command = [sys.executable, "-m", "reconciler", "secrets", "set", "other", "--repo", str(folder)]
    subprocess.run(command, input="another-value", text=True, check=True, capture_output=True)
    return folder


@given(
    commits=st.tuples(COMMITS, COMMITS, desireds(packages=False)),
    meanwhile=st.lists(st.lists(BY_HAND, max_size=4), min_size=3, max_size=3),
)
@settings(
    max_examples=25,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_each_commit_makes_the_tenant_what_it_says_and_then_nothing_is_written(
    keyed: Path, commits: tuple[Desired, ...], meanwhile: list[list[tuple[str, int]]]
) -> None:
    with tempfile.TemporaryDirectory() as made:
        home = Home(Path(made) / "home")
        shutil.copytree(keyed, home.folder, symlinks=True)
        with open_workplace(Settings(start=home.folder, environ={})) as place:
            asyncio.run(_lived(home, place, commits, meanwhile))


async def _lived(
    home: Home, place: Workplace, commits: tuple[Desired, ...], meanwhile: list[list[tuple[str, int]]]
) -> None:
    first = _loaded(home, place, commits[0])
    async with opened_scene(place, first) as tenant:
        for wanted, by_hand in zip(commits, meanwhile, strict=True):
            for what, which in by_hand:
                await _done(Hands(tenant.other), what, which)
            await _reached(replace(tenant, loaded=_loaded(home, place, wanted)), wanted)


def _loaded(home: Home, place: Workplace, wanted: Desired) -> Loaded:
    write_repository(home.folder, wanted)
    commit = home.commit("next", "--allow-empty")
    loaded = desired_of(load_repository(place.repository.tree(commit)), "local", sops=place.sops)
    contents = {action.name: action.content for action in wanted.actions}
    assert {action.name: action.content for action in loaded.desired.actions} == contents
    return loaded


async def _reached(made: Scene, wanted: Desired) -> None:
    """Applies a commit; then the tenant is as it says, and applying it again writes nothing."""
    before = await made.other.read_live(TRIGGERS)
    desired = made.loaded.desired
    plan = planner.plan(desired, before, tool="test")
    hands = replace(hands_of(made), facts=ALLOWED, patience=20)
    try:
        await apply(plan, hands)
    except Refused:
        return
    after = await made.other.read_live(TRIGGERS)
    gone = frozenset(action.name for action in before.actions if planner.owner(action) == desired.repo)
    gone -= {action.name for action in wanted.actions}
    assert problems(wanted, after, left_alone=plan.unstamped, gone=gone) == []
    _spared(wanted, before, after, gone)
    written = list(made.way.writes)
    again = planner.plan(desired, after, tool="test")
    assert again.empty
    assert await apply(again, hands) == ()
    assert made.way.writes == written


def _spared(wanted: Desired, before: Live, after: Live, gone: frozenset[str]) -> None:
    """What git does not speak of is as it was."""
    named = gone | {action.name for action in wanted.actions}
    for action in before.actions:
        if action.name not in named:
            assert after.action(action.name) == action
    removing = {flow.trigger for flow in wanted.flows if flow.unmanaged == "remove"}
    for flow in before.flows:
        if flow.trigger not in removing:
            assert foreign(after.flow(flow.trigger), named) == foreign(flow, named)


async def _done(hands: Hands, what: str, which: int) -> None:
    """One thing that somebody does by hand; nothing where there is nothing to do it to."""
    actions = await hands.gateway.read_actions()
    there = actions[which % len(actions)] if actions else None
    if what == "create":
        await _created(hands, f"by-hand-{which % 3}", deploy=which % 2 == 0)
    elif there is None:
        return
    elif what == "edit":
        await hands.edit(there.name, line=which % 2 == 0)
    elif what == "deploy":
        await hands.edit(there.name, line=which % 2 == 0, deploy=True)
    elif what == "secret":
        await hands.secrets(there.name, deploy=which % 2 == 0, TOKEN="by hand")
    elif what == "redeploy" and there.version:
        await hands.roll_back(there.name, 1)
    elif what == "bind":
        await _bound(hands, which)


async def _created(hands: Hands, name: str, *, deploy: bool) -> None:
    if await hands.gateway.read_action_named(name) is None:
        await hands.gateway.create(name, content(HOTFIX), None, {"TOKEN": "by hand"})
        if deploy:
            await hands.deploy(name)


async def _bound(hands: Hands, which: int) -> None:
    """Binds every deployed action of one trigger, the first of them twice."""
    trigger = list(TRIGGERS)[which % len(TRIGGERS)]
    actions = [each for each in await hands.gateway.read_actions() if each.version and each.trigger.id == trigger]
    places = [Place(action=each.name, action_id=each.id) for each in actions]
    if places:
        twice = places[0].model_copy(update={"display_name": "Twice"})
        await hands.gateway.bind(trigger, [*places[which % 2 :], twice])
