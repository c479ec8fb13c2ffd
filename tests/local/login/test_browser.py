"""A real browser, Debian's chromium, logs in to a sample application."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from reconciler.local.registered import LoginClient, Registered
from tests.local.login.sample_application import CLIENT, Application, sample_application
from tests.local.login.served import ADA, CLAIM, PASSWORD, Place, place

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed; .ci/run installs it"),
]


@dataclass
class Sight:
    """A browser at a served tenant, with the sample application."""

    tenant: Place
    application: Application
    page: Page

    async def sign(self, email: str = ADA.email, password: str = PASSWORD) -> None:
        """Fills in the page that is open by the labels that a reader hears, and sends it."""
        await self.page.get_by_label("Email").fill(email)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button").click()

    async def claims(self) -> dict[str, Any]:
        """What the application shows once its user is in."""
        shown = await self.page.locator("#in").text_content()
        found: dict[str, Any] = json.loads(shown or "")
        return found


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests here: to start it takes seconds. Each test has cookies of its own."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield running
        await running.close()


@asynccontextmanager
async def sight(browser: Browser, folder: Path, *actions: str) -> AsyncIterator[Sight]:
    with sample_application() as application:
        client = LoginClient(CLIENT, "Sample application", callbacks=(application.callback,))
        async with place(folder, Registered(users=(ADA,), clients=(client,))) as tenant:
            application.issuer = tenant.url
            for number, code in enumerate(actions):
                await tenant.act(code.replace("APPLICATION", application.url), name=f"act-{number}")
            async with await browser.new_context(java_script_enabled=False) as context:
                context.set_default_timeout(10_000)
                yield Sight(tenant, application, await context.new_page())


async def test_a_user_logs_in_and_the_application_gets_the_claim_that_an_action_set(
    browser: Browser, tmp_path: Path
) -> None:
    sets = f"exports.onExecutePostLogin = async (e, api) => {{ api.idToken.setCustomClaim('{CLAIM}', 'gold'); }};"
    async with sight(browser, tmp_path, sets) as seen:
        await seen.page.goto(seen.application.url)
        assert await seen.page.title() == "Log in to Sample application"
        await seen.sign(password="wrong")
        assert await seen.page.get_by_role("alert").text_content() == "Wrong email or password."
        await seen.sign()
        assert (await seen.claims())[CLAIM] == "gold"
        await seen.page.goto(seen.application.url)  # the session is there: no password any more
        assert (await seen.claims())["email"] == ADA.email


async def test_a_user_signs_up_confirms_a_factor_and_comes_back_from_another_page(
    browser: Browser, tmp_path: Path
) -> None:
    asks = (
        "exports.onExecutePostLogin = async (e, api) => {"
        " api.authentication.challengeWith({ type: 'otp' }); api.redirect.sendUserTo('APPLICATION/profile'); };"
        "exports.onContinuePostLogin = async (event, api) => {"
        f" api.idToken.setCustomClaim('{CLAIM}', event.request.query.colour); }};"
    )
    async with sight(browser, tmp_path, asks) as seen:
        await seen.page.goto(seen.application.url)
        await seen.page.get_by_role("link", name="Sign up").click()
        await seen.sign("grace@example.com", "a long password")
        assert await seen.page.title() == "Confirm that it is you"
        code = await seen.page.locator("#shown").text_content()
        await seen.page.get_by_label("Code").fill(code or "")
        await seen.page.get_by_role("button").click()
        claims = await seen.claims()
        assert (claims[CLAIM], claims["email"]) == ("teal", "grace@example.com")


async def test_a_refused_user_is_told_why_by_the_application(browser: Browser, tmp_path: Path) -> None:
    denies = "exports.onExecutePostLogin = async (e, api) => { api.access.deny('Come back tomorrow.'); };"
    async with sight(browser, tmp_path, denies) as seen:
        await seen.page.goto(seen.application.url)
        await seen.sign()
        assert await seen.page.locator("#refused").text_content() == "Come back tomorrow."


async def test_pages_fit_a_phone_and_stay_where_they_are_when_something_was_wrong(
    browser: Browser, tmp_path: Path
) -> None:
    async with sight(browser, tmp_path) as seen:
        await seen.page.set_viewport_size({"width": 360, "height": 740})
        heading, card = seen.page.get_by_role("heading"), seen.page.locator("main")
        await seen.page.goto(seen.application.url)
        before = await heading.bounding_box()
        await seen.sign(password="wrong")
        assert await seen.page.get_by_label("Password").get_attribute("aria-invalid") == "true"
        assert await heading.bounding_box() == before
        await seen.page.goto(f"{seen.tenant.url}/v2/logout?returnTo=https://{'elsewhere' * 30}.example/")
        box = await card.bounding_box()
        assert box
        assert (box["x"], box["width"]) == (16, 328)
        assert await card.evaluate("card => card.scrollWidth <= card.clientWidth")
