"""The ASGI app of the embedded tenant: lets calls through or refuses them, as the gateway of the platform does."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reconciler.errors import ReconcilerError
from reconciler.local.means import Means
from reconciler.local.refusal import Refusal, insufficient_scope, internal, not_found
from reconciler.local.wire.call import Answer, Call, Operation
from reconciler.local.wire.schema import checked_body, checked_query
from reconciler.local.wire.shapes import ANYTHING
from reconciler.local.wire.token_endpoint import token_answer
from reconciler.local.wire.tokens import Grant, Tokens

BODY_BYTES = 1_048_576
"""Most that a body may have: hapi's default."""

_JSON = "application/json; charset=utf-8"
Endpoint = Callable[[Request], Awaitable[Response]]


def management_api(operations: Iterable[Operation], tokens: Tokens, means: Means) -> Starlette:
    """The app: `/oauth/token` and those operations. Every error is a JSON body, also those of the app itself."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    routes = [Route("/oauth/token", _token_endpoint(tokens), methods=["POST"])]
    routes += [
        Route(path, _endpoint(methods, tokens, means), methods=list(methods)) for path, methods in by_path.items()
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _unrouted, Refusal: _refused, ReconcilerError: _failed, Exception: _broken},
    )
    app.router.redirect_slashes = False  # `DELETE /actions/actions/` is a 404 [recorded]
    return app


def _endpoint(operations: Mapping[str, Operation], tokens: Tokens, means: Means) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        operation = operations["GET" if request.method == "HEAD" else request.method]
        grant = tokens.grant(request.headers.get("authorization"))
        if not set(operation.scopes) & set(grant.scopes):
            raise insufficient_scope(operation.scopes)
        call = await _call(request, operation, grant, means)
        return _response(await operation.serve(call))

    return endpoint


async def _call(request: Request, operation: Operation, grant: Grant, means: Means) -> Call:
    raw_query = dict(request.query_params)
    query = checked_query(raw_query, operation.query)
    return Call(
        grant=grant,
        method=request.method,
        path=request.url.path,
        parts=request.path_params,
        query=query,
        raw_query=raw_query,
        body=await _body(request, operation),
        ip=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        summary=operation.summary,
        means=means,
    )


async def _body(request: Request, operation: Operation) -> Mapping[str, Any]:
    """The body, checked. Operations that take none accept an empty one or any object [recorded: `{}` on deploy]."""
    if request.method in ("GET", "HEAD"):
        return {}
    raw = await _raw_body(request)
    required = operation.body is not None and not operation.body_optional
    if not raw.strip() and not required:
        return {}
    try:
        body = _parsed(raw)
    except ValueError:
        raise Refusal(400, "Invalid request payload JSON format", "invalid_body") from None
    if body is None and not required:
        return {}
    return checked_body(body, operation.body or ANYTHING)


async def _raw_body(request: Request) -> bytes:
    raw = bytearray()
    try:
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > BODY_BYTES:
                raise Refusal(413, f"Payload content length greater than maximum allowed: {BODY_BYTES}")
    except ClientDisconnect:
        raise Refusal(400, "The client went away before its body was whole.") from None
    return bytes(raw)


def _parsed(raw: bytes) -> Any:
    """The JSON value; ValueError also for what Python would let through and nobody could answer: NaN, half characters,
    brackets without end."""
    try:
        value = json.loads(raw, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()
        return value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _token_endpoint(tokens: Tokens) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        raw = await _raw_body(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        return _response(token_answer(_fields(raw, kind), tokens))

    return endpoint


def _fields(raw: bytes, kind: str) -> Mapping[str, Any] | None:
    """The fields of a token request, JSON or form; None where it is neither."""
    try:
        if kind == "application/json":
            body = _parsed(raw)
            return body if isinstance(body, dict) else None
        return dict(parse_qsl(raw.decode(), keep_blank_values=True))
    except ValueError:
        return None


def _response(answer: Answer) -> Response:
    if answer.body is None:
        return Response(status_code=answer.status)
    return _json(answer.status, answer.body)


def _json(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(body, status, headers={"Cache-Control": "no-cache", **(headers or {})}, media_type=_JSON)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return _json(refusal.status, refusal.body, refusal.headers)


async def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, ReconcilerError)
    return _json(500, internal(f"{error.message} {error.remedy}".strip()).body)


async def _unrouted(request: Request, error: Exception) -> Response:
    """A path or a method that leads nowhere is a 404, as hapi's is."""
    return _json(404, not_found().body)


async def _broken(request: Request, error: Exception) -> Response:
    """A mistake of ours; the server shows it to whoever runs it."""
    return _json(500, internal("a mistake in the embedded tenant").body)
