"""All or nothing with modules: whichever write fails, what runs afterwards is what ran before, and the commit that was
applied before plans nothing (law 5)."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from reconciler.errors import ApplyFailed
from reconciler.local.wire.faults import Do
from reconciler.model.tenant import Live
from tests.run.attempts import FLOW, Attempt, Scene, applied, attempt, in_scene
from tests.run.conftest import Home

MODULE = "name: helper\nsecrets:\n  KEY: token\n  SIGN: {value: '!'}\n"
ACTION = "name: greet\ntrigger: post-login\nmodules: {helper: latest}\n"
CODE = "exports.onExecutePostLogin = async () => require('actions:helper');\n"

# PATCH helper, POST a version, POST second, POST a version, PATCH greet, deploy greet
WRITES = 6


@pytest.fixture
def deployed(home: Home) -> Home:
    """A tenant with a module that an action uses."""
    home.write("modules/helper/module.yaml", MODULE)
    home.write("modules/helper/code.js", "exports.one = 1;\n")
    home.write("actions/greet/action.yaml", ACTION)
    home.write("actions/greet/code.js", CODE)
    home.git("rm", "-q", "actions/greet/cases.yaml")
    assert home.reconciler("lock") == 0
    assert attempt(home, home.commit("with a module")).failure is None
    return home


def new_code(home: Home) -> str:
    """Another code of the module, and a second one that the action uses too."""
    home.write("modules/helper/code.js", "exports.one = 2;\n")
    home.write("modules/second/module.yaml", "name: second\n")
    home.write("modules/second/code.js", "exports.two = 2;\n")
    home.change("actions/greet/action.yaml", "latest", "latest, second: latest")
    assert home.reconciler("lock") == 0
    return home.commit("more of it")


def new_secret(home: Home) -> str:
    """The same, and another value of a secret."""
    home.change("modules/helper/module.yaml", "'!'", "'?'")
    return new_code(home)


def no_secrets(home: Home) -> str:
    """The same, and no secrets any more."""
    home.write("modules/helper/module.yaml", "name: helper\n")
    return new_code(home)


KINDS: tuple[tuple[Callable[[Home], str], Do], ...] = (
    (new_code, 500),
    (new_code, "drop-before"),
    (new_code, "drop-after"),
    (new_secret, 500),
    (no_secrets, 500),
)


def modules_of(live: Live) -> object:
    """What can be told of each module's draft, apart from its stamps."""
    return {
        module.name: (module.draft.content, [secret.name for secret in module.draft.secrets])
        for module in live.modules or ()
    }


@pytest.mark.parametrize("at", range(1, WRITES + 1))
@pytest.mark.parametrize(("change", "do"), KINDS)
def test_whichever_write_fails_the_tenant_is_as_before_or_as_desired(
    deployed: Home, at: int, change: Callable[[Home], str], do: Do
) -> None:
    first, second = deployed.git("rev-parse", "HEAD"), change(deployed)
    made = attempt(deployed, second, at=at, do=do)
    if made.failure is None:
        assert do == "drop-after"
        assert attempt(deployed, second).writes == []
        return
    assert made.runs == made.ran_before
    assert modules_of(made.after) == modules_of(made.before)
    assert made.failure.left == ()
    assert attempt(deployed, first).writes == []
    assert attempt(deployed, second).failure is None
    assert attempt(deployed, second).writes == []


def test_every_write_of_the_second_commit_was_tried(deployed: Home) -> None:
    assert len(attempt(deployed, new_code(deployed)).writes) == WRITES


@pytest.mark.parametrize("at", range(1, 6))
def test_the_first_apply_undone_leaves_an_empty_tenant(deployed: Home, at: int) -> None:
    assert deployed.reconciler("tenant", "reset", "--yes") == 0
    failed = attempt(deployed, "HEAD", at=at, do=500)
    assert failed.failure is not None and failed.failure.left == ()
    assert failed.runs == ({}, {FLOW: []}) and failed.after.modules == ()


@pytest.mark.parametrize("at", range(1, WRITES + 1))
@pytest.mark.parametrize("next_one", ["first", "second"])
def test_an_apply_that_was_killed_is_healed_by_the_next_whichever_commit_it_is_of(
    deployed: Home, at: int, next_one: str
) -> None:
    commits = {"first": deployed.git("rev-parse", "HEAD"), "second": new_secret(deployed)}
    in_scene(deployed, commits["second"], _killed, at=at)
    assert attempt(deployed, commits[next_one]).failure is None
    assert attempt(deployed, commits[next_one]).writes == []


@pytest.mark.parametrize("at", [2, 5])
def test_a_draft_that_somebody_edited_comes_back_as_it_was(deployed: Home, at: int) -> None:
    made = in_scene(deployed, new_secret(deployed), _edited_then_failed, at=at, do=500)
    assert made.failure is not None
    assert modules_of(made.after) == modules_of(made.before)


def test_a_draft_that_somebody_edits_meanwhile_is_left_to_them(deployed: Home) -> None:
    made: Attempt = in_scene(deployed, new_code(deployed), _edited_meanwhile, at=2)
    assert isinstance(made.failure, ApplyFailed)
    assert "The module helper was written by somebody else meanwhile" in made.failure.message
    assert made.failure.left == ("module helper: somebody else edited its draft meanwhile",)
    assert made.runs == made.ran_before


async def _edit(made: Scene) -> None:
    (there,) = await made.other.modules.read() or ()
    content = there.draft.content.model_copy(update={"code": "exports.hotfix = 1;\n"})
    await made.other.modules.update(there.id, content, None)


async def _edited_then_failed(made: Scene) -> Attempt:
    await _edit(made)
    return await applied(made)


class Killed(BaseException):
    """The process is gone: nothing can be undone."""


async def _killed(made: Scene) -> None:
    async def gone(request: httpx.Request) -> httpx.Response:
        raise Killed

    async def kill() -> None:
        made.way.handle_async_request = gone  # type: ignore[method-assign]
        raise Killed

    made.way.meanwhile = kill
    with pytest.raises(Killed):
        await applied(made)


async def _edited_meanwhile(made: Scene) -> Attempt:
    made.way.meanwhile = lambda: _edit(made)
    return await applied(made)
