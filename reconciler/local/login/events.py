"""The events that logins and sign-ups fire, in the catalogue's shape.

Every property that is not optional is there. What the embedded tenant does not know is left out where it may be
(risk, organization, custom domain, fingerprints), and empty where it must be there (`geoip`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.local.login.caller import Caller
from reconciler.local.login.clients import Client
from reconciler.local.login.grants import Refresh
from reconciler.local.login.sessions import Session
from reconciler.local.login.users import CONNECTION, User
from reconciler.local.stamp import log_date

CODE_FLOW = "oidc-basic-profile"
BY_PASSWORD = "oauth2-resource-owner"
BY_REFRESH = "oauth2-refresh-token"
BY_EXCHANGE = "oauth2-token-exchange"

Event = dict[str, Any]


class Events:
    """Makes the events of one tenant, which is named by its folder."""

    def __init__(self, tenant: str) -> None:
        self._tenant = {"id": tenant}

    def login(
        self,
        *,
        caller: Caller,
        client: Client,
        user: User,
        query: Mapping[str, str],
        transaction: Mapping[str, Any],
        session: Session | None = None,
        refresh: Refresh | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Event:
        """The event of post-login. `query` and `body` are the request's own parameters."""
        methods = session.methods if session else refresh.methods if refresh else ()
        event: Event = {
            "authentication": {"methods": [dict(method) for method in methods]},
            "authorization": {"roles": list(user.roles)},
            "client": _client(client),
            "connection": _connection(),
            "request": caller.shown(query, body or {}),
            "stats": {"logins_count": user.logins_count},
            "tenant": self._tenant,
            "transaction": {**transaction, "metadata": {}},
            "user": user.profile(),
        }
        audience = query.get("audience") or (body or {}).get("audience") or (refresh.audience if refresh else "")
        if audience:
            event["resource_server"] = {"identifier": audience}
        if session:
            event["session"] = session.shown()
        if refresh:
            event["refresh_token"] = _refresh(refresh)
        return event

    def credentials(self, caller: Caller, client: Client, fields: Mapping[str, str], scopes: list[str]) -> Event:
        """The event of credentials-exchange."""
        return {
            "accessToken": {"customClaims": {}, "scope": scopes},
            "client": _client(client),
            "request": _without_query(caller, fields),
            "resource_server": {"identifier": fields["audience"]},
            "tenant": self._tenant,
            "transaction": {"requested_scopes": scopes},
        }

    def exchange(self, caller: Caller, client: Client, fields: Mapping[str, str]) -> Event:
        """The event of custom-token-exchange."""
        requested = fields.get("requested_token_type", "urn:ietf:params:oauth:token-type:access_token")
        return {
            "client": _client(client),
            "request": _without_query(caller, fields),
            "resource_server": {"identifier": fields.get("audience", "")},
            "tenant": self._tenant,
            "transaction": {
                "requested_scopes": fields.get("scope", "").split(),
                "requested_token_type": requested,
                "subject_token": fields["subject_token"],
                "subject_token_type": fields["subject_token_type"],
                **{name: fields[name] for name in ("actor_token", "actor_token_type") if fields.get(name)},
            },
        }

    def before_sign_up(self, caller: Caller, client: Client, user: User, query: Mapping[str, str]) -> Event:
        """The event of pre-user-registration: the user is not stored yet, so it has no id and no dates."""
        profile = user.profile()
        known = ("email", "name", "nickname", "user_metadata", "app_metadata")
        return {
            "client": _client(client),
            "connection": _connection(),
            "request": _without_query(caller, {"email": user.email}),
            "tenant": self._tenant,
            "transaction": code_transaction("", query, caller),
            "user": {name: profile[name] for name in known},
        }

    def after_sign_up(self, caller: Caller, user: User, query: Mapping[str, str]) -> Event:
        """The event of post-user-registration."""
        profile = user.profile()
        return {
            "connection": _connection(),
            "request": _bare(caller),
            "tenant": self._tenant,
            "transaction": code_transaction("", query, caller),
            "user": {name: value for name, value in profile.items() if name not in ("identities", "enrolledFactors")},
        }

    def password_changed(self, caller: Caller, user: User) -> Event:
        """The event of post-change-password."""
        profile = user.profile()
        return {
            "connection": _connection(),
            "request": _bare(caller),
            "tenant": self._tenant,
            "user": {name: profile[name] for name in ("user_id", "email", "email_verified", "last_password_reset")},
        }


def code_transaction(transaction_id: str, query: Mapping[str, str], caller: Caller) -> dict[str, Any]:
    """`event.transaction` of a code flow, from the parameters of `/authorize`."""
    locales = query.get("ui_locales", "").split()
    shown: dict[str, Any] = {
        "acr_values": query.get("acr_values", "").split(),
        "locale": locales[0] if locales else caller.language,
        "prompt": query.get("prompt", "").split(),
        "protocol": CODE_FLOW,
        "redirect_uri": query.get("redirect_uri", ""),
        "requested_scopes": query.get("scope", "").split(),
        "response_mode": query.get("response_mode", "query"),
        "response_type": query.get("response_type", "").split(),
        "ui_locales": locales,
    }
    for name in ("login_hint", "state"):
        if query.get(name):
            shown[name] = query[name]
    return shown | ({"id": transaction_id} if transaction_id else {})


def token_transaction(protocol: str, scopes: list[str], caller: Caller) -> dict[str, Any]:
    """`event.transaction` of a login without a browser."""
    return {
        "acr_values": [],
        "locale": caller.language,
        "protocol": protocol,
        "requested_scopes": scopes,
        "ui_locales": [],
    }


def exchange_transaction(fields: Mapping[str, str], actor: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """`event.transaction` of the login at the end of a token exchange, with the party that acts for the user."""
    shown = token_transaction(BY_EXCHANGE, fields.get("scope", "").split(), caller)
    shown |= {name: fields[name] for name in ("subject_token_type", "actor_token_type") if fields.get(name)}
    return shown | ({"actor": dict(actor)} if actor else {})


def _client(client: Client) -> dict[str, Any]:
    return {"client_id": client.client_id, "name": client.name, "metadata": dict(client.about.metadata)}


def _connection() -> dict[str, Any]:
    return {**CONNECTION, "metadata": {}}


def _bare(caller: Caller) -> dict[str, Any]:
    """`event.request` of the triggers that show neither query nor body."""
    whole = caller.shown({}, {})
    return {name: value for name, value in whole.items() if name not in ("query", "body")}


def _without_query(caller: Caller, fields: Mapping[str, str]) -> dict[str, Any]:
    whole = caller.shown({}, fields)
    del whole["query"]
    return whole


def _refresh(refresh: Refresh) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": refresh.id,
        "client_id": refresh.client_id,
        "created_at": log_date(refresh.created_at),
        "last_exchanged_at": log_date(refresh.last_exchanged_at),
        "expires_at": log_date(refresh.expires_at),
        "idle_expires_at": log_date(refresh.idle_expires_at),
        "device": dict(refresh.device),
        "metadata": dict(refresh.metadata),
        "rotating": True,
        "user_id": refresh.user_id,
        "resource_servers": [{"audience": refresh.audience, "scopes": refresh.scope}] if refresh.audience else [],
    }
    return shown | ({"session_id": refresh.session_id} if refresh.session_id else {})
