"""Tokens of applications on their own behalf, and custom token exchanges."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

from reconciler.local.login.caller import Caller
from reconciler.local.login.clients import Client
from reconciler.local.login.desk import Desk
from reconciler.local.login.events import exchange_transaction
from reconciler.local.login.issuing import machine_token
from reconciler.local.login.token_errors import flow_error, refused
from reconciler.local.login.unattended import logged_in
from reconciler.local.login.users import CONNECTION, User, find_user, find_user_of, keep_user, new_user, with_metadata
from reconciler.local.wire.call import Answer
from reconciler.local.wire.token_endpoint import management_answer
from reconciler.local.wire.tokens import AUDIENCE_PATH, LIFETIME_SECONDS, Tokens
from reconciler.model.effects import Effects

_NO_AUDIENCE = "No audience parameter was provided, and no default audience has been configured"


class Machines:
    """The grants of one tenant that need no user to be there."""

    def __init__(self, desk: Desk, tokens: Tokens) -> None:
        self._desk = desk
        self._tokens = tokens

    async def credentials(self, caller: Caller, client: Client, fields: dict[str, str]) -> Answer:
        """Client credentials. For the Management API no action runs: its tokens are the tenant's own affair."""
        audience, scopes = fields.get("audience", ""), fields.get("scope", "").split()
        if audience.endswith(AUDIENCE_PATH) and client.about.management_api:
            return management_answer(fields, self._tokens, client.client_id)
        if not audience or audience.endswith(AUDIENCE_PATH) or client.client_id == self._tokens.keys.client_id:
            said = f'Service not enabled within domain: "{audience}"' if audience else _NO_AUDIENCE
            return await refused(self._desk, caller, client, None, "feccft", "access_denied", said)
        event = self._desk.events.credentials(caller, client, fields, scopes)
        run = await self._desk.firing.fire("credentials-exchange", event, reveal=True)
        if run.status != "completed":
            return flow_error(run, chosen=True)
        granted = " ".join(run.effects.scopes if run.effects.scopes is not None else scopes)
        token = await machine_token(
            self._desk, caller.issuer, client, audience, granted, dict(run.effects.access_token)
        )
        body = {"access_token": token, **({"scope": granted} if granted else {})}
        return Answer(200, {**body, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"})

    async def exchange(self, caller: Caller, client: Client, fields: dict[str, str]) -> Answer:
        """A custom token exchange: its action picks the user, then the actions of post-login run.

        The tenant keeps no profiles that say which action belongs to which kind of subject token: its single deployed
        action of that trigger takes them all.
        """
        event = self._desk.events.exchange(caller, client, fields)
        run = await self._desk.firing.fire("custom-token-exchange", event, reveal=True)
        if run.status != "completed":
            return flow_error(run, chosen=True)
        user = await self._picked(run.effects)
        if user is None or user.blocked:
            said = "The user that the action picked does not exist." if user is None else "user is blocked"
            return await refused(self._desk, caller, client, user, "fecte", "invalid_request", said)
        transaction = exchange_transaction(fields, run.effects.actor, caller)
        return await logged_in(self._desk, caller, client, user, fields, transaction)

    async def _picked(self, effects: Effects) -> User | None:
        """The user that the action chose, with the metadata that it wrote."""
        desk = self._desk

        def work(connection: sqlite3.Connection) -> User | None:
            chosen = effects.user
            found = find_user(connection, chosen["id"]) if "id" in chosen else self._by_attributes(connection, chosen)
            if found is None:
                return None
            user = with_metadata(found, effects.user_metadata, effects.app_metadata)
            keep_user(connection, user)
            return user

        return await desk.write(work)

    def _by_attributes(self, connection: sqlite3.Connection, chosen: dict[str, Any]) -> User | None:
        """The user of that id in the tenant's one connection, made where there is none and it may be. Email and
        its verification never change (catalogue: setUserByConnection)."""
        attributes, options = chosen["attributes"], chosen["options"]
        email, name = str(attributes.get("email", "")), str(attributes.get("name", ""))
        if chosen["connection"] != CONNECTION["name"]:
            return None
        user_id = f"auth0|{attributes['user_id']}"
        found, means = find_user(connection, user_id), self._desk.means
        if found is not None:
            return replace(found, name=name or found.name) if options.get("updateBehavior") == "replace" else found
        if options.get("creationBehavior") == "none" or not email or find_user_of(connection, email):
            return None
        fresh = new_user(email, means.entropy(24).hex(), means, name=name, user_id=user_id)
        return replace(fresh, email_verified=bool(attributes.get("email_verified")))
