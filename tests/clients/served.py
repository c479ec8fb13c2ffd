"""`reconciler tenant serve --tls` in a process of its own, for clients that nobody here wrote."""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class ServedTenant:
    """A tenant that answers on a socket: its state is in `folder`; `ca` is what to trust."""

    folder: Path
    domain: str
    ca: str
    client_id: str
    client_secret: str

    @property
    def file(self) -> Path:
        """The tenant.json that a tenant file's `server` names."""
        return self.folder / "tenant.json"

    def token(self, scope: str = "") -> str:
        """An access token, for fewer scopes where some are named."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "audience": f"https://{self.domain}/api/v2/",
        }
        asked = fields | ({"scope": scope} if scope else {})
        answer = httpx.post(f"https://{self.domain}/oauth/token", json=asked, verify=self.trust)
        return str(answer.raise_for_status().json()["access_token"])

    @property
    def trust(self) -> ssl.SSLContext:
        """What trusts this tenant and nobody else."""
        return ssl.create_default_context(cafile=self.ca)

    def read(self, path: str) -> Any:
        """What the Management API answers to a GET, once its rate allows one."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        while True:
            answer = httpx.get(f"https://{self.domain}/api/v2/{path}", headers=headers, verify=self.trust)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return answer.raise_for_status().json()
            time.sleep(0.5)


@contextmanager
def served_tenant(folder: Path, *options: str) -> Iterator[ServedTenant]:
    """The tenant of that folder, served on a free port until the end; it must stop by itself when it is asked to."""
    command = [sys.executable, "-m", "reconciler", "tenant", "serve", "--tls", "--port", "0", "--data", str(folder)]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            told = _told(folder / "tenant.json", server)
            yield ServedTenant(
                folder, told["url"].removeprefix("https://"), told["ca"], told["client_id"], told["client_secret"]
            )
        finally:
            server.send_signal(signal.SIGINT)
            said, _ = server.communicate(timeout=_PATIENCE_SECONDS)
    assert server.returncode == 0, said


def _told(file: Path, server: subprocess.Popen[str]) -> dict[str, str]:
    """What tenant.json says, once the tenant answers."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not file.exists():
        assert server.poll() is None, server.communicate()[0]
        assert time.monotonic() < deadline, "the tenant was not served in time"
        time.sleep(0.02)
    told: dict[str, str] = json.loads(file.read_bytes())
    return told
