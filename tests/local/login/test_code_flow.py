"""The code flow, driven by Authlib's client and by a browser without scripts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken

from reconciler.local.registered import Registered
from tests.local.login.served import API, CALLBACK, CLAIM, challenge_of, fields_of, place

pytestmark = pytest.mark.anyio

SETS_CLAIMS = f"""
exports.onExecutePostLogin = async (event, api) => {{
  api.idToken.setCustomClaim("{CLAIM}", event.user.app_metadata.plan);
  api.accessToken.setCustomClaim("{CLAIM}", event.user.app_metadata.plan);
  api.accessToken.setCustomClaim("https://acme.example/roles", event.authorization.roles);
}};
"""


async def test_a_client_library_completes_a_code_flow_with_pkce_and_gets_the_claims_that_an_action_set(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(SETS_CLAIMS)
        surfer, verifier, nonce = tenant.surfer(), generate_token(48), generate_token()
        with OAuth2Session(
            "spa",
            scope="openid profile email offline_access",
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
            token_endpoint_auth_method="none",
        ) as client:
            url, state = client.create_authorization_url(
                f"{tenant.url}/authorize", code_verifier=verifier, nonce=nonce, audience=API
            )
            page = await surfer.open(url)
            assert "Acme Cart" in page.text
            back = await surfer.sign_in()
            token = await asyncio.to_thread(
                client.fetch_token,
                f"{tenant.url}/oauth/token",
                authorization_response=back.headers["location"],
                state=state,
                code_verifier=verifier,
            )
        claims = CodeIDToken(
            await tenant.read(token["id_token"]),
            {"alg": "RS256"},
            {"iss": {"value": f"{tenant.url}/"}, "aud": {"value": "spa"}},
            {"nonce": nonce, "client_id": "spa", "access_token": token["access_token"]},
        )
        claims.validate()
        assert claims[CLAIM] == "gold"
        assert (claims["email"], claims["email_verified"], claims["name"]) == ("ada@example.com", True, "Ada Lovelace")
        access = await tenant.read(token["access_token"])
        assert access["aud"] == [API, f"{tenant.url}/userinfo"]
        assert access["https://acme.example/roles"] == ["buyer"]
        assert (access["azp"], access["sub"]) == ("spa", claims["sub"])
        asked = {"Authorization": f"Bearer {token['access_token']}"}
        userinfo = (await tenant.http.get(f"{tenant.url}/userinfo", headers=asked)).json()
        assert (userinfo["sub"], userinfo["email"]) == (claims["sub"], "ada@example.com")
        assert token["refresh_token"]
        assert await tenant.codes() == ["s", "seacft"]


async def test_a_second_application_gets_a_code_without_the_password_and_the_actions_run_again(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        await tenant.act(
            "exports.onExecutePostLogin = async (event, api) => {"
            f"  api.idToken.setCustomClaim('{CLAIM}', event.stats.logins_count + ' ' + event.client.client_id);"
            "  api.idToken.setCustomClaim('methods', event.authentication.methods.map((one) => one.name)); };"
        )
        surfer = tenant.surfer()
        first = await tenant.token(
            grant_type="authorization_code", redirect_uri=CALLBACK, code=await surfer.code(nonce="n")
        )
        assert (await tenant.read(first.json()["id_token"]))[CLAIM] == "1 web"
        verifier = generate_token(48)
        challenge = challenge_of(verifier)
        straight = await surfer.authorize("spa", code_challenge=challenge, code_challenge_method="S256")
        code = fields_of(straight)["code"]
        body = {"grant_type": "authorization_code", "client_id": "spa", "code": code, "redirect_uri": CALLBACK}
        second = await tenant.http.post(f"{tenant.url}/oauth/token", data={**body, "code_verifier": verifier})
        claims = await tenant.read(second.json()["id_token"])
        assert (claims[CLAIM], claims["methods"]) == ("2 spa", ["pwd"])
        assert claims["sid"] == (await tenant.read(first.json()["id_token"]))["sid"]


async def test_what_an_action_writes_is_seen_by_the_next_login_and_outlives_the_tenant(tmp_path: Path) -> None:
    counts = (
        "exports.onExecutePostLogin = async (event, api) => {"
        " const seen = (event.user.app_metadata.seen ?? 0) + 1; api.user.setAppMetadata('seen', seen);"
        " api.user.setUserMetadata('plan', null);"
        " api.idToken.setCustomClaim('seen', seen); };"
    )
    async with place(tmp_path) as tenant:
        await tenant.act(counts)
        for wanted in (1, 2):
            code = await tenant.surfer().code()
            body = (await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code)).json()
            assert (await tenant.read(body["id_token"]))["seen"] == wanted
    async with place(tmp_path) as tenant:
        code = await tenant.surfer().code()
        body = (await tenant.token(grant_type="authorization_code", redirect_uri=CALLBACK, code=code)).json()
        assert (await tenant.read(body["id_token"]))["seen"] == 3


async def test_prompt_none_asks_nobody(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        surfer = tenant.surfer()
        assert fields_of(await surfer.authorize(prompt="none")) == {
            "error": "login_required",
            "error_description": "Login required",
            "state": "xyz",
        }
        await surfer.code()
        assert "code" in fields_of(await surfer.authorize(prompt="none"))
        await tenant.act(
            "exports.onExecutePostLogin = async (e, api) => { api.redirect.sendUserTo('https://x.test/'); }"
        )
        assert fields_of(await surfer.authorize(prompt="none"))["error"] == "interaction_required"
        assert await tenant.codes() == ["fsa", "s", "ssa", "fsa"]


async def test_prompt_login_and_max_age_ask_for_the_password_again(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        surfer = tenant.surfer()
        await surfer.code()
        for again in ({"prompt": "login"}, {"max_age": "0"}):
            assert "Log in" in (await surfer.authorize(**again)).text
        assert "code" in fields_of(await surfer.authorize(max_age="3600"))


@pytest.mark.parametrize(
    "redirect_uri", ["https://evil.example/", "http://127.0.0.1:9/callback/", "http://127.0.0.1:9/callback?x=1", 'é"']
)
async def test_a_foreign_redirect_uri_is_never_redirected_to(tmp_path: Path, redirect_uri: str) -> None:
    async with place(tmp_path) as tenant:
        answer = await tenant.surfer().authorize(redirect_uri=redirect_uri)
        assert (answer.status_code, answer.is_redirect) == (400, False)
        assert "This login cannot go on" in answer.text
        assert await tenant.codes() == ["f"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"client_id": "spa"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
async def test_an_application_is_told_what_is_wrong_with_its_request(
    tmp_path: Path, change: dict[str, str], error: str
) -> None:
    async with place(tmp_path) as tenant:
        told = fields_of(await tenant.surfer().authorize(**change))
        assert (told["error"], told["state"]) == (error, "xyz")


async def test_a_code_that_is_used_twice_is_refused_and_takes_its_tokens_with_it(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        code = await tenant.surfer().code(scope="openid offline_access")
        once = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code}
        body = (await tenant.token(**once)).json()
        asked = {"Authorization": f"Bearer {body['access_token']}"}
        assert (await tenant.http.get(f"{tenant.url}/userinfo", headers=asked)).status_code == 200
        again = await tenant.token(**once)
        assert (again.status_code, again.json()["error"]) == (403, "invalid_grant")
        assert (await tenant.http.get(f"{tenant.url}/userinfo", headers=asked)).status_code == 401
        refreshed = await tenant.token(grant_type="refresh_token", refresh_token=body["refresh_token"])
        assert refreshed.json()["error"] == "invalid_grant"
        assert await tenant.codes() == ["s", "seacft", "feacft", "fertft"]


@pytest.mark.parametrize("verifier", ["", "y" * 43, "short"])
async def test_a_code_without_its_verifier_is_worth_nothing(tmp_path: Path, verifier: str) -> None:
    async with place(tmp_path) as tenant:
        challenge = challenge_of("x" * 43)
        code = await tenant.surfer().code(code_challenge=challenge, code_challenge_method="S256")
        body = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code}
        answer = await tenant.token(**body, **({"code_verifier": verifier} if verifier else {}))
        assert answer.status_code >= 400
        assert answer.json()["error"] in ("invalid_grant", "invalid_request")
        assert (await tenant.token(**body, code_verifier="x" * 43)).status_code == 200


async def test_a_code_belongs_to_its_application_and_callback(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        code = await tenant.surfer().code()
        body = {"grant_type": "authorization_code", "code": code}
        stolen = await tenant.http.post(
            f"{tenant.url}/oauth/token", data={**body, "client_id": "spa", "redirect_uri": CALLBACK}
        )
        assert stolen.json()["error"] == "invalid_grant"
        elsewhere = await tenant.token(**body, redirect_uri="http://127.0.0.1:9/other")
        assert elsewhere.json()["error"] == "invalid_grant"


async def test_a_wrong_password_and_a_blocked_user_stay_on_the_login_page(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        surfer = tenant.surfer()
        await surfer.authorize(login_hint="ada@example.com")
        assert surfer.page and 'value="ada@example.com"' in surfer.page.text
        wrong = await surfer.sign_in(password="wrong")
        assert (wrong.status_code, "Wrong email or password." in wrong.text) == (400, True)
        assert "Wrong email or password." in (await surfer.sign_in(email="nobody@example.com")).text
        assert "blocked" in (await surfer.sign_in(email="blocked@example.com")).text
        assert "code" in fields_of(await surfer.sign_in(email="ADA@example.com"))
        assert await tenant.codes() == ["fp", "fp", "f", "s"]


async def test_a_login_belongs_to_the_browser_that_began_it(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        surfer, other = tenant.surfer(), tenant.surfer()
        await surfer.authorize()
        assert surfer.page
        stolen = await other.http.get(str(surfer.page.url))
        assert (stolen.status_code, "over" in stolen.text) == (400, True)
        other.page = surfer.page
        assert (await other.sign_in()).status_code == 400


async def test_form_post_brings_the_fields_in_a_form(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        surfer = tenant.surfer()
        await surfer.authorize(response_mode="form_post", state='"><script>')
        answer = await surfer.sign_in()
        assert answer.status_code == 200
        assert f'<form method="post" action="{CALLBACK}"' in answer.text
        assert 'name="code"' in answer.text
        assert 'name="state" value="&#34;&gt;&lt;script&gt;"' in answer.text


async def test_logging_out_ends_the_session_and_goes_only_where_the_application_says(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        surfer = tenant.surfer()
        await surfer.code()
        away = await surfer.open("/v2/logout?client_id=web&returnTo=https://evil.example/")
        assert away.status_code == 400
        await surfer.code(prompt="login")
        left = await surfer.open("/v2/logout?client_id=web&returnTo=http://127.0.0.1:9/bye")
        assert left.headers["location"] == "http://127.0.0.1:9/bye"
        assert "Log in" in (await surfer.authorize()).text
        assert "Logged out" in (await surfer.open("/oidc/logout")).text
        assert [code for code in await tenant.codes() if code.endswith("lo")] == ["flo", "slo", "slo"]


async def test_pages_hold_nothing_from_elsewhere_and_are_kept_by_nobody(tmp_path: Path) -> None:
    async with place(tmp_path) as tenant:
        page = await tenant.surfer().authorize()
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["cache-control"] == "no-store"
        assert "http" not in page.text.replace("http-equiv", "")
        assert "<script" not in page.text
        cookies = page.request.headers["cookie"]
        assert "reconciler_browser_" in cookies


async def test_over_tls_the_cookies_are_secure_and_the_metadata_is_whole(tmp_path: Path) -> None:
    async with place(tmp_path, tls=True) as tenant:
        surfer = tenant.surfer()
        await surfer.authorize()
        answer = await surfer.sign_in()
        flags = answer.headers["set-cookie"].lower()
        assert "secure" in flags
        assert "httponly" in flags
        assert "samesite=lax" in flags
        metadata = (await tenant.http.get(f"{tenant.url}/.well-known/openid-configuration")).json()
        assert metadata["issuer"] == f"{tenant.url}/"
        assert metadata["code_challenge_methods_supported"] == ["S256"]


async def test_a_tenant_without_applications_says_how_to_add_one(tmp_path: Path) -> None:
    async with place(tmp_path, Registered()) as tenant:
        answer = await tenant.surfer().authorize()
        assert answer.status_code == 400
        assert "client_id: my-app" in answer.text
