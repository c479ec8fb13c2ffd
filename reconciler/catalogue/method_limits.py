"""The documented limits of what the methods of `api` take.

Sources: Auth0's limitations page (LIM) and the pages of the methods; the numbers are collected in this project's
platform notes, sections 1 to 5. Where the notes say kB, a thousand bytes are meant.
"""

from __future__ import annotations

CLAIMS_BYTES = 100_000
"""Custom claims of one token, names and values as JSON (page on custom claims)."""

USER_METADATA_BYTES = 32_000
"""User metadata written by one flow, and the same again of app metadata (LIM)."""

TRANSACTION_KEY_CHARACTERS = 64
TRANSACTION_VALUE_BYTES = 8_000
TRANSACTION_TOTAL_BYTES = 16_000
"""LIM, api.transaction.setMetadata."""

PAIR_ENTRIES = 25
PAIR_CHARACTERS = 255
PAIR_KEY = r"^[A-Za-z0-9_-]+$"
"""Metadata of a session and of a refresh token: entries, characters of a key and of a value, what a key is made of."""

FACTORS_PER_FLOW = 4
"""challengeWith, challengeWithAny, enrollWith and enrollWithAny, all actions of a user's flow together."""

PRIMARY_USER_CHARACTERS = 128
"""LIM, authentication.setPrimaryUser; once per transaction."""

ACTOR_PARTIES = 5
ACTOR_KEYS = 5
"""authentication.setActor: parties in the chain, and keys of each beside sub and act."""

CONNECTION_CHARACTERS = 512
PROFILE_KEYS = 24
"""authentication.setUserByConnection (API page before 2026-02-25)."""

NOTIFICATION_REASON_CHARACTERS = 1024
"""notification.drop and notification.retry; cut beyond."""

SAML_ATTRIBUTES = 100
SAML_NAME_BYTES = 1_000
SAML_VALUE_BYTES = 2_000
SAML_TOTAL_BYTES = 10_000
SAML_PROBES = 10
SAML_BYTES = {
    "setAudience": 2_000,
    "setRecipient": 2_000,
    "setDestination": 2_000,
    "setNameIdentifierFormat": 500,
    "setAuthnContextClassRef": 500,
    "setNameIdentifierProbes": 500,
    "setSigningCert": 4_000,
    "setEncryptionCert": 4_000,
    "setEncryptionPublicKey": 4_000,
    "setCert": 4_000,
    "setKey": 4_000,
}
"""LIM, SAML; of setNameIdentifierProbes each probe."""

ROLE_IDS = 100
ROLE_NAMES = 50
ROLE_PAGE = 100
"""api.roles."""
