"""What a request of an application is checked with: Authlib's authorization server and its grants.

Authlib checks; it makes no tokens here, since the actions of the flow run between the check and the tokens, and they
take their time. A check is one transaction of the database, so that a code is used once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    BaseGrant,
    ClientMixin,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    TokenEndpointMixin,
    UnauthorizedClientError,
    UnsupportedResponseTypeError,
)
from authlib.oauth2.rfc6749.grants import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
    ResourceOwnerPasswordCredentialsGrant,
)
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from authlib.oidc.core.errors import RequestNotSupportedError, RequestURINotSupportedError

from reconciler.local.login.assertion import by_assertion
from reconciler.local.login.clients import METHODS, PRIVATE_KEY, PUBLIC, Client
from reconciler.local.login.grants import Code, find_code, find_refresh, mark_code, mark_refresh
from reconciler.local.login.oauth_request import OAuthRequest, seconds_of
from reconciler.local.login.users import User, user_with_password
from reconciler.local.registered import PASSWORD, TOKEN_EXCHANGE

PASSWORD_REALM = "http://auth0.com/oauth/grant-type/password-realm"
RESPONSE_MODES = ("query", "form_post")
_CONFIDENTIAL = tuple(method for method in METHODS if method != PUBLIC)


class CodeGrant(AuthorizationCodeGrant):
    """The code flow, with PKCE by S256; an application without a secret must use it."""

    request: OAuthRequest
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def query_authorization_code(self, code: str, client: ClientMixin) -> Code | None:
        about = find_code(self.request.connection, code, self.request.now)
        return about if about and about.check_client(client) else None


class RefreshGrant(RefreshTokenGrant):
    """Refresh tokens, each good for one exchange."""

    request: OAuthRequest
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def authenticate_refresh_token(self, refresh_token: str) -> Any:
        about = find_refresh(self.request.connection, refresh_token, self.request.now)
        if about is None or not about.check_client(self.request.client):
            raise InvalidGrantError("Unknown or invalid refresh token.")
        return about


class PasswordGrant(ResourceOwnerPasswordCredentialsGrant):
    """The resource owner's password; blocked users are told apart by the caller."""

    request: OAuthRequest
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def authenticate_user(self, username: str, password: str) -> User:
        user = user_with_password(self.request.connection, username, password)
        if user is None:
            raise InvalidGrantError("Wrong email or password.")
        return user


class CredentialsGrant(ClientCredentialsGrant):
    """An application on its own behalf."""

    TOKEN_ENDPOINT_AUTH_METHODS = _CONFIDENTIAL


class ExchangeGrant(BaseGrant, TokenEndpointMixin):
    """RFC 8693, as far as the platform's custom token exchange goes: an action reads the subject token."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    GRANT_TYPE = TOKEN_EXCHANGE

    def validate_token_request(self) -> None:
        client = self.authenticate_token_endpoint_client()
        if not client.check_grant_type(self.GRANT_TYPE):
            raise UnauthorizedClientError
        for name in ("subject_token", "subject_token_type"):
            if not self.request.form.get(name):
                raise InvalidRequestError(f"Missing required parameter: {name}")
        self.request.client = client


class Challenge(CodeChallenge):
    """PKCE with S256 only: `plain` protects from nothing that S256 does not (RFC 9700, section 2.1.1)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 (the base class has a list)

    def validate_code_challenge(self, grant: BaseGrant, redirect_uri: str) -> None:
        data = grant.request.payload.data if grant.request.payload else {}
        if data.get("code_challenge") and not data.get("code_challenge_method"):
            raise InvalidRequestError("Missing 'code_challenge_method'")
        client = grant.request.client
        if isinstance(client, Client) and client.is_public and not data.get("code_challenge"):
            raise InvalidRequestError("Parameter code_challenge is required: this application has no secret.")
        super().validate_code_challenge(grant, redirect_uri)


