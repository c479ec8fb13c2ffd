"""What started a workflow: the runner's variables and the payload of the event, as one value.

Sources: docs.github.com/actions, "Variables reference" and "Events that trigger workflows"; docs.github.com/webhooks,
"Webhook events and payloads"; "Troubleshooting Dependabot on GitHub Actions" for who gets no secrets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.errors import Diagnostic, InvalidInput, Span
from reconciler.github.mapping import parse_pull
from reconciler.model.pipeline import PipelineRun, PullRequest

WITH_SECRETS = "pull_request_target"
"""The one event of a pull request that GitHub gives secrets to, whoever opened it."""

PULL_REQUESTS = ("pull_request", "pull_request_review", "pull_request_review_comment", WITH_SECRETS)
AFTER_ANOTHER = "workflow_run"
"""Starts once another workflow ended, also one of a fork's pull request, and is given secrets: GitHub's "Preventing pwn
requests" warns of that."""
DEPENDABOT = "dependabot[bot]"
SERVER = "https://github.com"

_NO_SECRETS_OF_DEPENDABOT = ("pull_request", "pull_request_review", "pull_request_review_comment", "push")
_FORMS = {
    "GITHUB_REPOSITORY": (re.compile(r"(?!\.+/)[A-Za-z0-9._-]+/(?!\.+$)[A-Za-z0-9._-]+"), "owner/name"),
    "GITHUB_SHA": (re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}"), "a commit of 40 hex digits"),
    "GITHUB_RUN_ID": (re.compile(r"\d+"), "a number"),
    "GITHUB_RUN_ATTEMPT": (re.compile(r"\d+"), "a number"),
    "GITHUB_SERVER_URL": (re.compile(r"https?://[^\s/]+(/\S*)?"), "an address"),
}


def load_run(environ: Mapping[str, str]) -> PipelineRun:
    """The run that these variables and the file GITHUB_EVENT_PATH tell of; an empty one away from GitHub.

    Raises InvalidInput with every variable that is not as GitHub sets it, or for a payload that does not tell what its
    event is known to.
    """
    repository = environ.get("GITHUB_REPOSITORY", "")
    if not repository:
        return PipelineRun()
    wrong = [_unlike(name, form) for name, (_, form) in _FORMS.items() if not _fits(name, environ.get(name, ""))]
    if wrong:
        raise InvalidInput(wrong, "the environment")
    event, payload = environ.get("GITHUB_EVENT_NAME", ""), _Payload.load(environ)
    pull = payload.pull() if event in PULL_REQUESTS else None
    actor = environ.get("GITHUB_ACTOR", "")
    return PipelineRun(
        event=event,
        repository=repository,
        sha=environ.get("GITHUB_SHA", ""),
        ref=environ.get("GITHUB_REF", ""),
        before=payload.text("before") if event == "push" else "",
        url=_run_url(environ),
        workflow=_workflow_file(environ.get("GITHUB_WORKFLOW_REF", "")),
        actor=actor,
        default_branch=payload.text("repository", "default_branch"),
        trusted=not _without_secrets(event, actor, pull),
        fork=_fork(payload, repository) if event == AFTER_ANOTHER else "",
        pull=pull,
    )


def _without_secrets(event: str, actor: str, pull: PullRequest | None) -> bool:
    """Whether GitHub keeps secrets from the run."""
    by_dependabot = actor == DEPENDABOT and event in _NO_SECRETS_OF_DEPENDABOT
    return by_dependabot or (event != WITH_SECRETS and pull is not None and pull.fork)


def _fork(payload: _Payload, repository: str) -> str:
    """The fork whose run this one follows; empty where it was a run of this repository."""
    there = payload.text("workflow_run", "head_repository", "full_name")
    return there if there.casefold() != repository.casefold() else ""


def _run_url(environ: Mapping[str, str]) -> str:
    """The page of this very attempt; the same run has another one when it is run again."""
    run, attempt = environ.get("GITHUB_RUN_ID", ""), environ.get("GITHUB_RUN_ATTEMPT", "") or "1"
    server = environ.get("GITHUB_SERVER_URL", "") or SERVER
    return f"{server.rstrip('/')}/{environ['GITHUB_REPOSITORY']}/actions/runs/{run}/attempts/{attempt}" if run else ""


def _workflow_file(ref: str) -> str:
    """`deploy.yml` of acme/identity/.github/workflows/deploy.yml@refs/heads/main."""
    found = re.search(r"/\.github/workflows/([^/@]+)@", ref)
    return found[1] if found else ""


class _Payload:
    """The JSON of an event; `path` names it in messages."""

    def __init__(self, path: str, told: Mapping[str, Any]) -> None:
        self._path = path
        self._told = told

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> _Payload:
        """What GITHUB_EVENT_PATH holds; nothing where it is not set, as no file is for some events."""
        path = environ.get("GITHUB_EVENT_PATH", "")
        if not path:
            return cls("GITHUB_EVENT_PATH", {})
        try:
            told = json.loads(Path(path).read_bytes())
        except OSError as missing:
            raise _unusable(Span(path), f"it cannot be read ({missing.strerror}).") from missing
        except json.JSONDecodeError as broken:
            raise _unusable(Span(path, broken.lineno, broken.colno), f"it is no JSON ({broken.msg}).") from broken
        except ValueError as broken:
            raise _unusable(Span(path), "it is no text.") from broken
        if not isinstance(told, dict):
            raise _unusable(Span(path), "it is no object.")
        return cls(path, told)

    def text(self, *keys: str) -> str:
        """The text there; empty where there is none."""
        value: Any = self._told
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value if isinstance(value, str) else ""

    def pull(self) -> PullRequest:
        """The pull request that the event is about."""
        try:
            return parse_pull(self._told["pull_request"])
        except KeyError as missing:
            raise _unusable(Span(self._path), f"it does not say {missing}.") from missing
        except (ValueError, TypeError) as odd:
            raise _unusable(Span(self._path), "its pull request is not told as GitHub tells one.") from odd


def _fits(name: str, value: str) -> bool:
    return not value or _FORMS[name][0].fullmatch(value) is not None


def _unlike(name: str, form: str) -> Diagnostic:
    return Diagnostic(Span(name), f"this variable is not {form}.", "GitHub sets it; take it out elsewhere.")


def _unusable(span: Span, why: str) -> InvalidInput:
    remedy = "GitHub writes it, and GITHUB_EVENT_PATH names it; take GITHUB_REPOSITORY out to run away from GitHub."
    return InvalidInput([Diagnostic(span, f"this event cannot be used: {why}", remedy)], "the event")
