"""`POST /oauth/token`: client credentials against a token. Errors are OAuth's, not the API's (wire.md, section 5)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from reconciler.local.wire.call import Answer
from reconciler.local.wire.tokens import AUDIENCE_PATH, LIFETIME_SECONDS, SCOPES, Tokens


def token_answer(fields: Mapping[str, Any] | None, tokens: Tokens) -> Answer:
    """The answer to a token request; `fields` None where the body could not be read.

    Only the secret of the tenant's one client proves who asks; a client assertion does not. `scope` may ask for fewer
    scopes; scopes that the client does not have are left out, as the platform does.
    """
    if fields is None or not all(isinstance(value, str) for value in fields.values()):
        return _error(400, "invalid_request", "The body must be JSON or form fields, each of them text.")
    if not fields.get("grant_type"):
        return _error(400, "invalid_request", "Missing required parameter: grant_type")
    if fields["grant_type"] != "client_credentials":
        return _error(400, "unsupported_grant_type", f"Unsupported grant type: {fields['grant_type']}")
    if not _is_client(fields, tokens):
        return _error(401, "invalid_client", "Client authentication failed")
    audience = fields.get("audience", "")
    if not audience.endswith(AUDIENCE_PATH):
        return _error(403, "access_denied", f'Service not enabled within domain: "{audience}"')
    asked = fields.get("scope", "").split()
    granted = tuple(scope for scope in SCOPES if not asked or scope in asked)
    body = {"access_token": tokens.issued(audience, granted, fields["client_id"]), "scope": " ".join(granted)}
    return Answer(200, {**body, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"})


def _is_client(fields: Mapping[str, str], tokens: Tokens) -> bool:
    given = (fields.get("client_id", ""), fields.get("client_secret", ""))
    wanted = (tokens.keys.client_id, tokens.keys.client_secret)
    return all(hmac.compare_digest(one.encode(), other.encode()) for one, other in zip(given, wanted, strict=True))


def _error(status: int, error: str, description: str) -> Answer:
    return Answer(status, {"error": error, "error_description": description})
