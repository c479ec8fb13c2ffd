"""Applications as Authlib sees them."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from reconciler.errors import TenantError
from reconciler.local.keys import Keys
from reconciler.local.registered import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, LoginClient, Registered

SECRET_POST, SECRET_BASIC = "client_secret_post", "client_secret_basic"
PRIVATE_KEY, PUBLIC = "private_key_jwt", "none"
METHODS = (SECRET_BASIC, SECRET_POST, PRIVATE_KEY, PUBLIC)


@dataclass(frozen=True)
class Client(ClientMixin):
    """One application: what the tenant file says of it, and its public key where it has one."""

    about: LoginClient
    key: RSAKey | None = None

    @property
    def client_id(self) -> str:
        return self.about.client_id

    @property
    def name(self) -> str:
        return self.about.name or self.about.client_id

    @property
    def is_public(self) -> bool:
        """Whether it has nothing to prove itself with."""
        return not self.about.client_secret and self.key is None

    def get_client_id(self) -> str:
        return self.about.client_id

    def get_default_redirect_uri(self) -> str:
        """The first callback, as the platform does where a request names none."""
        return self.about.callbacks[0] if self.about.callbacks else ""

    def get_allowed_scope(self, scope: Collection[str] | str) -> str:
        """Every scope: the embedded tenant keeps no list of APIs and what they allow."""
        return scope if isinstance(scope, str) else " ".join(scope or ())

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether that is one of the callbacks, sign by sign."""
        return redirect_uri in self.about.callbacks

    def check_client_secret(self, client_secret: str) -> bool:
        own = self.about.client_secret
        return bool(own) and hmac.compare_digest(own.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        if method in (SECRET_POST, SECRET_BASIC):
            return bool(self.about.client_secret)
        return self.key is not None if method == PRIVATE_KEY else self.is_public

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.check_grant_type(AUTHORIZATION_CODE)

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.about.grant_types


def known_clients(registered: Registered, keys: Keys) -> Mapping[str, Client]:
    """The applications by their ids: those of the tenant file, and the tenant's own client of the Management API.

    TenantError where a public key cannot be read.
    """
    own = LoginClient(
        client_id=keys.client_id,
        name="Management API client",
        client_secret=keys.client_secret,
        grant_types=(CLIENT_CREDENTIALS,),
        management_api=True,
    )
    return {each.client_id: Client(each, _key(each)) for each in (own, *registered.clients)}


def _key(client: LoginClient) -> RSAKey | None:
    if not client.public_key:
        return None
    try:
        key = RSAKey.import_key(client.public_key)
    except (JoseError, ValueError, TypeError):
        raise TenantError(
            f"The public_key of client {client.client_id} cannot be read.", "Give an RSA public key in PEM form."
        ) from None
    if key.is_private:
        raise TenantError(
            f"The public_key of client {client.client_id} is a private key.", "Give its public half, and keep this one."
        )
    return key
