"""What `POST /oauth/token` answers for the audience of the Management API (wire.md, section 5)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.local.wire.call import Answer
from reconciler.local.wire.tokens import LIFETIME_SECONDS, SCOPES, Tokens


def management_answer(fields: Mapping[str, str], tokens: Tokens, client_id: str) -> Answer:
    """A token for that client, which proved itself and may use the Management API.

    `scope` may ask for fewer scopes; scopes that there are not are left out, as the platform does.
    """
    asked = fields.get("scope", "").split()
    granted = tuple(scope for scope in SCOPES if not asked or scope in asked)
    body = {"access_token": tokens.issued(fields["audience"], granted, client_id), "scope": " ".join(granted)}
    return Answer(200, {**body, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"})
