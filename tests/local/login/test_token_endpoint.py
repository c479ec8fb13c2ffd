"""Every other grant of `/oauth/token`, and the ways in which an application proves itself."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from auth0.authentication import GetToken
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import RSAKey

from reconciler.auth0.auth import Credentials
from reconciler.auth0.gateway import Endpoint, GatewayContext
from reconciler.local.registered import CLIENT_CREDENTIALS, LoginClient, Registered
from tests.local.login.served import ADA, API, CALLBACK, CLAIM, EVERYBODY, PASSWORD, WEB, Place, now, place

pytestmark = pytest.mark.anyio

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


async def test_a_refresh_token_works_once_and_the_actions_run_at_every_exchange(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            " const seen = (event.user.app_metadata.seen ?? 0) + 1; api.user.setAppMetadata('seen', seen);"
            f" api.accessToken.setCustomClaim('{CLAIM}', event.transaction.protocol + ' ' + seen);"
            " api.accessToken.setCustomClaim('body', event.request.body ?? null);"
            " if (event.refresh_token) api.refreshToken.setMetadata('seen', String(seen)); };"
        )
        code = await tenant.surfer().code(scope="openid offline_access", audience=API)
        first = (await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code)).json()
        second = (await tenant.token(grant_type="refresh_token", refresh_token=first["refresh_token"])).json()
        claims = await tenant.read(second["access_token"])
        assert claims[CLAIM] == "oauth2-refresh-token 2"
        assert claims["body"] == {"grant_type": "refresh_token", "client_id": "web"}
        assert claims["aud"][0] == API
        assert second["refresh_token"] != first["refresh_token"]
        assert (await tenant.read(second["id_token"]))["sub"] == claims["sub"]
        stolen = await tenant.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
        assert (stolen.status_code, stolen.json()["error"]) == (403, "invalid_grant")
        after = await tenant.token(grant_type="refresh_token", refresh_token=second["refresh_token"])
        assert after.json()["error"] == "invalid_grant"
        assert await tenant.codes() == ["s", "seacft", "sertft", "fertft", "fertft"]


async def test_a_refused_refresh_uses_nothing_up(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            " if (!event.refresh_token) return;"
            " api.user.setAppMetadata('tried', true);"
            " if (!event.user.app_metadata.tried) api.access.deny('not yet'); };"
        )
        code = await tenant.surfer().code(scope="offline_access")
        body = (await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code)).json()
        asked = {"grant_type": "refresh_token", "refresh_token": body["refresh_token"]}
        denied = await tenant.token(**asked)
        assert denied.status_code == 403
        assert denied.json() == {"error": "access_denied", "error_description": "not yet"}
        assert (await tenant.token(**asked)).status_code == 200


async def test_a_revoked_refresh_token_is_dead(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        code = await tenant.surfer().code(scope="offline_access")
        body = (await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code)).json()
        fields = {"client_id": "web", "client_secret": WEB.client_secret, "token": body["refresh_token"]}
        assert (await tenant.http.post(f"{tenant.url}/oauth/revoke", json=fields)).status_code == 200
        after = await tenant.token(grant_type="refresh_token", refresh_token=body["refresh_token"])
        assert after.json()["error"] == "invalid_grant"


async def test_a_password_is_exchanged_for_tokens_after_the_flow(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            f" api.idToken.setCustomClaim('{CLAIM}', [event.transaction.protocol, api.redirect.canRedirect()]);"
            " api.idToken.setCustomClaim('body', event.request.body);"
            " api.accessToken.addScope('read:orders'); };"
        )
        asked = {"grant_type": "password", "username": ADA.email, "password": PASSWORD, "scope": "openid"}
        body = (await tenant.token(**asked, audience=API)).json()
        claims = await tenant.read(body["id_token"])
        assert claims[CLAIM] == ["oauth2-resource-owner", False]
        assert PASSWORD not in str(claims["body"])
        assert body["scope"] == "openid read:orders"
        wrong = await tenant.token(**{**asked, "password": "wrong"})
        assert (wrong.status_code, wrong.json()) == (
            403,
            {"error": "invalid_grant", "error_description": "Wrong email or password."},
        )
        blocked = await tenant.token(**{**asked, "username": "blocked@example.com"})
        assert blocked.json()["error"] == "unauthorized"
        assert await tenant.codes() == ["sepft", "fp", "fp"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("api.redirect.sendUserTo('https://x.test/')", "interaction_required"),
        ("api.authentication.challengeWith({ type: 'otp' })", "mfa_required"),
        ("api.multifactor.enable('any')", "mfa_required"),
        ("api.access.deny('no')", "access_denied"),
        ("missing()", "server_error"),
    ],
)
async def test_what_needs_a_browser_refuses_a_password_exchange(tmp_path: Path, call: str, error: str) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(f"exports.onExecutePostLogin = async (event, api) => {{ {call}; }};")
        answer = await tenant.token(grant_type="password", username=ADA.email, password=PASSWORD)
        assert answer.json()["error"] == error
        assert answer.status_code >= 400


async def test_an_application_gets_a_token_of_its_own_after_its_flow(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecuteCredentialsExchange = async (event, api) => {"
            f" api.accessToken.setCustomClaim('{CLAIM}', [event.client.metadata.team, event.request.body]);"
            " if (event.transaction.requested_scopes.includes('bad')) api.access.deny('invalid_scope', 'not bad'); };",
            trigger="credentials-exchange",
        )
        body = (await tenant.token(grant_type=CLIENT_CREDENTIALS, audience=API, scope="read:orders")).json()
        claims = await tenant.read(body["access_token"])
        assert claims[CLAIM][0] == "storefront"
        assert "client_secret" not in claims[CLAIM][1]
        assert (claims["sub"], claims["aud"], claims["gty"]) == ("web@clients", API, "client-credentials")
        refused = await tenant.token(grant_type=CLIENT_CREDENTIALS, audience=API, scope="bad")
        assert refused.json() == {"error": "invalid_scope", "error_description": "not bad"}
        nothing = await tenant.token(grant_type=CLIENT_CREDENTIALS)
        assert nothing.status_code == 403
        management = await tenant.token(grant_type=CLIENT_CREDENTIALS, audience=f"{tenant.url}/api/v2/")
        assert management.json()["error"] == "access_denied"
        assert await tenant.codes() == ["seccft", "feccft", "feccft", "feccft"]


def key_pair() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def assertion(private: str, tenant: Place, **changes: Any) -> dict[str, str]:
    """The fields by which a client proves itself with its key."""
    moment = int(time.time())
    claims = {"iss": "keyed", "sub": "keyed", "aud": f"{tenant.url}/", "iat": moment, "exp": moment + 60, "jti": "one"}
    signed = jwt.encode({"alg": "RS256"}, {**claims, **changes}, RSAKey.import_key(private), algorithms=["RS256"])
    return {"client_assertion_type": ASSERTION, "client_assertion": signed}


async def test_a_private_key_proves_an_application_once_for_each_assertion(tmp_path: Path) -> None:
    private, public = key_pair()
    keyed = LoginClient("keyed", public_key=public, grant_types=(CLIENT_CREDENTIALS,), management_api=True)
    async with place(tmp_path, replace(EVERYBODY, clients=(*EVERYBODY.clients, keyed))) as tenant:

        async def ask(fields: dict[str, str], audience: str = API) -> httpx.Response:
            body = {"grant_type": CLIENT_CREDENTIALS, "audience": audience, **fields}
            return await tenant.http.post(f"{tenant.url}/oauth/token", json=body)

        good = assertion(private, tenant)
        assert (await ask(good)).status_code == 200
        other, _ = key_pair()
        moment = int(time.time())
        for bad in (
            good,
            assertion(private, tenant, jti="two", aud="https://elsewhere.test/"),
            assertion(private, tenant, jti="three", iss="web"),
            assertion(private, tenant, jti="four", exp=moment - 120),
            assertion(private, tenant, jti="five", sub="web", iss="web"),
            assertion(private, tenant, jti="long", exp=1e300),
            assertion(other, tenant, jti="six"),
            {**assertion(private, tenant, jti="seven"), "client_id": "web"},
            {**good, "client_assertion": "nonsense"},
        ):
            refused = await ask(bad)
            assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
        endpoint = Endpoint(
            url=tenant.url,
            audience=f"{tenant.url}/api/v2/",
            credentials=Credentials(client_id="keyed", private_key=private),
        )
        async with GatewayContext(endpoint, agent="test", clock=now) as gateway:
            assert await gateway.read_action_named("nothing") is None


async def test_a_secret_is_taken_from_the_header_too_and_a_wrong_one_never(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        body = {"grant_type": CLIENT_CREDENTIALS, "audience": API}
        for secret, status in ((WEB.client_secret, 200), ("wrong", 401)):
            answer = await tenant.http.post(f"{tenant.url}/oauth/token", data=body, auth=("web", secret))
            assert answer.status_code == status
        for fields in ({"client_id": "web"}, {"client_id": "spa"}, {"client_id": "nobody", "client_secret": "x"}, {}):
            answer = await tenant.http.post(f"{tenant.url}/oauth/token", data={**body, **fields})
            assert answer.status_code == 401
            assert answer.json() == {
                "error": "invalid_client",
                "error_description": "Client authentication failed",
            }


async def test_a_grant_that_the_application_may_not_use_is_refused(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        body = {"grant_type": "password", "client_id": "spa", "username": ADA.email, "password": PASSWORD}
        answer = await tenant.http.post(f"{tenant.url}/oauth/token", data=body)
        assert answer.status_code == 403
        assert answer.json() == {
            "error": "unauthorized_client",
            "error_description": "Grant type 'password' not allowed for the client.",
        }


async def test_a_custom_token_exchange_gives_tokens_of_the_user_whom_its_action_picked(tmp_path: Path) -> None:
    known = replace(ADA, user_id="auth0|ada")
    async with place(tmp_path, Registered(users=(known,), clients=(WEB,))) as tenant:
        await tenant.act(
            "exports.onExecuteCustomTokenExchange = async (event, api) => {"
            " const token = event.transaction.subject_token;"
            " if (token === 'bad') return api.access.rejectInvalidSubjectToken('unknown token');"
            " if (token.startsWith('auth0|')) return api.authentication.setUserById(token);"
            " const connection = 'Username-Password-Authentication', user_id = token.split('@')[0];"
            " const options = { creationBehavior: 'create_if_not_exists', updateBehavior: 'none' };"
            " api.authentication.setUserByConnection(connection, { user_id, email: token }, options); };",
            trigger="custom-token-exchange",
            name="trade",
            bind=False,
        )
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            f" api.idToken.setCustomClaim('{CLAIM}', event.transaction.protocol); }};"
        )
        asked = {"grant_type": EXCHANGE, "subject_token_type": "urn:acme:legacy", "scope": "openid email"}
        body = (await tenant.token(**asked, subject_token="auth0|ada")).json()
        claims = await tenant.read(body["id_token"])
        assert (claims["email"], claims[CLAIM]) == (ADA.email, "oauth2-token-exchange")
        fresh = (await tenant.token(**asked, subject_token="new@example.com")).json()
        assert (await tenant.read(fresh["id_token"]))["sub"] == "auth0|new"
        taken = await tenant.token(**asked, subject_token="ADA@example.com")
        assert taken.json()["error"] == "invalid_request"
        bad = await tenant.token(**asked, subject_token="bad")
        assert (bad.status_code, bad.json()["error_description"]) == (400, "unknown token")
        assert (await tenant.token(grant_type=EXCHANGE)).json()["error"] == "invalid_request"
        assert await tenant.codes() == ["secte", "secte", "secte", "fecte", "fecte", "fecte"]


async def test_the_official_authentication_client_gets_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with place(tmp_path, tls=True) as tenant:
        assert tenant.served.ca
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", tenant.served.ca)
        client = GetToken(tenant.url.removeprefix("https://"), "web", client_secret=WEB.client_secret)
        own = await asyncio.to_thread(client.client_credentials, API)
        assert own["token_type"] == "Bearer"
        login = await asyncio.to_thread(
            client.login, ADA.email, PASSWORD, scope="openid offline_access", realm="Username-Password-Authentication"
        )
        refreshed = await asyncio.to_thread(client.refresh_token, login["refresh_token"])
        assert (await tenant.read(refreshed["id_token"]))["aud"] == "web"


async def test_a_script_of_the_application_may_call_and_one_from_elsewhere_may_not(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        for origin, allowed in (("http://127.0.0.1:9", "http://127.0.0.1:9"), ("https://evil.example", None)):
            answer = await tenant.http.get(f"{tenant.url}/.well-known/jwks.json", headers={"Origin": origin})
            assert answer.headers.get("access-control-allow-origin") == allowed


async def test_a_user_who_left_the_file_is_gone_and_a_changed_one_is_changed(tmp_path: Path) -> None:
    asked = {"grant_type": "password", "username": ADA.email, "scope": "openid profile"}
    async with place(tmp_path) as tenant:
        body = (await tenant.token(**asked, password=PASSWORD)).json()
        first = (await tenant.read(body["id_token"]))["sub"]
    changed = Registered(users=(replace(ADA, password="another one", name="Ada King"),), clients=(WEB,))
    async with place(tmp_path, changed) as tenant:
        assert (await tenant.token(**asked, password=PASSWORD)).status_code == 403
        body = (await tenant.token(**asked, password="another one")).json()
        claims = await tenant.read(body["id_token"])
        assert (claims["sub"], claims["name"]) == (first, "Ada King")
    async with place(tmp_path, Registered(clients=(WEB,))) as tenant:
        assert (await tenant.token(**asked, password="another one")).status_code == 403
