"""`POST /oauth/token`: every grant, after what the actions of its flow decided."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from authlib.oauth2 import OAuth2Error

from reconciler.local.login.caller import Caller
from reconciler.local.login.clients import Client
from reconciler.local.login.desk import Desk, oauth_error
from reconciler.local.login.events import BY_PASSWORD, BY_REFRESH, token_transaction
from reconciler.local.login.grants import Code, Refresh, mark_refresh, revoke_grant
from reconciler.local.login.issuing import Ticket, issued, rotated, with_refresh
from reconciler.local.login.machines import Machines
from reconciler.local.login.oauth import usual_fields
from reconciler.local.login.oauth_request import OAuthRequest
from reconciler.local.login.sessions import find_session_of
from reconciler.local.login.token_errors import UNREADABLE, error, flow_error, refused
from reconciler.local.login.unattended import after_flow, flow_ticket, logged_in, refresh_of
from reconciler.local.login.users import User, find_user
from reconciler.local.registered import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, PASSWORD, REFRESH_TOKEN, TOKEN_EXCHANGE
from reconciler.local.wire.call import Answer
from reconciler.local.wire.tokens import Tokens
from reconciler.model.execution import FlowRun

_SAID = {
    "unsupported_grant_type": "Unsupported grant type: {grant_type}",
    "unauthorized_client": "Grant type '{grant_type}' not allowed for the client.",
}
_FAILURES = {
    AUTHORIZATION_CODE: "feacft",
    REFRESH_TOKEN: "fertft",
    PASSWORD: "fp",
    CLIENT_CREDENTIALS: "feccft",
    TOKEN_EXCHANGE: "fecte",
}
"""The log code of an exchange that was refused before any action ran."""


class Exchanges:
    """The token endpoint of one tenant."""

    def __init__(self, desk: Desk, tokens: Tokens) -> None:
        self._desk = desk
        self._machines = Machines(desk, tokens)

    async def answer(self, caller: Caller, fields: Mapping[str, Any] | None, headers: Mapping[str, str]) -> Answer:
        """The answer to a token request; `fields` None where the body could not be read. A field that is null is as
        good as none: the platform's own Python client sends them."""
        given = {name: value for name, value in (fields or {}).items() if value is not None}
        if fields is None or not all(isinstance(value, str) for value in given.values()):
            return error("invalid_request", UNREADABLE)
        named = usual_fields(given)
        if not named.get("grant_type"):
            return error("invalid_request", "Missing required parameter: grant_type")
        asked, refusal = await self._checked(caller, named, headers)
        if refusal is not None:
            return await self._refused(caller, named, refusal)
        assert isinstance(asked.client, Client)
        return await self._granted(caller, asked, asked.client)

    async def _granted(self, caller: Caller, asked: OAuthRequest, client: Client) -> Answer:
        desk, fields = self._desk, asked.fields
        if isinstance(asked.authorization_code, Code):
            return await self._code(caller, asked.authorization_code, client)
        if isinstance(asked.refresh_token, Refresh):
            return await self._refresh(caller, asked, asked.refresh_token, client)
        if isinstance(asked.user, User) and asked.user.blocked:
            return await refused(desk, caller, client, asked.user, "fp", "unauthorized", "user is blocked")
        if isinstance(asked.user, User):
            transaction = token_transaction(BY_PASSWORD, fields.get("scope", "").split(), caller)
            return await logged_in(desk, caller, client, asked.user, fields, transaction)
        if fields["grant_type"] == CLIENT_CREDENTIALS:
            return await self._machines.credentials(caller, client, fields)
        return await self._machines.exchange(caller, client, fields)

    async def _checked(
        self, caller: Caller, fields: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[OAuthRequest, OAuth2Error | None]:
        desk = self._desk

        def work(connection: sqlite3.Connection) -> tuple[OAuthRequest, OAuth2Error | None]:
            asked = desk.asked(connection, caller, list(fields.items()), headers=headers)
            return asked, desk.server.exchange(asked)

        return await desk.write(work)

    async def _refused(self, caller: Caller, fields: Mapping[str, str], refusal: OAuth2Error) -> Answer:
        grant_type = fields["grant_type"]
        code, description = oauth_error(refusal)
        if code in _SAID:
            description = _SAID[code].format(grant_type=grant_type)
        if grant_type in _FAILURES:
            client = self._desk.server.clients.get(fields.get("client_id", ""))
            named = {"user_name": fields["username"]} if fields.get("username") else {}
            await self._desk.log(_FAILURES[grant_type], description, caller, client=client, more=named)
        return error(code, description)

    async def _code(self, caller: Caller, code: Code, client: Client) -> Answer:
        """No action runs here: those of the login decided, and the code remembers what."""
        desk = self._desk
        user = await desk.read(lambda connection: find_user(connection, code.user_id))
        if user is None or user.blocked:
            said = "Invalid authorization code"
            return await refused(desk, caller, client, user, "feacft", "invalid_grant", said)
        ticket = Ticket(
            issuer=caller.issuer,
            client=client,
            user=user,
            grant_id=code.grant_id,
            scope=code.scope,
            audience=code.audience,
            session_id=code.session_id,
            nonce=code.nonce,
            auth_time=code.auth_time,
            id_claims=code.id_claims,
            access_claims=code.access_claims,
        )
        token = await refresh_of(desk, caller, ticket)
        await desk.log(
            "seacft", "", caller, client=client, user=user, more={"audience": code.audience, "scope": code.scope}
        )
        return Answer(200, await issued(desk, ticket, token))

    async def _refresh(self, caller: Caller, asked: OAuthRequest, before: Refresh, client: Client) -> Answer:
        desk, now = self._desk, self._desk.now()
        user = await desk.read(lambda connection: find_user(connection, before.user_id))
        session = await desk.read(lambda connection: find_session_of(connection, before.session_id, now))
        if user is None or user.blocked:
            said = "Unknown or invalid refresh token."
            return await refused(desk, caller, client, user, "fertft", "invalid_grant", said)
        scope = asked.fields.get("scope") or before.scope
        event = desk.events.login(
            caller=caller,
            client=client,
            user=user,
            query={},
            body=asked.fields,
            transaction=token_transaction(BY_REFRESH, scope.split(), caller),
            session=session,
            refresh=before,
        )
        run = await desk.firing.fire("post-login", event, reveal=True)
        user = await after_flow(desk, run, user)
        if run.status != "completed":
            await self._give_back(run, before, asked.fields["refresh_token"])
            return flow_error(run)
        onward = rotated(before, run.effects.refresh_token, caller.device(), now)
        token = await desk.write(lambda connection: with_refresh(connection, desk, onward))
        ticket = flow_ticket(caller, client, user, run, grant_id=before.grant_id, scope=scope, audience=before.audience)
        return Answer(200, await issued(desk, replace(ticket, session_id=before.session_id), token))

    async def _give_back(self, run: FlowRun, before: Refresh, token: str) -> None:
        """A refused exchange used nothing up, unless the action revoked the token itself."""
        revoked = run.effects.refresh_token.get("revoked") is not None

        def work(connection: sqlite3.Connection) -> None:
            if revoked:
                revoke_grant(connection, before.grant_id)
            else:
                mark_refresh(connection, token, used=False)

        await self._desk.write(work)
