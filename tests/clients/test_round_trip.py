"""A tenant made by `reconciler apply`, exported and imported by a client that knows nothing of reconciler."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients.deploy_cli import DeployCli, installed
from tests.clients.served import served_tenant
from tests.run.conftest import Home

pytestmark = pytest.mark.registry

TRIGGERS = ("post-login", "pre-user-registration", "credentials-exchange")
EXAMPLE = Path(__file__).parent.parent.parent / "example-repo"
TENANT = "type: local\nserver: .reconciler/served/{name}/tenant.json\n"
TENANT += "secrets: secrets/{secrets}.sops.yaml\nage_key_file: demo-only-age-key.txt\n"
TENANT += "guards: {{allow: [{{guard: end-of-life, reason: a runtime of another name must come through}}]}}\n"
ADDED = {
    "tenants/first.yaml": TENANT.format(name="first", secrets="local"),
    "tenants/second.yaml": TENANT.format(name="second", secrets="local"),
    "actions/cap-scopes/action.yaml": "name: cap-scopes\ntrigger: credentials-exchange\nruntime: node18-actions\n"
    'secrets: {LIMIT: {value: "3"}}\n',
    "actions/cap-scopes/code.js": "exports.onExecuteCredentialsExchange = async (event, api) => {\n"
    "  api.accessToken.setCustomClaim('https://acme.io/limit', `${event.secrets.LIMIT} \\\\ \"${'ü'}\" ##NONE##`);\n"
    "};\n",
    "flows/credentials-exchange.yaml": "trigger: credentials-exchange\nbindings:\n"
    "  - {action: cap-scopes, display_name: Cap the scopes}\n  - {action: cap-scopes, display_name: Cap them again}\n",
}


@dataclass(frozen=True)
class World:
    """The example repository with a third flow, a tenant for it, and an empty one."""

    home: Home
    first: DeployCli
    second: DeployCli


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    home = Home(tmp_path / "home")
    shutil.copytree(EXAMPLE, home.folder, ignore=shutil.ignore_patterns(".reconciler"))
    for path, text in ADDED.items():
        home.write(path, text)
    home.git("init", "-q", "-b", "main")
    home.commit("first")
    folders = (home.folder / ".reconciler" / "served" / name for name in ("first", "second"))
    with served_tenant(next(folders)) as first, served_tenant(next(folders)) as second:
        yield World(home, DeployCli(installed(), first), DeployCli(installed(), second))


def test_an_applied_tenant_exported_into_an_empty_one_differs_in_secret_values_only(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An export names secrets and cannot hold their values; each tenant has a SOPS file, and so fingerprints, of its
    own. Everything else is the same in both, down to the display names; an apply puts the values in."""
    assert world.home.reconciler("apply", "--yes", "--tenant", "first") == 0
    exported = world.first.exported(tmp_path / "exported", "yaml")
    world.second.run("import", "--input_file", str(exported / "tenant.yaml"))
    assert _bindings(world.second) == _bindings(world.first) != []

    plan = _plan(world.home, capsys)
    assert plan["flows"] == plan["kept"] == []
    assert {(change["kind"], change["name"]) for change in plan["actions"]} == {
        ("update", "cap-scopes"),
        ("update", "notify-slack"),
    }
    for change in plan["actions"]:
        assert change["why"]["reasons"] == ["secrets"]
        assert change["after"] == change["why"]["before"]
    assert _secrets(plan) == {
        ("cap-scopes", "LIMIT"),
        ("notify-slack", "LOG_LEVEL"),
        ("notify-slack", "SLACK_WEBHOOK_URL"),
    }

    assert world.home.reconciler("apply", "--yes", "--tenant", "second") == 0
    assert _plan(world.home, capsys)["actions"] == []


def _plan(home: Home, capsys: pytest.CaptureFixture[str]) -> Any:
    """What an apply would change in the second tenant, as the command tells it to programs."""
    capsys.readouterr()
    assert home.reconciler("plan", "--tenant", "second", "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def _secrets(plan: Any) -> set[tuple[str, str]]:
    """The secrets that a plan writes, each with its action."""
    return {(change["name"], each["name"]) for change in plan["actions"] for each in change["why"]["secrets"]}


def _bindings(client: DeployCli) -> list[tuple[str, str, str]]:
    """Every binding: its trigger, its action, and what it is called."""
    flows = (client.tenant.read(f"actions/triggers/{name}/bindings")["bindings"] for name in TRIGGERS)
    return [
        (each["trigger_id"], each["action"]["name"], each.get("display_name", "")) for flow in flows for each in flow
    ]