class Strict:
    """What of an authorization request is not understood is refused, and not guessed at. RFC 6749, section 3.1: no
    parameter comes twice; Authlib looks at five of them."""

    def __call__(self, grant: BaseGrant) -> None:
        grant.register_hook("after_validate_authorization_request_payload", self._check)

    def _check(self, grant: BaseGrant, redirect_uri: str) -> None:
        payload: Any = grant.request.payload
        data: Mapping[str, str] = payload.data
        if "request" in data:
            raise RequestNotSupportedError("Request objects are not supported.")
        if "request_uri" in data:
            raise RequestURINotSupportedError("Request objects are not supported.")
        for name, values in payload.datalist.items():
            if len(values) > 1:
                raise InvalidRequestError(f"Multiple '{name}' in request.")
        if data.get("response_mode", "query") not in RESPONSE_MODES:
            raise InvalidRequestError(f"response_mode must be {' or '.join(RESPONSE_MODES)}.")
        if seconds_of(data.get("max_age", "0")) is None:
            raise InvalidRequestError("max_age must be a number of seconds.")


class OpenId(OpenIDCode):
    """The parameters that OpenID Connect adds to the code flow. A nonce may come again: it is the application that
    checks it, and the platform does not refuse one either."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False


class OAuthServer(AuthorizationServer):
    """Checks requests. Every refusal is one of Authlib's OAuth2Error, returned and not raised, so that what a check
    found out (a stolen code, an assertion seen) is kept."""

    def __init__(self, clients: Mapping[str, Client]) -> None:
        super().__init__()
        self.clients = clients
        self.register_client_auth_method(PRIVATE_KEY, by_assertion)
        self.register_grant(CodeGrant, [Strict(), Challenge(required=True), OpenId()])
        for grant in (RefreshGrant, PasswordGrant, CredentialsGrant, ExchangeGrant):
            self.register_grant(grant)

    def query_client(self, client_id: str) -> Any:
        return self.clients.get(client_id)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> Any:
        return request

    def authenticate_client(self, request: Any, methods: Any, endpoint: str = "token") -> ClientMixin:
        """The client that proved itself. All failures look alike (wire.md, section 5: 401 invalid_client)."""
        try:
            return super().authenticate_client(request, methods, endpoint)
        except InvalidClientError:
            raise InvalidClientError("Client authentication failed", status_code=401) from None

    def authorization(self, request: OAuthRequest, user: User | None) -> OAuth2Error | str:
        """The redirect URI of a good authorization request; else why it is refused, with a `redirect_uri` where the
        application may be told."""
        try:
            server: Any = super()
            return str(server.get_consent_grant(request, user).redirect_uri)
        except UnsupportedResponseTypeError as refusal:
            refusal.response_type = request.fields.get("response_type", "")  # Authlib says it twice over
            return refusal
        except OAuth2Error as refusal:
            return refusal
        except ValueError:  # Authlib puts what it was given into a text that may not hold every sign
            return InvalidRequestError("A parameter holds signs that it must not hold.")

    def exchange(self, request: OAuthRequest) -> OAuth2Error | None:
        """None for a good token request: the request then has its client, and its code, refresh token or user. A code
        or refresh token is used up."""
        try:
            grant: Any = self.get_token_grant(request)
            grant.validate_token_request()
        except OAuth2Error as refusal:
            return refusal
        except ValueError:
            return InvalidRequestError("A parameter holds signs that it must not hold.")
        if request.authorization_code:
            mark_code(request.connection, request.fields["code"])
        if request.refresh_token:
            mark_refresh(request.connection, request.fields["refresh_token"])
        return None

    def authenticated(self, request: OAuthRequest) -> Client | OAuth2Error:
        """The client of a request to another endpoint than those two."""
        try:
            client = self.authenticate_client(request, METHODS)
        except OAuth2Error as refusal:
            return refusal
        assert isinstance(client, Client)
        return client


def usual_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a token request with the platform's own name of a grant put as the standard's: a realm is the name
    of a connection, and there is one."""
    named = dict(fields)
    if named.get("grant_type") == PASSWORD_REALM:
        named["grant_type"] = PASSWORD
    return named
