"""What is written on commits: checks, statuses, deployments."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.github.standin.door import Visit, paged
from tests.github.standin.refusals import Refused, invalid, no, not_as_described, not_found, refused
from tests.github.standin.state import Check, Deployment, DeploymentStatus, Status

ANNOTATIONS = 50
OUTPUT = 65_535
MESSAGE = 64 * 1024
DESCRIPTION = 140
STATUSES = 1000
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")
STATES = ("error", "failure", "inactive", "in_progress", "queued", "pending", "success")


async def list_checks(visit: Visit) -> Response:
    """`filter` is latest (default: the newest of an app's name) or all."""
    visit.needs("read", "checks")
    asked = visit.request.query_params
    name = asked.get("check_name")
    found = [
        each for each in visit.state.checks.values() if each.sha == visit.text("sha") and name in (None, each.name)
    ]
    if asked.get("filter", "latest") == "latest":
        found = list({(each.app, each.name): each for each in found}.values())
    return paged(visit, [visit.shapes.check(each) for each in reversed(found)], "check_runs")


async def create_check(visit: Visit) -> Response:
    visit.needs("write", "checks")
    if not visit.token.app:
        raise no(403, "You must authenticate via a GitHub App.")
    sent = await visit.body()
    if not isinstance(sent.get("name"), str) or not sent["name"]:
        raise not_as_described("For 'properties/name', nil is not a string.")
    now, output = visit.state.tick(), _output(sent)
    conclusion = _conclusion(sent)
    made = Check(
        id=next(visit.state.ids),
        sha=_commit(sent.get("head_sha", "")),
        name=sent["name"],
        status="completed" if conclusion else sent.get("status", "queued"),
        conclusion=conclusion,
        title=output.get("title"),
        summary=output.get("summary"),
        external_id=sent.get("external_id", ""),
        details_url=_url(sent.get("details_url", "https://github.com/apps/github-actions")),
        app=visit.token.app,
        annotations=output.get("annotations", []),
        started_at=sent.get("started_at", now),
        completed_at=sent.get("completed_at", now) if conclusion else None,
    )
    visit.state.checks[made.id] = made
    return _created(visit.shapes.check(made))


async def update_check(visit: Visit) -> Response:
    """Annotations come on top of those that are there; only the app that made a check may change it."""
    visit.needs("write", "checks")
    check = visit.state.checks.get(visit.number("check"))
    if check is None:
        raise not_found()
    if check.app != visit.token.app:
        raise no(403, "Invalid app_id `1` - check run can only be modified by the GitHub App that created it.")
    sent = await visit.body()
    output, conclusion = _output(sent), _conclusion(sent)
    check.title, check.summary = output.get("title", check.title), output.get("summary", check.summary)
    check.annotations += output.get("annotations", [])
    check.external_id = sent.get("external_id", check.external_id)
    now = visit.state.tick()
    if conclusion:
        check.status, check.conclusion, check.completed_at = "completed", conclusion, now
    return JSONResponse(visit.shapes.check(check))


async def list_statuses(visit: Visit) -> Response:
    """Newest first."""
    visit.needs("read", "statuses")
    found = [each for each in visit.state.statuses if each.sha == visit.text("sha")]
    return paged(visit, [visit.shapes.status(each) for each in reversed(found)])


async def create_status(visit: Visit) -> Response:
    visit.needs("write", "statuses")
    sha, sent = _commit(visit.text("sha")), await visit.body()
    context = sent.get("context", "default")
    if sent.get("state") not in ("error", "failure", "pending", "success"):
        raise invalid("Status", "state", "custom", "state is not included in the list")
    if len(sent.get("description") or "") > DESCRIPTION:
        raise invalid("Status", "description", "custom", _too_long(DESCRIPTION))
    if sum((each.sha, each.context) == (sha, context) for each in visit.state.statuses) >= STATUSES:
        message = "This SHA and context has reached the maximum number of statuses."
        raise Refused(
            refused(422, "Validation Failed", errors=[{"resource": "Status", "code": "custom", "message": message}])
        )
    now = visit.state.tick()
    made = Status(
        id=next(visit.state.ids),
        sha=sha,
        context=context,
        state=sent["state"],
        description=sent.get("description"),
        target_url=_url(sent.get("target_url")),
        creator=visit.token.login,
        created_at=now,
    )
    visit.state.statuses.append(made)
    return _created(visit.shapes.status(made))


async def list_deployments(visit: Visit) -> Response:
    """Newest first."""
    visit.needs("read", "deployments")
    asked = visit.request.query_params
    found = [
        each
        for each in visit.state.deployments.values()
        if all(
            asked.get(name, "none") in ("none", getattr(each, name)) for name in ("sha", "ref", "task", "environment")
        )
    ]
    return paged(visit, [visit.shapes.deployment(each) for each in reversed(found)])


async def create_deployment(visit: Visit) -> Response:
    """Without `required_contexts: []`, every check and status of the commit has to be a success first."""
    visit.needs("write", "deployments")
    sent = await visit.body()
    if not sent.get("ref"):
        raise invalid("Deployment", "ref", "missing_field")
    sha = visit.state.branches.get(sent["ref"]) or _commit(sent["ref"])
    if sent.get("required_contexts") != [] and not _green(visit, sha):
        raise no(409, f"Conflict: Commit status checks failed for {sent['ref']}.")
    made = Deployment(
        id=next(visit.state.ids),
        sha=sha,
        ref=sent["ref"],
        task=sent.get("task", "deploy"),
        environment=sent.get("environment", "production"),
        description=sent.get("description"),
        payload=sent.get("payload", {}),
        creator=visit.token.login,
        created_at=visit.state.tick(),
    )
    visit.state.deployments[made.id] = made
    return _created(visit.shapes.deployment(made))


async def list_deployment_statuses(visit: Visit) -> Response:
    """Newest first."""
    visit.needs("read", "deployments")
    deployment = visit.state.deployments.get(visit.number("deployment"))
    if deployment is None:
        raise not_found()
    return paged(visit, [visit.shapes.deployment_status(deployment, each) for each in reversed(deployment.statuses)])


async def create_deployment_status(visit: Visit) -> Response:
    visit.needs("write", "deployments")
    deployment = visit.state.deployments.get(visit.number("deployment"))
    if deployment is None:
        raise not_found()
    sent = await visit.body()
    if sent.get("state") not in STATES:
        raise invalid("DeploymentStatus", "state", "custom", "state is not included in the list")
    if len(sent.get("description", "")) > DESCRIPTION:
        raise invalid("DeploymentStatus", "description", "custom", _too_long(DESCRIPTION))
    made = DeploymentStatus(
        id=next(visit.state.ids),
        state=sent["state"],
        description=sent.get("description", ""),
        log_url=_url(sent.get("log_url", "")) or "",
        environment=sent.get("environment", deployment.environment),
        creator=visit.token.login,
        created_at=visit.state.tick(),
    )
    deployment.statuses.append(made)
    return _created(visit.shapes.deployment_status(deployment, made))


def _created(shown: dict[str, Any]) -> Response:
    return JSONResponse(shown, 201, {"location": shown["url"]})


def _commit(sha: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{40}", sha):
        raise no(422, f"No commit found for SHA: {sha}")
    return sha


def _url(url: Any) -> Any:
    if url and not re.match(r"https?://", url):
        raise invalid("Status", "target_url", "custom", "target_url must use http(s) scheme")
    return url


def _too_long(most: int) -> str:
    return f"description is too long (maximum is {most} characters)"


def _green(visit: Visit, sha: str) -> bool:
    checks = visit.state.checks_of(sha).values()
    contexts = {each.context: each.state for each in visit.state.statuses if each.sha == sha}
    return all(check.conclusion == "success" for check in checks) and set(contexts.values()) <= {"success"}


def _conclusion(sent: dict[str, Any]) -> str | None:
    conclusion: str | None = sent.get("conclusion")
    if conclusion is None and sent.get("status") == "completed":
        raise not_as_described('Missing required key "conclusion".')
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise not_as_described(f"For 'properties/conclusion', {conclusion} is not a member of {list(CONCLUSIONS)}.")
    return conclusion


def _output(sent: dict[str, Any]) -> dict[str, Any]:
    output: dict[str, Any] = sent.get("output", {})
    if "output" not in sent:
        return output
    if not output.get("title") or not output.get("summary"):
        raise not_as_described('Missing required keys "summary, title".')
    notes = output.get("annotations", [])
    if len(notes) > ANNOTATIONS:
        raise not_as_described(f"No more than {ANNOTATIONS} items are allowed; {len(notes)} were supplied.")
    for name in ("summary", "text"):
        text = output.get(name) or ""
        if len(text) > OUTPUT:
            raise not_as_described(f"Only {OUTPUT} characters are allowed; {len(text)} were supplied.")
        if len(text.encode()) > OUTPUT:
            raise invalid("CheckRun", name, "custom", f"{name} exceeds a maximum bytesize of {OUTPUT}")
    for note in notes:
        _check_annotation(note)
    return output


def _check_annotation(note: dict[str, Any]) -> None:
    missing = {"path", "start_line", "end_line", "annotation_level", "message"} - {key for key in note if note[key]}
    if missing:
        raise not_as_described(f'Missing required keys "{", ".join(sorted(missing))}".')
    if note["annotation_level"] not in ("notice", "warning", "failure"):
        raise not_as_described(f'{note["annotation_level"]} is not a member of ["notice", "warning", "failure"].')
    if len(note["message"].encode()) > MESSAGE:
        raise invalid("CheckAnnotation", "message", "custom", f"message exceeds a maximum bytesize of {MESSAGE}")
    if len(note.get("title", "")) > 255:
        raise invalid("CheckAnnotation", "title", "custom", "title is too long (maximum is 255 characters)")
    if note["start_line"] < 1 or note["end_line"] < note["start_line"]:
        raise not_as_described("start_line is not at least 1.")
    if note["start_line"] != note["end_line"] and {"start_column", "end_column"} & set(note):
        raise not_as_described("Columns are only for annotations of one line.")
