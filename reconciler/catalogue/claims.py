"""The names that a custom claim must not have.

Source: Auth0's page on creating custom claims (docs-v2, secure/tokens/json-web-tokens/create-custom-claims), which
lists exactly these 60. "In case of collisions, the transaction won't fail, but your custom claim won't be added."
"""

from __future__ import annotations

from urllib.parse import urlsplit

_NAMES = """
acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest
entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce
object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date sip_from_tag
sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256
"""
RESTRICTED = frozenset(_NAMES.split())

RESERVED_DOMAINS = ("auth0.com", "webtask.io", "webtask.run")
RESERVED_URN = "urn:auth0"


def allowed_claim(name: str) -> bool:
    """Whether a custom claim of that name reaches the token; one that does not is dropped without a word.

    Dropping one of a reserved namespace is our reading: the page says only that it cannot be used.
    """
    lowered = name.lower()
    if name in RESTRICTED or lowered == RESERVED_URN or lowered.startswith(f"{RESERVED_URN}:"):
        return False
    if not lowered.startswith(("http://", "https://")):
        return True
    host = _host(lowered)
    return not any(host == domain or host.endswith(f".{domain}") for domain in RESERVED_DOMAINS)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
