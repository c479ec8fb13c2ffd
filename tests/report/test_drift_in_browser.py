"""The page of drift in a real browser: the filter works, and nothing hostile runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from reconciler.report.drift_html import drift_html
from tests.report.drifts import drift, edited, hostile

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed; .ci/run installs it"),
]


async def test_the_filter_works_and_nothing_hostile_runs(tmp_path: Path) -> None:
    several = drift(edited("greet", "", ""), edited("guard", "", "", severity="low"), *hostile().findings)
    (tmp_path / "drift.html").write_text(drift_html(several), encoding="utf-8")
    said: list[str] = []
    asked: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport={"width": 360, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        await page.goto((tmp_path / "drift.html").as_uri())
        assert (await page.title()).startswith("Drift: ")
        total = len(several.findings)
        assert await page.get_by_role("status").text_content() == f"{total} of {total} shown"
        await page.get_by_label("Name or words").fill("edited GUARD")
        assert await page.get_by_role("status").text_content() == f"1 of {total} shown"
        await page.get_by_label("Name or words").fill("")
        await page.get_by_label("high").uncheck()
        assert await page.get_by_role("status").text_content() == f"1 of {total} shown"
        assert await page.locator("details.finding:visible").count() == 1
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        await browser.close()
    assert said == [] and len(asked) == 1
