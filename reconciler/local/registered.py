"""Who may log in at the embedded tenant, and for which applications: what its tenant file says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.errors import TenantError

AUTHORIZATION_CODE = "authorization_code"
REFRESH_TOKEN = "refresh_token"
PASSWORD = "password"
CLIENT_CREDENTIALS = "client_credentials"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"

GRANTS = (AUTHORIZATION_CODE, REFRESH_TOKEN, PASSWORD, CLIENT_CREDENTIALS, TOKEN_EXCHANGE)
"""Every grant that an application may be allowed."""

USUAL_GRANTS = (AUTHORIZATION_CODE, REFRESH_TOKEN)


@dataclass(frozen=True)
class LoginUser:
    """A test user. The password comes in clear, as the tenant file has it; it is kept as a hash only."""

    email: str
    password: str = field(repr=False)
    user_id: str = ""
    name: str = ""
    email_verified: bool = False
    blocked: bool = False
    roles: tuple[str, ...] = ()
    user_metadata: Mapping[str, Any] = field(default_factory=dict)
    app_metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LoginClient:
    """An application. Without a secret and a public key (PEM) it is a public one: the code flow needs PKCE then.

    `callbacks` and `logout_urls` are compared as they are, sign by sign. `management_api`: it may ask for tokens of
    the Management API, with its client credentials.
    """

    client_id: str
    name: str = ""
    client_secret: str = field(default="", repr=False)
    public_key: str = ""
    callbacks: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()
    grant_types: tuple[str, ...] = USUAL_GRANTS
    metadata: Mapping[str, str] = field(default_factory=dict)
    management_api: bool = False


@dataclass(frozen=True)
class Registered:
    """The users and applications of one tenant."""

    users: tuple[LoginUser, ...] = ()
    clients: tuple[LoginClient, ...] = ()

    def __post_init__(self) -> None:
        emails = [user.email.lower() for user in self.users]
        if len(set(emails)) < len(emails):
            raise TenantError("Two users of the embedded tenant have the same email.", "Give each an own email.")
        ids = [client.client_id for client in self.clients]
        if len(set(ids)) < len(ids):
            raise TenantError("Two applications of the embedded tenant have the same id.", "Give each an own id.")
