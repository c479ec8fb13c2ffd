"""Who may come in: tokens, permissions, the rate limit; and how lists are paged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.github.standin.refusals import Refused, no, not_found, refused
from tests.github.standin.shapes import Shapes
from tests.github.standin.state import State, Token

LEVELS = ("none", "read", "write")


@dataclass(frozen=True)
class Visit:
    """A request of somebody whose token is known."""

    request: Request
    state: State
    token: Token

    @property
    def shapes(self) -> Shapes:
        """How things look from where the visitor stands."""
        url = self.request.url
        return Shapes(
            self.state, f"{url.scheme}://{url.netloc}" + ("/api/v3" if url.path.startswith("/api/v3/") else "")
        )

    def number(self, name: str) -> int:
        """A number of the path."""
        if not self.request.path_params[name].isdigit():
            raise not_found()
        return int(self.request.path_params[name])

    def text(self, name: str) -> str:
        """A text of the path."""
        return str(self.request.path_params[name])

    async def body(self) -> dict[str, Any]:
        """The JSON that was sent."""
        try:
            sent = json.loads(await self.request.body())
        except ValueError:
            raise no(400, "Problems parsing JSON") from None
        if not isinstance(sent, dict):
            raise no(400, "Body should be a JSON object")
        return sent

    def needs(self, level: str, *permissions: str) -> None:
        """Refuses a token that has none of these permissions, in GitHub's words and with the header that names them."""
        if level == "read" and not self.state.private:
            return
        for permission in permissions:
            if LEVELS.index(self.token.permissions.get(permission, "none")) >= LEVELS.index(level):
                return
        who = "integration" if self.token.app else "personal access token"
        accepted = "; ".join(f"{permission}={level}" for permission in permissions)
        raise Refused(refused(403, f"Resource not accessible by {who}", {"x-accepted-github-permissions": accepted}))


def visit(request: Request, state: State) -> Visit:
    """Who is at the door; raises Refused for nobody that is known, and for whoever has used up the limit."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if not given:
        raise no(401, "Requires authentication")
    if scheme.lower() not in ("bearer", "token") or given not in state.tokens:
        raise no(401, "Bad credentials")
    if state.remaining <= 0:
        raise no(403, "API rate limit exceeded for installation ID 4711.")
    state.remaining -= 1
    return Visit(request, state, state.tokens[given])


def limits(state: State) -> dict[str, str]:
    """The headers of every answer."""
    return {
        "x-ratelimit-limit": str(state.limit),
        "x-ratelimit-remaining": str(state.remaining),
        "x-ratelimit-used": str(state.limit - state.remaining),
        "x-ratelimit-reset": str(int(state.reset.timestamp())),
        "x-ratelimit-resource": "core",
        "x-github-api-version-selected": "2022-11-28",
    }


def paged(visit: Visit, items: Sequence[dict[str, Any]], key: str = "") -> Response:
    """One page of a list (30 items, `per_page` at most 100), with the Link header where there is more than one."""
    asked = visit.request.query_params
    size = min(max(int(asked.get("per_page", "30")), 1), 100)
    page, last = max(int(asked.get("page", "1")), 1), max(-(-len(items) // size), 1)
    links = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    shown = [
        f'<{visit.request.url.include_query_params(page=to)}>; rel="{rel}"'
        for rel, to in links.items()
        if (page > 1 if rel in ("prev", "first") else page < last)
    ]
    some = list(items[(page - 1) * size : page * size])
    body: Any = {"total_count": len(items), key: some} if key else some
    return JSONResponse(body, headers={"link": ", ".join(shown)} if shown else {})
