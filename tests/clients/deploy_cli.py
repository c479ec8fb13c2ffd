"""`auth0-deploy-cli` of npm, installed once into .reconciler/, which git ignores, and run as its users run it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.npm import node_executable, npm_script
from tests.clients.served import ServedTenant

HERE = Path(__file__).parent
_MANIFEST, _LOCK = HERE / "package.json", HERE / "package-lock.json"
_STORE = HERE.parent.parent / ".reconciler" / "clients"
_MAIN = "node_modules/auth0-deploy-cli/lib/index.js"
_PATIENCE_SECONDS = 180
INCLUDED = ("actions", "triggers", "actionModules")


@dataclass(frozen=True)
class DeployCli:
    """The client, to be run against one tenant."""

    main: Path
    tenant: ServedTenant

    def run(self, *arguments: str, included: tuple[str, ...] = INCLUDED, **environ: str) -> str:
        """What it says; it must succeed. `included` are the types of resources that it is restricted to, empty for
        none; `environ` are settings and the keywords that its configuration names."""
        settings = {
            "AUTH0_DOMAIN": self.tenant.domain,
            "AUTH0_CLIENT_ID": self.tenant.client_id,
            "AUTH0_CLIENT_SECRET": self.tenant.client_secret,
            "NODE_EXTRA_CA_CERTS": self.tenant.ca,
        }
        if included:
            settings["AUTH0_INCLUDED_ONLY"] = json.dumps(included)
        command = [str(node_executable()), "--require", str(HERE / "without_prompts.js"), str(self.main), *arguments]
        done = subprocess.run(
            command,
            env={"PATH": os.environ["PATH"], **settings, **environ},
            cwd=self.main.parent,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )
        said = _plain(done.stdout + done.stderr)
        assert done.returncode == 0, said
        return said

    def exported(self, folder: Path, form: str = "directory", **environ: Any) -> Path:
        """The tenant's configuration, in that folder."""
        self.run("export", "--format", form, "--output_folder", str(folder), **environ)
        return folder


def installed() -> Path:
    """The client's main file. It is installed where it is not yet, exactly as locked, each package held against its
    hash; the registry is the one that npm is configured for."""
    final = _STORE / hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:16]
    if not final.is_dir():
        _STORE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=_STORE) as name:
            folder = Path(name) / "tree"
            folder.mkdir()
            for file in (_MANIFEST, _LOCK):
                shutil.copy(file, folder)
            _npm_ci(folder)
            try:
                folder.rename(final)
            except OSError:  # another worker was quicker
                assert final.is_dir()
    return final / _MAIN


def _npm_ci(folder: Path) -> None:
    flags = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    command = [str(node_executable()), str(npm_script()), "ci", *flags]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
