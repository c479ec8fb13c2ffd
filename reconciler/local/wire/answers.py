"""How an answer of the Management API looks on the wire, apart from what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

JSON = "application/json; charset=utf-8"

HEADERS = {
    "Cache-Control": "no-cache",
    "Strict-Transport-Security": "max-age=31536000",
    "Vary": "origin,accept-encoding",
    "X-Content-Type-Options": "nosniff",
}
"""Seen on a real reply of the actions service (wire.md, section 0); those of tracing and of the network in front of
the platform are left out."""


def json_answer(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer with the platform's headers."""
    return JSONResponse(body, status, headers={**HEADERS, **(headers or {})}, media_type=JSON)


def empty_answer(status: int) -> Response:
    """An answer without a body, as to a DELETE."""
    return Response(status_code=status, headers=HEADERS)
