"""The ASGI app of the embedded tenant: lets calls through or refuses them, as the gateway of the platform does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reconciler.errors import ReconcilerError
from reconciler.local.means import Means
from reconciler.local.refusal import Refusal, insufficient_scope, internal, not_found
from reconciler.local.state.store import Store
from reconciler.local.wire.answers import empty_answer, json_answer
from reconciler.local.wire.bodies import FORM, form_body, media_type, parsed_json, raw_body
from reconciler.local.wire.call import Answer, Call, Operation
from reconciler.local.wire.other_resources import METHODS, wanted_scope
from reconciler.local.wire.schema import checked_body, checked_query
from reconciler.local.wire.shapes import ANYTHING
from reconciler.local.wire.tokens import Grant, Tokens

Endpoint = Callable[[Request], Awaitable[Response]]


def management_api(
    operations: Iterable[Operation], tokens: Tokens, means: Means, store: Store, others: Iterable[Route]
) -> Starlette:
    """The app: those operations, and other routes beside them. Every error is a JSON body, also those of the app
    itself."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    routes = [*others]
    for path, methods in by_path.items():
        routes.append(Route(path, _endpoint(methods, tokens, means, store), methods=list(methods)))
    routes.append(Route("/api/v2/{rest:path}", _other_resource(tokens), methods=list(METHODS)))
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _unrouted, Refusal: _refused, ReconcilerError: _failed, Exception: _broken},
    )
    app.router.redirect_slashes = False  # `DELETE /actions/actions/` is a 404 [recorded]
    return app


def _endpoint(operations: Mapping[str, Operation], tokens: Tokens, means: Means, store: Store) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        operation = operations["GET" if request.method == "HEAD" else request.method]
        grant = tokens.grant(request.headers.get("authorization"))
        if operation.scopes and not set(operation.scopes) & set(grant.scopes):
            raise insufficient_scope(operation.scopes)
        call = await _call(request, operation, grant, means)
        return _response(await _served(operation, call, store))

    return endpoint


def _other_resource(tokens: Tokens) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        scope = wanted_scope(request.method, request.path_params["rest"])
        if not scope:
            raise not_found()
        tokens.grant(request.headers.get("authorization"))
        raise insufficient_scope((scope,))

    return endpoint


async def _served(operation: Operation, call: Call, store: Store) -> Answer:
    """The answer. A write that the service refuses is logged as an operation that failed (`fapi`), which was not seen;
    what the gateway refuses (its errors have an errorCode) never came as far as the service and leaves no trace."""
    try:
        return await operation.serve(call)
    except Refusal as refusal:
        status, body = refusal.status, refusal.body
        if call.writes and "errorCode" not in body:
            await store.write(lambda connection: call.record(connection, status, body, "fapi"))
        raise


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
    raw = await raw_body(request)
    shape = operation.body or ANYTHING
    required = operation.body is not None and not operation.body_optional
    if not raw.strip() and not required:
        return {}
    try:
        body = form_body(raw, shape) if media_type(request) == FORM else parsed_json(raw)
    except ValueError:
        raise Refusal(400, "Invalid request payload JSON format", "invalid_body") from None
    if body is None and not required:
        return {}
    return checked_body(body, shape)


def _response(answer: Answer) -> Response:
    return empty_answer(answer.status) if answer.body is None else json_answer(answer.status, answer.body)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return json_answer(refusal.status, refusal.body, refusal.headers)


async def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, ReconcilerError)
    return json_answer(500, internal(f"{error.message} {error.remedy}".strip()).body)


async def _unrouted(request: Request, error: Exception) -> Response:
    """A path or a method that leads nowhere is a 404, as hapi's is."""
    return json_answer(404, not_found().body)


async def _broken(request: Request, error: Exception) -> Response:
    """A mistake of ours; the server shows it to whoever runs it."""
    return json_answer(500, internal("a mistake in the embedded tenant").body)
