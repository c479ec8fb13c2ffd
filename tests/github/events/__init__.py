"""Event payloads as GitHub's webhooks send them: `event("pull_request.opened")`.

They are examples of the npm package @octokit/webhooks-examples 7.6.1 (MIT licence, https://github.com/octokit/webhooks),
unchanged but for `installation`, which is sent to apps only. A workflow that a schedule starts is given no webhook's
payload: `schedule` is empty. What no example has is derived here, in code, from one that is real.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def event(name: str) -> dict[str, Any]:
    """A payload of one's own to change: pull_request.opened, pull_request.synchronize, pull_request.closed, push,
    merge_group, workflow_dispatch or schedule."""
    payload: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return payload


def from_a_fork(payload: dict[str, Any], full_name: str = "mallory/Hello-World") -> dict[str, Any]:
    """The same event for a branch that lives in a fork."""
    owner, name = full_name.split("/")
    head = payload["pull_request"]["head"]
    head["repo"] |= {"id": 1, "name": name, "full_name": full_name, "fork": True}
    head["repo"]["owner"] = head["user"] = head["user"] | {"login": owner}
    head["label"] = f"{owner}:{head['ref']}"
    return payload


def merged(payload: dict[str, Any], sha: str) -> dict[str, Any]:
    """The closing of a pull request that was merged as `sha`."""
    payload["pull_request"] |= {
        "merged": True,
        "merge_commit_sha": sha,
        "merged_at": payload["pull_request"]["closed_at"],
    }
    return payload
