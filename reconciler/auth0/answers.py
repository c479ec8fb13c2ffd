"""What an answer says, whatever it is: a tenant's JSON, a proxy's page, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx

from reconciler.errors import Rejected

SHOWN = 300
HIDDEN = "<secret>"


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


def _words(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    return str(body.get("message") or body.get("error_description") or body.get("error") or "")
