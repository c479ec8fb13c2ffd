"""What an answer says, whatever it is: a tenant's JSON, a proxy's page, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

import httpx

from reconciler.errors import Rejected

SHOWN = 300
HIDDEN = "<secret>"

N = TypeVar("N")


def parse_answer(answer: httpx.Response) -> Any:
    """The JSON of an answer; raises Rejected for anything else, for that is no tenant speaking."""
    try:
        return answer.json()
    except ValueError:
        raise no_tenant(answer) from None


def no_tenant(answer: httpx.Response) -> Rejected:
    """The error for an answer that is not shaped like a tenant's."""
    return Rejected(
        f"{answer.request.url.host} does not answer as a tenant does (to {answer.request.method} "
        f"{answer.request.url.path}).",
        "Check the domain in the tenant file, and what stands between here and the tenant.",
        status=answer.status_code,
    )


def spoken(answer: httpx.Response, secrets: Iterable[str] = ()) -> str:
    """The reason an answer gives, in its own words, cut to a sane length; the secrets that were sent are taken out."""
    text = _words(answer) or answer.reason_phrase
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return text[:SHOWN]


def error_code(answer: httpx.Response) -> str:
    """The word by which the tenant names a refusal, such as `feature_not_enabled`; empty where it gives none."""
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("errorCode") or "") if isinstance(body, dict) else ""


def _words(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    return str(body.get("message") or body.get("error_description") or body.get("error") or "")


def noun(parse: Callable[[Any], N], raw: Any) -> N:
    """What an answer means; raises Rejected for one that is not shaped as the platform shapes it."""
    try:
        return parse(raw)
    except (KeyError, TypeError, AttributeError, ValueError) as odd:
        raise Rejected(
            f"The tenant answered in an unknown shape ({type(odd).__name__}).", "Check what the domain leads to."
        ) from odd


async def together(reads: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    """The results in order; the first failure stops the others and is raised by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read) for read in reads]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
