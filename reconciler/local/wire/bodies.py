"""The body of a request: read whole, and understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from reconciler.local.refusal import Refusal
from reconciler.local.wire.schema import Shape

BODY_BYTES = 1_048_576
"""Most that a body may have: hapi's default."""

FORM = "application/x-www-form-urlencoded"


async def raw_body(request: Request) -> bytes:
    """The bytes; Refusal 413 where there are too many, 400 where the client went away."""
    raw = bytearray()
    try:
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > BODY_BYTES:
                raise Refusal(413, f"Payload content length greater than maximum allowed: {BODY_BYTES}")
    except ClientDisconnect:
        raise Refusal(400, "The client went away before its body was whole.") from None
    return bytes(raw)


def media_type(request: Request) -> str:
    """The kind of body that the request says it has, in lower case and without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def parsed_json(raw: bytes) -> Any:
    """The JSON value; ValueError also for what Python would let through and nobody could answer: NaN, numbers beyond
    those of a computer, half characters, brackets without end."""
    try:
        value = json.loads(raw)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        return value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parsed_form(raw: bytes) -> dict[str, str]:
    """The fields of a form, the last of each name; ValueError where it is none."""
    return dict(parse_qsl(raw.decode(), keep_blank_values=True))


def form_body(raw: bytes, shape: Shape) -> dict[str, Any]:
    """A form as the body of an operation. The OpenAPI allows forms and says no more: here a field of a list or an
    object holds JSON, a boolean is `true` or `false`, and what does not fit stays text, which the shape then refuses.
    """
    return {name: _form_value(text, shape.properties.get(name)) for name, text in parsed_form(raw).items()}


def token_fields(raw: bytes, kind: str) -> Mapping[str, Any] | None:
    """The fields of a token request, JSON or form; None where it is neither, or a form that has one twice (RFC 6749,
    section 3.2)."""
    try:
        if kind == "application/json":
            body = parsed_json(raw)
            return body if isinstance(body, dict) else None
        pairs = parse_qsl(raw.decode(), keep_blank_values=True)
        return dict(pairs) if len(dict(pairs)) == len(pairs) else None
    except ValueError:
        return None


def _form_value(text: str, shape: Shape | None) -> Any:
    if shape is None or shape.type == "string":
        return text
    try:
        return parsed_json(text.encode())
    except ValueError:
        return text
