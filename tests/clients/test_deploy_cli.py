"""`auth0-deploy-cli` imports, previews, exports and deletes actions, triggers and modules, over https."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clients.deploy_cli import HERE, DeployCli, installed
from tests.clients.served import ServedTenant, served_tenant

pytestmark = pytest.mark.registry

CONFIGURATION = HERE / "configuration"
MADE_BY_TENANT = {"status", "latest_version_number", "actions_using_module_total"}
"""What an export holds and a configuration does not have to say."""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[DeployCli]:
    with served_tenant(tmp_path / "tenant") as served:
        yield DeployCli(installed(), served)


def test_a_configuration_is_previewed_imported_exported_and_taken_back(client: DeployCli, tmp_path: Path) -> None:
    """One story, since every run of the client takes two seconds before it says a word."""
    preview = client.run("import", "--dry-run", "--input_file", str(CONFIGURATION))
    assert _rows(preview) == ["CREATE spare", "CREATE words", "CREATE count", "CREATE greet", "UPDATE unnamed resource"]
    assert client.tenant.read("logs") == []

    client.run("import", "--input_file", str(CONFIGURATION), TOKEN="hush-hush")
    assert _running(client.tenant) == {
        "post-login": [("Greet who comes", "greet", 1), ("Greet again", "greet", 1)],
        "credentials-exchange": [("count", "count", 1)],
    }
    assert _modules(client.tenant) == {"spare": None, "words": 1}
    assert {entry["user_agent"].split()[0] for entry in client.tenant.read("logs")} == {"deploy-cli/8.44.0"}
    secrets = _secrets(client.tenant)
    assert "hush-hush" not in json.dumps(client.tenant.read("logs"))

    exported = client.exported(tmp_path / "exported")
    assert _content(exported) == _content(CONFIGURATION)
    assert "No changes detected." in client.run("import", "--dry-run", "--input_file", str(exported))

    less = _without(exported, "actions/count.json", "action-modules/spare.json")
    kept = client.run("import", "--input_file", str(less), AUTH0_ALLOW_DELETE="false")
    assert "Detected the following actions should be deleted" in kept
    assert _running(client.tenant) == {"post-login": [], "credentials-exchange": []}
    assert _modules(client.tenant) == {"spare": None, "words": 2}

    client.run("import", "--input_file", str(less), AUTH0_ALLOW_DELETE="true")
    assert [action["name"] for action in client.tenant.read("actions/actions")["actions"]] == ["greet"]
    assert _modules(client.tenant) == {"words": 3}
    assert _secrets(client.tenant) == secrets  # named without a value, each keeps the one it had


def test_an_export_holds_what_it_is_restricted_to_and_waits_out_the_limits_of_a_free_tenant(tmp_path: Path) -> None:
    with served_tenant(tmp_path / "tenant", "--rate", "free") as served:
        client = DeployCli(installed(), served)
        said = client.run("export", "--format", "yaml", "--output_folder", str(tmp_path), included=("triggers",))
        limited = [entry["type"] for entry in served.read("logs")]
    assert "Retrieving triggers data" in said
    assert yaml.safe_load((tmp_path / "tenant.yaml").read_text()) == {"triggers": {}}
    assert "api_limit" in limited


def test_an_export_of_everything_steps_over_what_the_token_may_not_see(client: DeployCli, tmp_path: Path) -> None:
    exported = client.exported(tmp_path / "whole", "yaml", included=())
    assert {"actions": [], "triggers": {}}.items() <= yaml.safe_load((exported / "tenant.yaml").read_text()).items()
    nothing = client.exported(tmp_path / "none", "yaml", AUTH0_ACCESS_TOKEN=client.tenant.token("read:logs"))
    assert yaml.safe_load((nothing / "tenant.yaml").read_text()) == {}


def _rows(preview: str) -> list[str]:
    """The rows of a preview: what would be done to what."""
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in preview.splitlines() if line.startswith("│ ")]
    return [f"{status} {name}" for _, status, name in cells[1:]]


def _running(tenant: ServedTenant) -> dict[str, list[tuple[str, str, int]]]:
    """The two flows: what each binding is called, its action, and the version that runs."""
    flows = {name: tenant.read(f"actions/triggers/{name}/bindings")["bindings"] for name in _TRIGGERS}
    return {name: [_running_binding(each) for each in bindings] for name, bindings in flows.items()}


_TRIGGERS = ("post-login", "credentials-exchange")


def _running_binding(binding: dict[str, Any]) -> tuple[str, str, int]:
    action = binding["action"]
    return binding["display_name"], action["name"], action["deployed_version"]["number"]


def _secrets(tenant: ServedTenant) -> dict[str, Any]:
    """The secrets of the actions that have some: their names, and when each was written."""
    listed = tenant.read("actions/actions")["actions"]
    return {action["name"]: action["secrets"] for action in listed if action["secrets"]}


def _modules(tenant: ServedTenant) -> dict[str, int | None]:
    """The latest version of every module."""
    listed = tenant.read("actions/modules")["modules"]
    return {module["name"]: module.get("latest_version_number") for module in listed}


def _content(folder: Path) -> dict[str, Any]:
    """What a configuration says, by file, without values of secrets."""
    read: dict[str, Any] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = file.read_text()
        read[str(file.relative_to(folder))] = _said(json.loads(text)) if file.suffix == ".json" else text
    return read


def _said(document: dict[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in document.items() if key not in MADE_BY_TENANT}
    return said | ({"secrets": [each["name"] for each in said["secrets"]]} if "secrets" in said else {})


def _without(exported: Path, *files: str) -> Path:
    """A copy of the configuration without these files, and with empty flows."""
    less = exported.with_name("less")
    shutil.copytree(exported, less)
    for file in files:
        (less / file).unlink()
    (less / "triggers" / "triggers.json").write_text(json.dumps({name: [] for name in _TRIGGERS}))
    return less
