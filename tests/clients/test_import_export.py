"""A tenant exported by auth0-deploy-cli, in both its forms, becomes a repository that plans nothing in that tenant but
the recording of a commit. The tenant is that of the example repository, and one of the client's own configuration."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.engine import trailer
from tests.clients.deploy_cli import HERE, DeployCli, installed
from tests.clients.served import served_tenant
from tests.local.tenant.opened import ACTIONS, Session, opened
from tests.run.conftest import Home

pytestmark = pytest.mark.registry

EXAMPLE = Path(__file__).parent.parent.parent / "example-repo"
TENANT = "type: local\nserver: .reconciler/served/one/tenant.json\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty repository that knows its tenant."""
    made = Home(tmp_path / "home")
    made.folder.mkdir()
    made.git("init", "-q", "-b", "main")
    made.write("tenants/local.yaml", TENANT)
    return made


@pytest.fixture
def client(home: Home) -> Iterator[DeployCli]:
    with served_tenant(home.folder / ".reconciler/served/one") as served:
        yield DeployCli(installed(), served)


def planned(home: Home, capsys: pytest.CaptureFixture[str]) -> Any:
    """The plan of what was imported and committed."""
    home.commit("import")
    assert home.reconciler("validate") == 0
    capsys.readouterr()
    assert home.reconciler("plan", "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("form", ["directory", "yaml"])
def test_an_export_of_the_client_becomes_a_repository_that_plans_nothing(
    home: Home, client: DeployCli, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    client.run("import", "--input_file", str(HERE / "configuration"), TOKEN="hush-hush")
    exported = client.exported(tmp_path / "exported", form)
    source = exported if form == "directory" else exported / "tenant.yaml"
    assert home.reconciler("import", "--tenant", "local", "--name", "acme", "--from-a0deploy", str(source)) == 0
    plan = planned(home, capsys)
    assert (plan["actions"], plan["flows"], plan["unstamped"]) == ([], [], ["count", "greet"])
    locked = json.loads((home.folder / "reconciler.lock").read_text())["actions"]["count"]
    assert locked["ranges"] == locked["versions"] == {"ms": "2.1.3"}
    assert locked["packages"][0]["integrity"].startswith("sha512-")


def test_the_tenant_of_the_example_becomes_a_repository_that_plans_nothing(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns(".reconciler"))
    example = Home(tmp_path / "example")
    example.git("init", "-q", "-b", "main")
    example.commit("first")
    assert example.reconciler("apply", "--yes") == 0
    folder = example.folder / ".reconciler" / "tenants" / "local"
    asyncio.run(_without_provenance(folder))
    (home.folder / "tenants/local.yaml").unlink()
    shutil.copytree(example.folder / ".reconciler", home.folder / ".reconciler")
    assert home.reconciler("import", "--tenant", "local", "--name", "acme", "--local") == 0
    plan = planned(home, capsys)
    names = ["block-disposable-email", "enrich-token", "notify-slack"]
    assert (plan["actions"], plan["flows"], plan["unstamped"]) == ([], [], names)
    for name in names:
        code = f"actions/{name}/code.js"
        assert (home.folder / code).read_text() == (example.folder / code).read_text()
    assert _packages(home) == _packages(example)
    for path in ("flows/post-login.yaml", "flows/pre-user-registration.yaml"):
        assert "bindings:" in (home.folder / path).read_text()


def _packages(home: Home) -> Any:
    return json.loads((home.folder / "reconciler.lock").read_text())["actions"]["notify-slack"]["packages"]


async def _without_provenance(folder: Path) -> None:
    """As if the same had been made by hand: every action deployed once more without git's line."""

    async def no_change(_: Any) -> Path:
        return folder

    async with opened(folder, install=no_change) as session:
        for action in (await session.answer("GET", ACTIONS))["actions"]:
            code, _ = trailer.split(action["code"])
            await session.answer("PATCH", f"{ACTIONS}/{action['id']}", {"code": code})
            await session.built()
            await session.deploy(action["id"])
        await _settled(session)


async def _settled(session: Session) -> None:
    while not all(each["deployed_version"]["deployed"] for each in (await session.answer("GET", ACTIONS))["actions"]):
        await asyncio.sleep(0.02)
