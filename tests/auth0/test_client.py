"""What the client does with what a tenant answers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import RSAKey

from reconciler.auth0.auth import Credentials
from reconciler.errors import (
    MissingScope,
    NotFound,
    RateLimited,
    Rejected,
    TenantError,
    Unauthorized,
    Unreachable,
)
from tests.auth0.script import NOW, URL, Clock, Script, client, refusal

OK = httpx.Response(200, json={"ok": True})
SECRET = Credentials(client_id="me", client_secret="hush-hush")


def read(script: Script, clock: Clock | None = None) -> Any:
    return asyncio.run(client(script, clock or Clock()).read("/x"))


def write(script: Script, clock: Clock | None = None) -> Any:
    return asyncio.run(client(script, clock or Clock()).write("PATCH", "/x", {"a": 1}))


@pytest.mark.parametrize("trouble", [httpx.ConnectError("no"), httpx.ReadTimeout("late"), refusal(502, "bad")])
def test_a_read_is_tried_again(trouble: httpx.Response | Exception) -> None:
    script = Script(trouble, OK)
    assert read(script) == {"ok": True}
    assert len(script.asked) == 2


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("late"), httpx.RemoteProtocolError("cut"), refusal(502, "bad")])
def test_a_write_that_may_have_taken_effect_is_not_sent_again(trouble: httpx.Response | Exception) -> None:
    script = Script(trouble, OK)
    with pytest.raises(TenantError):
        write(script)
    assert len(script.asked) == 1


@pytest.mark.parametrize("trouble", [httpx.ConnectError("no"), refusal(429, "Global limit has been reached")])
def test_a_write_that_cannot_have_taken_effect_is_sent_again(trouble: httpx.Response | Exception) -> None:
    script = Script(trouble, OK)
    assert write(script) == {"ok": True}
    assert len(script.asked) == 2


def test_the_wait_after_a_429_is_what_the_header_says() -> None:
    clock = Clock()
    reset = str(int(NOW.timestamp()) + 7)
    assert read(Script(refusal(429, "limit", **{"x-ratelimit-reset": reset}), OK), clock) == {"ok": True}
    assert clock.slept == [7.0]


def test_the_next_request_waits_when_nothing_is_left_of_the_limit() -> None:
    clock = Clock()
    reset = str(int(NOW.timestamp()) + 3)
    used_up = httpx.Response(200, json={}, headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset})
    made = client(Script(used_up, OK), clock)

    async def twice() -> None:
        await made.read("/x")
        await made.read("/x")

    asyncio.run(twice())
    assert clock.slept == [3.0]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(401, "Invalid token"), Unauthorized),
        (refusal(403, "Insufficient scope, expected any of: create:actions"), MissingScope),
        (refusal(403, "This feature is not enabled for this tenant."), Rejected),
        (refusal(404, "That action does not exist."), NotFound),
        (refusal(400, "runtime is not supported"), Rejected),
        (refusal(429, "Global limit has been reached"), RateLimited),
        (refusal(500, "An internal server error occurred"), Rejected),
        (httpx.Response(502, text="<html>"), Rejected),
        (httpx.ConnectError("no"), Unreachable),
    ],
)
def test_every_refusal_has_a_type_and_a_way_out(answer: httpx.Response | Exception, kind: type[TenantError]) -> None:
    with pytest.raises(kind) as caught:
        read(Script(answer))
    assert caught.value.remedy
    if isinstance(answer, httpx.Response) and answer.status_code not in (502,):
        assert json.loads(answer.content)["message"] in caught.value.message


def test_a_full_last_page_costs_no_further_request() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        at = int(request.url.params["page"])
        return httpx.Response(200, json={"actions": [{"n": at * 100 + n} for n in range(100)], "total": 200})

    script = Script(page)

    async def every() -> list[int]:
        return [item["n"] async for item in client(script, Clock()).read_pages("/x", "actions")]

    assert asyncio.run(every()) == list(range(200))
    assert len(script.asked) == 2


def test_an_empty_list_without_a_total_ends() -> None:
    script = Script(httpx.Response(200, json={"actions": [], "per_page": 100}))

    async def every() -> list[Any]:
        return [item async for item in client(script, Clock()).read_pages("/x", "actions")]

    assert asyncio.run(every()) == []
    assert len(script.asked) == 1


def test_one_token_serves_many_requests_until_shortly_before_it_ends() -> None:
    clock = Clock()
    token = httpx.Response(200, json={"access_token": "t", "expires_in": 120})
    script = Script(lambda request: token if request.url.path == "/oauth/token" else OK)
    made = client(script, clock, SECRET)

    async def work() -> None:
        await asyncio.gather(*(made.read("/x") for _ in range(5)))
        await clock.sleep(61)
        await made.read("/x")

    asyncio.run(work())
    assert [request.url.path for request in script.asked].count("/oauth/token") == 2
    assert script.asked[-1].headers["Authorization"] == "Bearer t"


def test_refused_credentials_name_the_client_and_never_the_secret() -> None:
    script = Script(httpx.Response(401, json={"error": "access_denied", "error_description": "Unauthorized"}))
    with pytest.raises(Unauthorized) as caught:
        asyncio.run(client(script, Clock(), SECRET).read("/x"))
    assert "client me" in caught.value.message
    assert "hush-hush" not in f"{caught.value.message}{caught.value!r}{SECRET!r}"


def test_a_key_that_cannot_be_read_is_said_before_anything_is_sent() -> None:
    script = Script(OK)
    with pytest.raises(Unauthorized, match="private key") as caught:
        asyncio.run(client(script, Clock(), Credentials(client_id="me", private_key="nonsense")).read("/x"))
    assert caught.value.__cause__ is None  # no traceback shows what the key was made of
    assert script.asked == []


HTML = httpx.Response(200, text="<html>maintenance</html>")


@pytest.mark.parametrize(
    "answer", [HTML, httpx.Response(200, json={"maintenance": True}), httpx.Response(200, json=[])]
)
def test_an_answer_that_is_no_list_is_not_an_empty_tenant(answer: httpx.Response) -> None:
    async def every() -> list[Any]:
        return [item async for item in client(Script(answer), Clock()).read_pages("/x", "actions")]

    with pytest.raises(Rejected):
        asyncio.run(every())


@pytest.mark.parametrize("answer", [HTML, httpx.Response(200, json=["token"]), httpx.Response(200, json={})])
def test_a_token_that_is_none_is_told(answer: httpx.Response) -> None:
    with pytest.raises(Rejected, match="does not answer as a tenant"):
        asyncio.run(client(Script(answer), Clock(), SECRET).read("/x"))


def test_a_body_that_cannot_be_unpacked_is_told() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"no gzip"), headers={"content-encoding": "gzip"})

    with pytest.raises(Unreachable):
        read(Script(broken))


def test_a_secret_that_the_tenant_quotes_is_taken_out() -> None:
    quoting = refusal(400, 'Payload validation error: Invalid value "sup3r-secret" on property secrets[0].value')
    body = {"secrets": [{"name": "TOKEN", "value": "sup3r-secret"}, {"name": "OTHER"}]}
    with pytest.raises(Rejected) as caught:
        asyncio.run(client(Script(quoting), Clock()).write("PATCH", "/x", body))
    assert "sup3r-secret" not in caught.value.message
    assert 'Invalid value "<secret>"' in caught.value.message


@pytest.mark.parametrize("trouble", [httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")])
def test_a_write_that_was_never_sent_is_sent_again(trouble: Exception) -> None:
    script = Script(trouble, OK)
    assert write(script) == {"ok": True}


@pytest.mark.parametrize("status", [429, 503])
def test_a_token_that_is_refused_for_now_is_asked_for_again_even_for_a_write(status: int) -> None:
    token = httpx.Response(200, json={"access_token": "t", "expires_in": 120})
    made = client(Script(httpx.Response(status, json={"error": "too_many_requests"}), token, OK), Clock(), SECRET)
    assert asyncio.run(made.write("PATCH", "/x", {})) == {"ok": True}


def test_a_private_key_signs_an_assertion_that_its_public_half_verifies() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    token = httpx.Response(200, json={"access_token": "t", "expires_in": 120})
    script = Script(token, OK)
    asyncio.run(client(script, Clock(), Credentials(client_id="me", private_key=pem)).read("/x"))
    sent = json.loads(script.asked[0].content)
    assert "client_secret" not in sent
    public = RSAKey.import_key(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    claims = jwt.decode(sent["client_assertion"], public, algorithms=["RS256"]).claims
    assert claims["aud"] == f"{URL}/"
    assert (claims["iss"], claims["sub"]) == ("me", "me")
