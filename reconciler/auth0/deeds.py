"""Reads who did what from the tenant log (`sapi` entries). Sources: wire.md, section 6; recordings go__TestLogManager*.

How the dashboard's calls look (`auth.user`, `channel`) is from Auth0's documentation; the recordings hold only calls of
machines, whose `auth.user` is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reconciler.auth0.client import Client
from reconciler.catalogue import limits
from reconciler.errors import Rejected
from reconciler.model.deed import Author, Deed, Deeds, Verb

LOGS = "/api/v2/logs"
OURS = "reconciler/"
"""How the user agent of this program begins."""

PAGES = limits.LOG_RESULTS // limits.LOGS_PER_PAGE

_VERBS: tuple[tuple[str, str, Verb], ...] = (
    ("post", r"actions/actions", "created"),
    ("patch", r"actions/actions/(?P<action>[^/]+)", "edited"),
    ("delete", r"actions/actions/(?P<action>[^/]+)", "deleted"),
    ("post", r"actions/actions/(?P<action>[^/]+)/deploy", "deployed"),
    ("post", r"actions/actions/(?P<action>[^/]+)/versions/[^/]+/deploy", "redeployed"),
    ("patch", r"actions/triggers/(?P<trigger>[^/]+)/bindings", "bound"),
    ("post", r"actions/modules", "created"),
    ("patch", r"actions/modules/(?P<module>[^/]+)", "edited"),
    ("delete", r"actions/modules/(?P<module>[^/]+)", "deleted"),
    ("post", r"actions/modules/(?P<module>[^/]+)/versions", "published"),
    ("post", r"actions/modules/(?P<module>[^/]+)/rollback", "restored"),
)


async def read_deeds(client: Client, *, since: str = "", until: str = "") -> Deeds:
    """What was done to actions, modules and flows between two instants (RFC 3339, empty for no bound), newest first.

    Reads at most 1000 entries, which is all that a search reaches; `since` of the answer says how far back they go. A
    tenant that refuses the search is read without one. Raises a TenantError where the log may not be read.
    """
    try:
        return await _searched(client, _search(since, until), since)
    except Rejected as refused:
        if refused.status != 400:
            raise
    return _between(await _searched(client, None, since), since, until)


def parse_deed(raw: Mapping[str, Any]) -> Deed | None:
    """What a log entry says was done; None for an entry about something else, or of a call that was refused."""
    details = _mapping(raw.get("details"))
    request, response = _mapping(details.get("request")), _mapping(details.get("response"))
    method, path = str(request.get("method") or "").lower(), str(request.get("path") or "")
    status = response.get("statusCode")
    found = _verb(method, path)
    if raw.get("type") != "sapi" or found is None or (isinstance(status, int) and status >= 400):
        return None
    verb, parts = found
    sent, answer = _mapping(request.get("body")), _mapping(response.get("body"))
    created = str(answer.get("id") or "") if verb == "created" else ""
    module = "/modules" in path
    return Deed(
        author=_author(raw, request, verb),
        method=method.upper(),
        path=path,
        status=status if isinstance(status, int) else 0,
        action_id=parts.get("action") or ("" if module else created),
        module_id=parts.get("module") or (created if module else ""),
        trigger=parts.get("trigger") or "",
        name=str(sent.get("name") or answer.get("name") or _mapping(answer.get("action")).get("name") or ""),
        number=_number(verb, answer),
    )


async def _searched(client: Client, search: str | None, since: str) -> Deeds:
    query = {"q": search} if search else {}
    deeds: list[Deed] = []
    oldest = ""
    for page in range(PAGES):
        entries = parse_entries(await client.read(LOGS, page=page, per_page=limits.LOGS_PER_PAGE, **query))
        deeds += [deed for entry in entries if (deed := parse_deed(entry)) is not None]
        oldest = str(entries[-1].get("date") or "") if entries else oldest
        if len(entries) < limits.LOGS_PER_PAGE or oldest < since:
            return Deeds(deeds=tuple(deeds), since=since)
    return Deeds(deeds=tuple(deeds), since=oldest)


def parse_entries(raw: Any) -> tuple[Mapping[str, Any], ...]:
    """The entries of one answer; raises Rejected for what is no list of them."""
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        raise Rejected("The tenant answered with no list of log entries.", "Check what the domain leads to.")
    return tuple(raw)


def _search(since: str, until: str) -> str:
    if not since and not until:
        return "type:sapi"
    first, last = (f'"{each}"' if each else "*" for each in (since, until))
    return f"type:sapi AND date:[{first} TO {last}]"


def _between(read: Deeds, since: str, until: str) -> Deeds:
    deeds = tuple(deed for deed in read.deeds if since <= deed.at and (not until or deed.at <= until))
    return Deeds(deeds=deeds, since=read.since)


def _verb(method: str, path: str) -> tuple[Verb, Mapping[str, str]] | None:
    for wanted, pattern, verb in _VERBS:
        match = re.fullmatch(f"/api/v2/{pattern}/?", path)
        if method == wanted and match:
            return verb, match.groupdict()
    return None


def _author(raw: Mapping[str, Any], request: Mapping[str, Any], verb: Verb) -> Author:
    user = _mapping(_mapping(request.get("auth")).get("user"))
    agent = str(request.get("userAgent") or raw.get("user_agent") or "")
    return Author(
        did=verb,
        at=str(raw.get("date") or ""),
        client_id=str(raw.get("client_id") or ""),
        client_name=str(raw.get("client_name") or ""),
        user=str(user.get("email") or user.get("name") or user.get("user_id") or raw.get("user_name") or ""),
        ip=str(request.get("ip") or raw.get("ip") or ""),
        user_agent=agent,
        channel=str(request.get("channel") or ""),
        ours=agent.startswith(OURS),
    )


def _number(verb: Verb, answer: Mapping[str, Any]) -> int:
    """The number of the version that the call made, as its answer says."""
    made = _mapping(answer.get("deployed_version")) if verb == "created" else answer
    number = made.get("version_number" if verb == "published" else "number")
    return number if isinstance(number, int) else 0


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
