"""How the tool is used every day, told once from the first push to the last: what people see on GitHub, and what runs
in the tenant."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.ci.deploying import World, deployed_template, world
from tests.github.standin.state import Check, Issue, Pull
from tests.report.pipeline.seen import html_of
from tests.run.attempts import Scene
from tests.run.drifting import Hands

__all__ = ["deployed_template", "world"]

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
CODE = "actions/greet/code.js"
CLAIM = "api.idToken.setCustomClaim('hello', event.user.email);"
GREETED = "api.idToken.setCustomClaim('hello', `dear ${event.user.email}`);"
EXPECTED = "args: [hello, ada@example.com]"
RIGHT = "args: [hello, dear ada@example.com]"
PAGE = """<!doctype html><meta charset="utf-8"><title>What people see</title><style>
body {{ font: 14px/1.5 sans-serif; max-width: 880px; margin: 1em auto; }} pre {{ background: #f6f8fa; padding: 1em; }}
section {{ border: 1px solid #ccc; border-radius: 6px; padding: 0 1em; margin: 1em 0; }}</style>{sections}"""


@pytest.fixture(autouse=True)
def remote(world: World, tmp_path: Path) -> Iterator[Path]:
    """The repository has a remote, which knows its main branch."""
    bare = tmp_path / "remote.git"
    world.home.git("clone", "-q", "--bare", str(world.home.folder), str(bare))
    world.home.git("remote", "add", "origin", str(bare))
    world.home.git("fetch", "-q", "origin")
    yield bare


def pushed(world: World, pull: Pull, *edits: tuple[str, str, str]) -> None:
    """Another push to the branch of a pull request, which is planned anew."""
    world.home.git("checkout", "-q", pull.branch)
    for path, old, new in edits:
        world.home.change(path, old, new)
    pull.sha = world.home.commit("Once more")
    world.home.git("checkout", "-q", "main")


def checked(world: World, pull: Pull, command: str) -> Check:
    """What a stage that needs no tenant says of the head of a pull request."""
    payload = world.pull_event(pull)
    world.home.git("checkout", "-q", "--detach", pull.sha)
    world.job(command, event="pull_request", payload=payload, ref=f"refs/pull/{pull.number}/merge")
    world.home.git("checkout", "-q", "main")
    return world.check(f"reconciler / {command}", pull.sha)


def drifting(world: World, tmp_path: Path) -> Issue | None:
    """What a scheduled run leaves of issues."""
    world.home.git("checkout", "-q", "main")
    world.job("drift", "--seen", str(tmp_path / "seen.json"), event="schedule", payload={})
    return next(iter(world.github.state.issues.values()), None)


def test_from_a_pull_request_to_a_deploy_and_from_drift_to_an_issue(world: World, tmp_path: Path) -> None:
    pull = world.branch("dear", CODE, CLAIM, GREETED)
    a_case_that_fails_is_shown_at_its_line(world, pull)
    first, seen_first = a_push_shows_its_plan(world, pull)
    pushed(world, pull, ("actions/greet/cases.yaml", EXPECTED, RIGHT), (CODE, "exports.", "// greets\nexports."))
    assert checked(world, pull, "test").conclusion == "success"
    assert checked(world, pull, "validate").conclusion == "success"
    second, seen_second = a_push_shows_its_plan(world, pull)
    assert first == second and seen_first != seen_second and "+// greets" in seen_second
    a_merge_applies_just_that_plan(world, pull)
    a_tenant_that_moved_refuses_the_next(world)
    drift_opens_an_issue_changes_it_and_closes_it(world, tmp_path)
    everything_looks_as_it_should(world, [seen_second], tmp_path)


def a_case_that_fails_is_shown_at_its_line(world: World, pull: Pull) -> None:
    check = checked(world, pull, "test")
    (note,) = check.annotations
    assert check.conclusion == "failure"
    assert (note["path"], note["start_line"]) == ("actions/greet/cases.yaml", 1)
    assert "dear ada@example.com" in note["message"]


def a_push_shows_its_plan(world: World, pull: Pull) -> tuple[int, str]:
    checksum = world.shown(pull)
    (comment,) = world.github.state.comments_on(pull.number)
    assert checksum in comment.body and world.outputs["checksum"] == checksum
    return comment.id, comment.body


def a_merge_applies_just_that_plan(world: World, pull: Pull) -> None:
    commit = world.merge(pull, "squash")
    assert world.deploy() == 0
    assert "dear" in world.runs()
    assert [each["commit"] for each in json.loads(world.outputs["deployed-versions"])] == [commit]
    assert "greet" in world.told(pull) and commit[:12] in world.told(pull)
    assert world.deployments == [("local", ["in_progress", "success"])]


def a_tenant_that_moved_refuses_the_next(world: World) -> None:
    pull = world.greeting("again")
    approved = world.shown(pull)
    edited(world)
    before = world.runs()
    world.merge(pull)
    assert world.deploy() == 5
    assert world.runs() == before
    assert "### Not applied to `local`" in world.told(pull) and approved in world.told(pull)
    assert world.outputs["checksum"] not in ("", approved) and world.outputs["checksum"] in world.told(pull)
    assert world.deploy("--checksum", world.outputs["checksum"], event="workflow_dispatch") == 0
    assert "again" in world.runs()


def drift_opens_an_issue_changes_it_and_closes_it(world: World, tmp_path: Path) -> None:
    edited(world)
    assert drifting(world, tmp_path) is None
    opened = drifting(world, tmp_path)
    assert opened and opened.state == "open" and "edited:greet" in opened.body
    body = opened.body

    async def bound(made: Scene) -> Any:
        await Hands(made.other).bind("greet", "guard")

    world.moves(bound)
    drifting(world, tmp_path)
    changed = drifting(world, tmp_path)
    assert changed is opened and changed.body != body and "flow-reordered" in changed.body
    assert world.home.reconciler("apply", "--yes") == 0
    drifting(world, tmp_path)
    closed = drifting(world, tmp_path)
    assert closed is opened and closed.state == "closed"


def edited(world: World) -> None:
    """Somebody deploys a hotfix in the dashboard."""

    async def act(made: Scene) -> Any:
        await Hands(made.other).edit("greet", deploy=True)

    world.moves(act)


def everything_looks_as_it_should(world: World, shown: list[str], tmp_path: Path) -> None:
    """The comments and the issue in a browser, as GitHub renders them."""
    state = world.github.state
    texts = [*shown, *(each.body for each in state.comments.values()), *(each.body for each in state.issues.values())]
    page = tmp_path / "seen.html"
    sections = "".join(f"<section>{html_of(text)}</section>" for text in texts)
    page.write_text(PAGE.format(sections=sections), encoding="utf-8")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed; .ci/run installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        view = browser.new_page(viewport={"width": 960, "height": 800})
        view.goto(page.as_uri())
        assert view.locator("section").count() == len(texts)
        assert view.locator("section details:not([open]) pre").first.is_hidden()
        for summary in view.locator("section > details > summary").all():
            summary.click()
        assert view.locator("section").first.get_by_text("+// greets").is_visible()
        view.screenshot(path=tmp_path / "seen.png", full_page=True)
        browser.close()
