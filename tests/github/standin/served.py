"""Serves the stand-in from a thread, on a port that is free."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from reconciler.github.access import Access
from tests.github.standin import commits, conversations
from tests.github.standin.contract import odd_of_request
from tests.github.standin.door import Visit, limits, visit
from tests.github.standin.faults import CUT, with_faults
from tests.github.standin.refusals import Refused, no, refused
from tests.github.standin.state import TOKEN, Seen, State

NOT_DESCRIBED = "/graphql"
"""GitHub's other API, which has a description of its own kind."""

Answering = Callable[[Visit], Awaitable[Response]]

ROUTES: dict[str, dict[str, Answering]] = {
    "/issues/{number}/comments": {"GET": conversations.list_comments, "POST": conversations.create_comment},
    "/issues/comments/{comment}": {"PATCH": conversations.update_comment, "DELETE": conversations.delete_comment},
    "/issues": {"GET": conversations.list_issues, "POST": conversations.create_issue},
    "/issues/{number}": {"PATCH": conversations.update_issue},
    "/issues/{number}/assignees": {"POST": conversations.assign},
    "/pulls": {"GET": conversations.list_pulls, "POST": conversations.create_pull},
    "/pulls/{number}": {"GET": conversations.read_pull, "PATCH": conversations.update_pull},
    "/commits/{sha}/pulls": {"GET": conversations.list_pulls_of},
    "/commits/{sha}/check-runs": {"GET": commits.list_checks},
    "/commits/{sha}/statuses": {"GET": commits.list_statuses},
    "/check-runs": {"POST": commits.create_check},
    "/check-runs/{check}": {"PATCH": commits.update_check},
    "/statuses/{sha}": {"POST": commits.create_status},
    "/deployments": {"GET": commits.list_deployments, "POST": commits.create_deployment},
    "/deployments/{deployment}/statuses": {
        "GET": commits.list_deployment_statuses,
        "POST": commits.create_deployment_status,
    },
}


@dataclass(frozen=True)
class Served:
    """A stand-in that answers at `url`."""

    url: str
    state: State

    def access(self, token: str = TOKEN) -> Access:
        """How to open it."""
        return Access(repository=self.state.repository, token=token, url=self.url)

    def variables(self, token: str = TOKEN) -> dict[str, str]:
        """What the runner would put into the environment about it."""
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": self.state.repository,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_TOKEN": token,
        }


@contextlib.contextmanager
def serving(state: State | None = None) -> Iterator[Served]:
    """A stand-in for as long as the block lasts. At its end every request has to be one that GitHub describes."""
    kept = state or State()
    # Named as TCP, or asyncio leaves Nagle's algorithm on, which costs 40 ms an answer.
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)) as bound:
        bound.bind(("127.0.0.1", 0))
        server = _Server(_app(kept))
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.002)
            yield Served(f"http://127.0.0.1:{bound.getsockname()[1]}", kept)
            asked = [seen for seen in kept.requests if not seen.path.endswith(NOT_DESCRIBED)]
            assert [odd for seen in asked for odd in odd_of_request(seen)] == []
        finally:
            server.should_exit = True
            thread.join(10)


class _Server(uvicorn.Server):
    """The app may cut the connection of a request; signals are left to whoever runs the tests."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            self._cuttable(app), http="h11", ws="none", lifespan="off", log_config=None, access_log=False
        )
        super().__init__(config)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        """Looks more often than uvicorn does whether it is to stop: every test waits for that."""
        while not self.should_exit:
            await asyncio.sleep(0.005)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Waits for nobody: a test is over."""
        for server in self.servers:
            server.close()
        for connection in tuple(self.server_state.connections):
            if isinstance(connection, H11Protocol):
                connection.transport.abort()

    def _cuttable(self, app: ASGIApp) -> ASGIApp:
        async def cuttable(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[CUT] = lambda: self._cut(scope)
            await app(scope, receive, send)

        return cuttable

    def _cut(self, scope: Scope) -> None:
        for connection in tuple(self.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.scope is scope:
                connection.transport.abort()


def _app(state: State) -> ASGIApp:
    def route(path: str, method: str, answering: Answering) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                at = visit(request, state)
                if (
                    path.startswith("/repos/")
                    and "/".join(request.path_params[key] for key in ("o", "r")) != state.repository
                ):
                    raise no(404, "Not Found")
                answer = await answering(at)
            except Refused as refusal:
                answer = refusal.answer
            answer.headers.update(limits(state))
            return answer

        return Route(path, endpoint, methods=[method])

    api = [
        route(f"/repos/{{o}}/{{r}}{path}", method, answering)
        for path, methods in ROUTES.items()
        for method, answering in methods.items()
    ]
    api.append(route("/user", "GET", _user))
    graphql = [route("/graphql", "POST", _graphql), route("/api/graphql", "POST", _graphql)]
    app = Starlette(
        routes=[*api, *graphql, Mount("/api/v3", routes=api)], exception_handlers={404: _nothing, 405: _nothing}
    )
    return _keeping(with_faults(app, state.faults), state)


async def _nothing(_: Request, __: Exception) -> Response:
    return refused(404, "Not Found")


async def _user(at: Visit) -> Response:
    if at.token.app:
        raise no(403, "Resource not accessible by integration")
    return JSONResponse(at.shapes.user(at.token.login))


async def _graphql(at: Visit) -> Response:
    query = "".join(str((await at.body()).get("query", "")).split()).removeprefix("query")
    if query != "{viewer{login}}":
        return JSONResponse({"errors": [{"message": "This stand-in knows only the viewer's login."}]})
    return JSONResponse({"data": {"viewer": {"login": at.token.login}}})


def _keeping(app: ASGIApp, state: State) -> ASGIApp:
    """The app, with every request kept, and what it was answered."""

    async def keeping(scope: Scope, receive: Receive, send: Send) -> None:
        sent = await _read(receive)
        seen = _seen(scope, sent)
        state.requests.append(seen)
        given = bytearray()

        async def hear(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            given.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                with contextlib.suppress(ValueError):
                    seen.answer = json.loads(given)
            await send(message)

        unread = [{"type": "http.request", "body": sent}]

        async def again() -> Message:
            return unread.pop() if unread else await receive()

        await app(scope, again, hear)

    return keeping


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _seen(scope: Scope, body: bytes) -> Seen:
    request = Request(scope)
    return Seen(
        method=request.method,
        path=request.url.path,
        query=dict(request.query_params),
        headers=dict(request.headers),
        body=body.decode(errors="replace"),
    )
