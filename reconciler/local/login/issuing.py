"""From a login that came to a good end to its tokens."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.local.login.clients import Client
from reconciler.local.login.desk import Desk
from reconciler.local.login.grants import REFRESH_IDLE, REFRESH_LIFE, Refresh, keep_refresh
from reconciler.local.login.secrecy import new_token
from reconciler.local.login.sessions import Session, instant, with_pairs
from reconciler.local.login.signing import ACCESS_TOKEN_SECONDS
from reconciler.local.login.users import User
from reconciler.local.registered import REFRESH_TOKEN
from reconciler.local.stamp import log_date

OFFLINE = "offline_access"


@dataclass(frozen=True)
class Ticket:
    """What tokens are made of. The claims are those of the actions; `auth_time` is in seconds, 0 where unknown."""

    issuer: str
    client: Client
    user: User
    grant_id: str
    scope: str
    audience: str = ""
    session_id: str = ""
    nonce: str = ""
    auth_time: int = 0
    id_claims: Mapping[str, Any] = field(default_factory=dict)
    access_claims: Mapping[str, Any] = field(default_factory=dict)
    actor: Mapping[str, Any] = field(default_factory=dict)

    def has(self, scope: str) -> bool:
        return scope in self.scope.split()

    @property
    def refreshable(self) -> bool:
        """Whether a refresh token was asked for, by an application that may have one."""
        return self.has(OFFLINE) and self.client.check_grant_type(REFRESH_TOKEN)


def profile_claims(user: User, scope: str) -> dict[str, Any]:
    """The claims about a user that those scopes show (OpenID Connect Core, section 5.4)."""
    scopes, claims = scope.split(), {"sub": user.user_id}
    if "profile" in scopes:
        claims |= {"nickname": user.nickname, "name": user.name, "updated_at": user.updated_at}
    return claims | ({"email": user.email, "email_verified": user.email_verified} if "email" in scopes else {})


async def issued(desk: Desk, ticket: Ticket, refresh_token: str = "") -> dict[str, Any]:
    """The body of a token answer. The ID token is there with the scope `openid` only."""
    access = await _access_token(desk, ticket)
    body: dict[str, Any] = {"access_token": access}
    if refresh_token:
        body["refresh_token"] = refresh_token
    if ticket.has("openid"):
        claims = {**profile_claims(ticket.user, ticket.scope), **ticket.id_claims, "sub": ticket.user.user_id}
        known = {"nonce": ticket.nonce, "auth_time": ticket.auth_time, "sid": ticket.session_id, "act": ticket.actor}
        claims |= {name: value for name, value in known.items() if value}
        body["id_token"] = await desk.signer.id_token(ticket.issuer, ticket.client.client_id, claims, access)
    return body | {"scope": ticket.scope, "expires_in": ACCESS_TOKEN_SECONDS, "token_type": "Bearer"}


async def machine_token(desk: Desk, issuer: str, client: Client, audience: str, scope: str, claims: Any) -> str:
    """The access token of an application on its own behalf."""
    own = {"sub": f"{client.client_id}@clients", "azp": client.client_id, "gty": "client-credentials"}
    return await desk.signer.access_token(issuer, audience, {**claims, **own, **({"scope": scope} if scope else {})})


async def _access_token(desk: Desk, ticket: Ticket) -> str:
    """Always a JWT, also without an audience, where the platform gives an opaque one for `/userinfo`.

    Its `jti` begins with the grant, so that `/userinfo` knows when it was revoked.
    """
    userinfo = f"{ticket.issuer}userinfo"
    audience: str | list[str] = userinfo
    if ticket.audience:
        audience = [ticket.audience, userinfo] if ticket.has("openid") else ticket.audience
    own: dict[str, Any] = {"sub": ticket.user.user_id, "azp": ticket.client.client_id, "scope": ticket.scope}
    own |= {"act": dict(ticket.actor)} if ticket.actor else {}
    jti = f"{ticket.grant_id}.{desk.means.entropy(6).hex()}"
    return await desk.signer.access_token(ticket.issuer, audience, {**ticket.access_claims, **own, "jti": jti})


def first_refresh(desk: Desk, ticket: Ticket, session: Session | None, device: Mapping[str, str], now: int) -> Refresh:
    """The refresh token that a grant begins with."""
    return Refresh(
        id=desk.means.entropy(12).hex(),
        grant_id=ticket.grant_id,
        client_id=ticket.client.client_id,
        user_id=ticket.user.user_id,
        session_id=ticket.session_id,
        scope=ticket.scope,
        audience=ticket.audience,
        created_at=now,
        last_exchanged_at=now,
        expires_at=now + REFRESH_LIFE,
        idle_expires_at=now + REFRESH_IDLE,
        device={f"{when}_{what}": value for when in ("initial", "last") for what, value in device.items()},
        methods=session.methods if session else ({"name": "pwd", "timestamp": log_date(now)},),
    )


def rotated(before: Refresh, asked: Mapping[str, Any], device: Mapping[str, str], now: int) -> Refresh:
    """The refresh token that takes the place of one that was used, after what actions set: they only shorten its
    life (catalogue)."""
    idle = min(now + REFRESH_IDLE, instant(asked.get("idle_expires_at"), now + REFRESH_IDLE))
    return replace(
        before,
        last_exchanged_at=now,
        idle_expires_at=idle,
        expires_at=min(before.expires_at, instant(asked.get("expires_at"), before.expires_at)),
        device={**before.device, **{f"last_{what}": value for what, value in device.items()}},
        metadata=with_pairs(before.metadata, asked),
    )


def with_refresh(connection: sqlite3.Connection, desk: Desk, refresh: Refresh) -> str:
    """Keeps a refresh token under a new name, which goes to the application."""
    token = new_token(desk.means, "v1.")
    keep_refresh(connection, token, refresh)
    return token
