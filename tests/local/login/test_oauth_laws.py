"""Laws of what is checked, whatever an application or an attacker sends."""

from __future__ import annotations

import base64
import json
import sqlite3
from datetime import UTC, datetime

from authlib.oauth2 import OAuth2Error
from cryptography.fernet import Fernet
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.local.keys import Keys
from reconciler.local.login.clients import known_clients
from reconciler.local.login.oauth import OAuthServer
from reconciler.local.login.oauth_request import OAuthRequest
from reconciler.local.registered import GRANTS
from reconciler.local.stamp import nanoseconds
from reconciler.local.state.tables import SCRIPTS
from tests.local.login.served import CALLBACK, EVERYBODY, SPA, WEB

KEYS = Keys("own", "own-secret", b"k" * 64, Fernet(Fernet.generate_key()))
SERVER = OAuthServer(known_clients(EVERYBODY, KEYS))
NOW = nanoseconds(datetime(2026, 11, 22, tzinfo=UTC))
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(["", "code", "openid", CALLBACK, "none", "x" * 43, "S256"]))
CLIENTS = st.sampled_from(["web", "spa", "own", "nobody", ""])
NAMES = ["response_type", "redirect_uri", "scope", "state", "nonce", "prompt", "code_challenge"]
NAMES += ["code_challenge_method", "response_mode", "max_age"]


def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    for script in SCRIPTS:
        connection.executescript(script)
    connection.create_function("sealed", 1, KEYS.sealed)
    connection.create_function("opened", 1, KEYS.opened)
    return connection


def asked(pairs: list[tuple[str, str]], method: str, headers: dict[str, str] | None = None) -> OAuthRequest:
    issuer = "http://127.0.0.1:1/"
    return OAuthRequest(method, pairs, connection=database(), issuer=issuer, now=NOW, headers=headers)


@given(client=CLIENTS, pairs=st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), max_size=12))
@example(client="web", pairs=[("response_type", "code"), ("redirect_uri", 'https://evil.example/\u00e9"')])
def test_nobody_is_redirected_but_to_a_callback_of_the_application(client: str, pairs: list[tuple[str, str]]) -> None:
    request = asked([("client_id", client), *pairs], "GET")
    verdict = SERVER.authorization(request, None)
    request.connection.close()
    target = verdict.redirect_uri if isinstance(verdict, OAuth2Error) else verdict
    known = {"web": WEB.callbacks, "spa": SPA.callbacks}.get(client, ())
    assert not target or target in known


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda one: st.lists(one, max_size=2)
)
CLAIMS = st.dictionaries(st.sampled_from(["iss", "sub", "aud", "exp", "jti", "nbf", "iat"]), JSON)
JWTS = st.builds(
    lambda head, body: f"{_part(head)}.{_part(body)}.AAAA", st.just({"alg": "RS256"}) | JSON, CLAIMS | JSON
)
HEADERS: st.SearchStrategy[dict[str, str]] = st.one_of(
    st.just({}),
    st.builds(lambda text: {"Authorization": f"Basic {text}"}, st.text(max_size=20)),
    st.builds(
        lambda text: {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}, st.text(max_size=20)
    ),
)
FIELDS = ["client_secret", "code", "redirect_uri", "code_verifier", "refresh_token", "username", "password", "scope"]
FIELDS += ["subject_token", "subject_token_type"]


@given(
    client=CLIENTS,
    grant=st.sampled_from(GRANTS),
    fields=st.dictionaries(st.sampled_from(FIELDS), TEXTS),
    assertion=st.none() | JWTS | TEXTS,
    headers=HEADERS,
)
def test_a_token_request_without_credentials_is_refused_and_never_breaks_anything(
    client: str, grant: str, fields: dict[str, str], assertion: str | None, headers: dict[str, str]
) -> None:
    pairs = [("grant_type", grant), ("client_id", client), *fields.items()]
    if assertion is not None:
        pairs += [("client_assertion_type", ASSERTION), ("client_assertion", assertion)]
    request = asked(pairs, "POST", headers)
    verdict = SERVER.exchange(request)
    assert isinstance(verdict, OAuth2Error)
    request.connection.close()
