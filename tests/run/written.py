"""A generated repository as the files that say the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from reconciler.desired import atomic
from reconciler.desired.load import load_repository
from reconciler.desired.lock import FILE, render_lock
from reconciler.desired.tree import Worktree
from reconciler.model.action import Action, Secret
from reconciler.model.module import Module
from reconciler.model.tenant import Desired
from reconciler.run.lock import lock_of

KEYS = {"e" * 16: "token", "f" * 16: "other"}
"""Which key of the SOPS file stands for the fingerprint of a generated secret."""


def write_repository(folder: Path, wanted: Desired) -> None:
    """Puts the actions, modules, flows and the lock in place of those that are there. JSON is YAML, too."""
    for kind in ("actions", "modules", "flows"):
        shutil.rmtree(folder / kind, ignore_errors=True)
    for action in wanted.actions:
        _write(folder / action.path / "action.yaml", _action(action))
        _put(folder / action.path / "code.js", action.content.code)
    for module in wanted.modules:
        _write(folder / module.path / "module.yaml", _packed(module))
        _put(folder / module.path / "code.js", module.content.code)
    for flow in wanted.flows:
        bindings = [{"action": each.action, "display_name": each.display_name} for each in flow.bindings]
        said = {"trigger": flow.trigger, "bindings": bindings, "unmanaged": flow.unmanaged}
        _write(folder / "flows" / f"{flow.trigger}.yaml", said)
    lock = lock_of(load_repository(Worktree(folder)), {})
    atomic.write(folder / FILE, render_lock(lock).encode())


def _action(action: Action) -> dict[str, Any]:
    uses = {use.name: use.number or "latest" for use in action.content.modules}
    about = {"trigger": action.content.trigger.id, "runtime": action.content.runtime, "modules": uses}
    return _packed(action) | about


def _packed(one: Action | Module) -> dict[str, Any]:
    return {"name": one.name, "secrets": {secret.name: _secret(secret) for secret in one.secrets}}


def _secret(secret: Secret) -> Any:
    if secret.kind == "keep":
        return {"keep": True}
    return {"value": secret.fingerprint} if secret.kind == "plain" else KEYS[secret.fingerprint]


def _write(path: Path, said: dict[str, Any]) -> None:
    _put(path, json.dumps(said))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
