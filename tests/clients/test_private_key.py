"""Clients that prove themselves with a private key instead of a secret (private-key JWT)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from auth0.authentication import GetToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.clients.deploy_cli import DeployCli, installed
from tests.clients.sdk import client_of
from tests.clients.served import ServedTenant, served_tenant

CLIENT_ID = "deployer"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose tenant file knows a machine by its public key; the private one lies beside it."""
    folder = tmp_path_factory.mktemp("home")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pkcs8, clear = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, clear))
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    machine: dict[str, Any] = {"client_id": CLIENT_ID, "public_key": public.decode(), "management_api": True}
    machine["grant_types"] = ["client_credentials"]
    (folder / "tenants").mkdir()
    (folder / "tenants" / "local.yaml").write_text(yaml.safe_dump({"type": "local", "clients": [machine]}))
    (folder / "reconciler.yaml").write_text("name: acme\n")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def tenant(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedTenant]:
    with served_tenant(tmp_path_factory.mktemp("tenant"), "--repo", str(home), "--tenant", "local") as served:
        yield served


def test_the_sdk_gets_a_token_by_its_key_and_the_token_is_good(
    tenant: ServedTenant, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", tenant.ca)
    asker = GetToken(tenant.domain, CLIENT_ID, client_assertion_signing_key=(home / "key.pem").read_text())
    answer = asker.client_credentials(f"https://{tenant.domain}/api/v2/")
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 86400)
    with httpx.Client(verify=tenant.trust) as own:
        assert client_of(tenant, own, answer["access_token"]).actions.triggers.list().triggers


@pytest.mark.registry
def test_deploy_cli_gets_in_by_its_key(tenant: ServedTenant, home: Path, tmp_path: Path) -> None:
    machine = DeployCli(installed(), replace(tenant, client_id=CLIENT_ID, client_secret=""))
    key = str(home / "key.pem")
    exported = machine.exported(tmp_path, "yaml", included=("actions",), AUTH0_CLIENT_SIGNING_KEY_PATH=key)
    assert yaml.safe_load((exported / "tenant.yaml").read_text()) == {"actions": []}
