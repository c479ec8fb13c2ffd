"""What an application's own code meets: `/oauth/token`, `/userinfo`, and what OpenID Connect Discovery tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2 import OAuth2Error
from authlib.oidc.discovery import OpenIDProviderMetadata
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reconciler.local.login.caller import Caller, caller_of
from reconciler.local.login.clients import METHODS, PUBLIC, Client
from reconciler.local.login.desk import Desk
from reconciler.local.login.exchanges import Exchanges
from reconciler.local.login.grants import is_granted, revoke_refresh
from reconciler.local.login.issuing import OFFLINE, profile_claims
from reconciler.local.login.oauth import RESPONSE_MODES
from reconciler.local.login.signing import ALGORITHM
from reconciler.local.login.token_errors import UNREADABLE, error
from reconciler.local.login.users import User, find_user
from reconciler.local.registered import GRANTS
from reconciler.local.wire.answers import empty_answer, json_answer
from reconciler.local.wire.bodies import media_type, raw_body, token_fields
from reconciler.local.wire.call import Answer
from reconciler.local.wire.tokens import Tokens

_NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class ApplicationRoutes:
    """The endpoints of one tenant that no browser shows."""

    def __init__(self, desk: Desk, tokens: Tokens) -> None:
        self._desk = desk
        self._exchanges = Exchanges(desk, tokens)

    def routes(self) -> list[Route]:
        """The routes, which scripts of the applications' own pages may call too."""
        origins = sorted(set(_origins(self._desk.server.clients.values())))
        cross = [Middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["*"])]
        return [
            Route("/oauth/token", self._token, methods=["POST"], middleware=cross),
            Route("/oauth/revoke", self._revoke, methods=["POST"], middleware=cross),
            Route("/userinfo", self._userinfo, methods=["GET", "POST"], middleware=cross),
            Route("/.well-known/openid-configuration", self._discovery, methods=["GET"], middleware=cross),
            Route("/.well-known/jwks.json", self._keys, methods=["GET"], middleware=cross),
        ]

    async def _token(self, request: Request) -> Response:
        fields = token_fields(await raw_body(request), media_type(request))
        return _oauth_answer(await self._exchanges.answer(caller_of(request), fields, request.headers))

    async def _revoke(self, request: Request) -> Response:
        """RFC 7009: a refresh token of the application goes, with everything that came of its login."""
        fields = token_fields(await raw_body(request), media_type(request))
        if fields is None:
            return _oauth_answer(error("invalid_request", UNREADABLE))
        pairs = [(name, value) for name, value in fields.items() if isinstance(value, str)]
        desk, caller = self._desk, caller_of(request)

        def work(connection: sqlite3.Connection) -> Client | OAuth2Error:
            asked = desk.asked(connection, caller, pairs, headers=request.headers)
            client = desk.server.authenticated(asked)
            if isinstance(client, Client):
                revoke_refresh(connection, asked.fields.get("token", ""), client.client_id)
            return client

        client = await desk.write(work)
        if isinstance(client, Client):
            return empty_answer(200)
        return _oauth_answer(error("invalid_client", "Client authentication failed"))

    async def _userinfo(self, request: Request) -> Response:
        caller = caller_of(request)
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        claims = await self._desk.signer.claims(token, caller.issuer, f"{caller.issuer}userinfo")
        user = await self._desk.read(lambda connection: _of_grant(connection, claims)) if claims else None
        if kind.lower() != "bearer" or claims is None or user is None:
            said = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return json_answer(401, {"error": "invalid_token", "error_description": "Unauthorized"}, said)
        return json_answer(200, profile_claims(user, str(claims.get("scope", ""))), _NEVER_KEPT)

    async def _keys(self, request: Request) -> Response:
        return json_answer(200, await self._desk.signer.key_set())

    async def _discovery(self, request: Request) -> Response:
        return json_answer(200, _metadata(caller_of(request)))


def _oauth_answer(answer: Answer) -> Response:
    return json_answer(answer.status, answer.body, _NEVER_KEPT)


def _metadata(caller: Caller) -> dict[str, Any]:
    """The provider's metadata; Authlib checks that it is whole, but it refuses plain http, which loopback may have."""
    base = caller.issuer
    metadata = OpenIDProviderMetadata(
        issuer=base,
        authorization_endpoint=f"{base}authorize",
        token_endpoint=f"{base}oauth/token",
        userinfo_endpoint=f"{base}userinfo",
        jwks_uri=f"{base}.well-known/jwks.json",
        revocation_endpoint=f"{base}oauth/revoke",
        end_session_endpoint=f"{base}oidc/logout",
        scopes_supported=["openid", "profile", "email", OFFLINE],
        response_types_supported=["code"],
        response_modes_supported=list(RESPONSE_MODES),
        grant_types_supported=list(GRANTS),
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=[ALGORITHM],
        token_endpoint_auth_methods_supported=[*(method for method in METHODS if method != PUBLIC), PUBLIC],
        token_endpoint_auth_signing_alg_values_supported=[ALGORITHM],
        code_challenge_methods_supported=["S256"],
        claims_supported=["sub", "name", "nickname", "updated_at", "email", "email_verified"],
        prompt_values_supported=["none", "login"],
        request_parameter_supported=False,
        request_uri_parameter_supported=False,
    )
    if caller.secure:
        metadata.validate()
    return dict(metadata)


def _of_grant(connection: sqlite3.Connection, claims: Any) -> User | None:
    """The user of a token whose grant was not revoked; none who is blocked."""
    grant_id = str(claims.get("jti", "")).partition(".")[0]
    user = find_user(connection, str(claims["sub"])) if is_granted(connection, grant_id) else None
    return user if user and not user.blocked else None


def _origins(clients: Iterable[Client]) -> Iterable[str]:
    for client in clients:
        for callback in client.about.callbacks:
            parts = urlsplit(callback)
            if parts.scheme in ("http", "https"):
                yield f"{parts.scheme}://{parts.netloc}"
