"""What the client does with what GitHub answers, over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import (
    GitHubError,
    GitHubForbidden,
    GitHubNotFound,
    GitHubRateLimited,
    GitHubRejected,
    GitHubUnreachable,
)
from reconciler.github.access import Access, open_github
from reconciler.github.gateway import GitHub
from reconciler.local.certificates import served_certificates
from tests.github.opened import Clock, ask
from tests.github.standin import READ_ONLY, TOKEN, Served, Token, serving
from tests.github.standin.state import NOW, Comment

AT = "2026-11-23T12:00:00Z"
ODD: tuple[Any, ...] = ({}, [], None, "text", 7, [7], ["text"], [None], {"message": "no"}, [{"id": 1}])


@pytest.fixture
def github() -> Iterator[Served]:
    with serving() as served:
        served.state.pull("topic", "a1" * 20)
        yield served


async def read(github: GitHub) -> Any:
    return await github.read_comments(1)


async def write(github: GitHub) -> Any:
    return await github.create_comment(1, "hello")


@pytest.mark.parametrize("do", ["500", "502", "lost", "secondary", "secondary-429"])
def test_a_read_is_tried_again(github: Served, do: str) -> None:
    github.state.fail(do)
    assert ask(github.access(), read) == ()
    assert len(github.state.requests) == 2


def test_a_read_that_fails_again_and_again_is_given_up(github: Served) -> None:
    github.state.fail("502", times=9)
    with pytest.raises(GitHubRejected, match="refused with 502: Bad Gateway") as caught:
        ask(github.access(), read)
    assert caught.value.status == 502
    assert len(github.state.requests) == 4


@pytest.mark.parametrize(("do", "kind"), [("502-after", GitHubRejected), ("lost-after", GitHubUnreachable)])
def test_a_write_that_may_have_taken_effect_is_not_sent_again(github: Served, do: str, kind: type[GitHubError]) -> None:
    github.state.fail(do)
    with pytest.raises(kind) as caught:
        ask(github.access(), write)
    assert "may have been" in caught.value.remedy
    assert len(github.state.requests) == len(github.state.comments) == 1


@pytest.mark.parametrize("do", ["secondary", "secondary-429"])
def test_a_write_that_a_limit_refused_is_sent_again(github: Served, do: str) -> None:
    github.state.fail(do)
    ask(github.access(), write)
    assert [seen.status for seen in github.state.requests] == [403 if do == "secondary" else 429, 201]
    assert len(github.state.comments) == 1


def test_a_write_that_reached_nobody_is_tried_again() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        clock = Clock()
        with pytest.raises(GitHubUnreachable, match="cannot be reached") as caught:
            ask(Access("acme/identity", TOKEN, url), write, clock)
    assert len(clock.slept) == 3
    assert "may have been" not in caught.value.remedy


def test_the_wait_after_a_secondary_limit_is_what_the_header_says(github: Served) -> None:
    github.state.fail("secondary", seconds=42)
    clock = Clock()
    ask(github.access(), write, clock)
    assert clock.slept == [42]


def test_without_a_header_a_secondary_limit_is_waited_for_a_minute_then_two_then_given_up(github: Served) -> None:
    github.state.fail("secondary-429", times=9)
    clock = Clock()
    with pytest.raises(GitHubRateLimited, match="secondary rate limit"):
        ask(github.access(), write, clock)
    assert clock.slept == [60, 120]


def test_what_was_submitted_too_quickly_is_submitted_again(github: Served) -> None:
    errors = [{"resource": "Issue", "code": "custom", "message": "was submitted too quickly"}]
    github.state.fail("answer", status=422, body={"message": "Validation Failed", "errors": errors})
    clock = Clock()
    ask(github.access(), write, clock)
    assert clock.slept == [60]


@pytest.mark.parametrize("seconds", ["3600", "9" * 400, "²", "-1", "soon"])
def test_whatever_retry_after_says_nobody_waits_for_long(github: Served, seconds: str) -> None:
    body = {"message": "You have exceeded a secondary rate limit."}
    github.state.fail(
        "answer", status=403, headers={"retry-after": seconds.encode().decode("latin-1")}, body=body, times=9
    )
    clock = Clock()
    with pytest.raises(GitHubRateLimited):
        ask(github.access(), read, clock)
    assert sum(clock.slept) <= 180


def test_a_used_up_limit_that_ends_soon_is_waited_for(github: Served) -> None:
    github.state.remaining = 0
    github.state.reset = NOW + timedelta(seconds=90)

    class Refilled(Clock):
        async def sleep(self, seconds: float) -> None:
            await super().sleep(seconds)
            github.state.remaining = 1000

    clock = Refilled()
    ask(github.access(), write, clock)
    assert clock.slept == [90]


def test_a_used_up_limit_that_lasts_is_told_with_its_end_and_not_waited_for(github: Served) -> None:
    github.state.remaining = 0
    clock = Clock()
    with pytest.raises(GitHubRateLimited, match="until 2026-11-23 13:00:00 UTC") as caught:
        ask(github.access(), write, clock)
    assert clock.slept == []
    assert caught.value.remedy


def test_nothing_is_sent_once_the_limit_is_known_to_be_used_up(github: Served) -> None:
    github.state.remaining = 1

    async def twice(opened: GitHub) -> None:
        await write(opened)
        await write(opened)

    with pytest.raises(GitHubRateLimited, match="13:00:00 UTC"):
        ask(github.access(), twice)
    assert len(github.state.requests) == 1


def test_requests_go_one_after_another_though_they_are_made_side_by_side(github: Served) -> None:
    async def many(opened: GitHub) -> None:
        await asyncio.gather(*(write(opened) for _ in range(8)))

    github.state.fail("secondary", call=3, seconds=5)
    clock = Clock()
    ask(github.access(), many, clock)
    assert clock.slept == [5]
    assert len(github.state.comments) == 8


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_every_page_of_a_list_is_read(github: Served, count: int) -> None:
    for number in range(count):
        github.state.comments[number] = Comment(number, 1, str(number), "ada", AT, AT)
    assert [comment.body for comment in ask(github.access(), read)] == [str(number) for number in range(count)]
    assert len(github.state.requests) == max(1, -(-count // 100))


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/page", "http://127.0.0.1:1/page", "//evil.example/x", "https://[", "ftp://x/y"]
)
@pytest.mark.parametrize("header", ["link", "location"])
def test_the_token_never_goes_to_another_host(github: Served, elsewhere: str, header: str) -> None:
    link = header == "link"
    headers = {header: f'<{elsewhere}>; rel="next"' if link else elsewhere}
    github.state.fail("answer", status=200 if link else 307, headers=headers, body=[])
    with pytest.raises(GitHubRejected, match="leads"):
        ask(github.access(), read)
    if not link:
        github.state.fail("answer", status=307, headers=headers)
        with pytest.raises(GitHubRejected, match="leads"):
            ask(github.access(), write)
    assert not github.state.comments


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_repository_that_moved_is_followed_on_the_same_host_with_the_whole_request(
    github: Served, status: int
) -> None:
    to = {"location": "/repos/acme/identity/issues/1/comments"}
    github.state.fail("answer", "old/name", status=status, headers=to, times=2)
    moved = Access("old/name", TOKEN, github.url)
    assert ask(moved, write).body == "hello"
    assert len(ask(moved, read)) == 1


def test_redirects_in_a_circle_end(github: Served) -> None:
    headers = {"location": "/repos/acme/identity/issues/1/comments"}
    github.state.fail("answer", status=301, headers=headers, times=99)
    with pytest.raises(GitHubRejected, match="301"):
        ask(github.access(), write)
    assert len(github.state.requests) == 4


def test_pages_in_a_circle_end(github: Served) -> None:
    here = '</repos/acme/identity/issues/1/comments?page=2>; rel="next"'
    github.state.fail("answer", headers={"link": here}, body=[], times=99)
    with pytest.raises(GitHubRejected, match="circle"):
        ask(github.access(), read)


@pytest.mark.parametrize("body", ["<html>sign in</html>", "", *ODD])
@pytest.mark.parametrize(
    "work",
    [
        lambda github: github.create_comment(1, "x"),
        lambda github: github.read_pull(1),
        lambda github: github.create_check("a1" * 20, "n", "success", "t", "s"),
        lambda github: github.create_deployment("a1" * 20, "prod"),
        lambda github: github.read_login(),
    ],
)
def test_an_odd_answer_is_no_answer(github: Served, body: Any, work: Any) -> None:
    github.state.fail("answer", body=body)
    with pytest.raises(GitHubRejected):
        ask(github.access(), work)


@pytest.mark.parametrize("body", ["<html>sign in</html>", "", *(odd for odd in ODD if odd != [])])
@pytest.mark.parametrize(
    "work",
    [
        lambda github: github.read_comments(1),
        lambda github: github.read_checks("a1" * 20, "n"),
        lambda github: github.read_statuses("a1" * 20),
        lambda github: github.read_pulls_of("a1" * 20),
        lambda github: github.read_issues("drift"),
        lambda github: github.read_deployments("a1" * 20, "prod"),
        lambda github: github.ensure_pull("adopt", "main", "t", "b"),
    ],
)
def test_an_odd_answer_is_no_empty_list(github: Served, body: Any, work: Any) -> None:
    github.state.fail("answer", body=body)
    with pytest.raises(GitHubRejected):
        ask(github.access(), work)


def test_a_missing_permission_is_named(github: Served) -> None:
    github.state.tokens["fork"] = READ_ONLY
    with pytest.raises(GitHubForbidden, match="Resource not accessible by integration") as caught:
        ask(github.access("fork"), lambda opened: opened.create_check("a1" * 20, "n", "success", "t", "s"))
    assert "`checks: write`" in caught.value.remedy
    with pytest.raises(GitHubForbidden) as caught:
        ask(github.access("fork"), write)
    assert "`issues: write` or `pull-requests: write`" in caught.value.remedy


@pytest.mark.parametrize(
    ("headers", "words", "remedy"),
    [
        ({"x-accepted-oauth-scopes": "repo"}, "Must have admin rights", "scope repo"),
        ({"x-github-sso": "required; url=https://github.com/orgs/acme/sso"}, "Resource protected by SAML", "sign-on"),
        ({}, "GitHub Actions is not permitted to create or approve pull requests.", "settings"),
        ({}, "Repository access blocked", "name of the repository"),
    ],
)
def test_every_way_to_be_forbidden_has_a_way_out(
    github: Served, headers: dict[str, str], words: str, remedy: str
) -> None:
    github.state.fail("answer", status=403, headers=headers, body={"message": words})
    with pytest.raises(GitHubForbidden, match=words) as caught:
        ask(github.access(), write)
    assert remedy in caught.value.remedy


def test_a_refused_token_is_told_without_it(github: Served) -> None:
    with pytest.raises(GitHubForbidden, match="refuses the token: Bad credentials") as caught:
        ask(github.access("ghs_wrong"), write)
    assert caught.value.status == 401
    assert "ghs_wrong" not in f"{caught.value!r} {caught.value.remedy} {github.access('ghs_wrong')!r}"


def test_what_is_not_there_is_not_found(github: Served) -> None:
    with pytest.raises(GitHubNotFound, match="GET /repos/acme/identity/pulls/77"):
        ask(github.access(), lambda opened: opened.read_pull(77))
    with pytest.raises(GitHubNotFound):
        ask(Access("acme/other", TOKEN, github.url), read)


def test_a_refusal_is_told_in_githubs_words_on_one_line(github: Served) -> None:
    with pytest.raises(GitHubRejected, match="refused with 422: Validation Failed; Body cannot be blank"):
        ask(github.access(), lambda opened: opened.create_comment(1, " "))
    github.state.fail("answer", status=422, body={"message": "Invalid request.\n\nOnly 50 items are allowed."})
    with pytest.raises(GitHubRejected, match=r"422: Invalid request\. Only 50 items are allowed\.$"):
        ask(github.access(), write)
    fields = [{"resource": "Issue", "field": "labels", "code": "invalid", "value": "what was sent"}]
    github.state.fail("answer", status=422, body={"message": "Validation Failed", "errors": fields})
    with pytest.raises(GitHubRejected, match=r"422: Validation Failed; Issue labels invalid$"):
        ask(github.access(), write)


def test_a_token_that_github_says_back_is_hidden(github: Served) -> None:
    github.state.fail("answer", status=400, body={"message": f"odd header: Bearer {TOKEN}", "errors": [TOKEN, 7, None]})
    with pytest.raises(GitHubRejected, match="odd header: Bearer <secret>") as caught:
        ask(github.access(), write)
    assert TOKEN not in f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"


@pytest.mark.parametrize("token", ["", " ", "two words", "line\nbreak", "tökén", "nul\0"])
def test_a_token_that_cannot_be_one_is_refused_before_anything_is_sent(github: Served, token: str) -> None:
    with pytest.raises(GitHubForbidden, match="is empty or not one") as caught:
        ask(github.access(token), read)
    assert not token.strip() or token not in f"{caught.value!r}"
    assert not github.state.requests


def test_space_around_a_token_does_no_harm(github: Served) -> None:
    assert ask(github.access(f"{TOKEN}\n"), read) == ()


@pytest.mark.parametrize("repository", ["", "acme", "acme/identity/x", "acme/ident ity", "../..", "acme/..", "a/b\n"])
def test_a_repository_that_is_none_is_refused_before_anything_is_sent(github: Served, repository: str) -> None:
    with pytest.raises(GitHubError, match="names no repository"):
        ask(Access(repository, TOKEN, github.url), read)
    assert not github.state.requests


@pytest.mark.parametrize(
    "url", ["", "github.corp", "ftp://x", "https://", "https://me:pw@x", "http://[", "https://x?y=1"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(GitHubError, match="GITHUB_API_URL") as caught:
        ask(Access("acme/identity", TOKEN, url), read)
    assert "pw" not in caught.value.message


@pytest.mark.parametrize("slash", ["", "/"])
def test_github_enterprise_is_spoken_with_below_its_path(github: Served, slash: str) -> None:
    async def both(opened: GitHub) -> str:
        await read(opened)
        return await opened.read_login()

    assert ask(Access("acme/identity", TOKEN, f"{github.url}/api/v3{slash}"), both) == "github-actions[bot]"
    assert [seen.path for seen in github.state.requests] == [
        "/api/v3/repos/acme/identity/issues/1/comments",
        "/api/graphql",
    ]


def test_every_request_says_who_asks_for_which_version(github: Served) -> None:
    ask(github.access(), write)
    headers = github.state.requests[0].headers
    assert headers["accept"] == "application/vnd.github+json"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["user-agent"].startswith("reconciler/")
    assert headers["authorization"] == f"Bearer {TOKEN}"


def test_a_github_on_this_machine_needs_no_proxy(github: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert ask(github.access(), read) == ()


def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:1")
    with pytest.raises(GitHubError, match=r"The way to api\.github\.com cannot be used") as caught:
        ask(Access("acme/identity", TOKEN), read)
    assert "HTTPS_PROXY" in caught.value.remedy
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pa#ss@127.0.0.1:1")
    with pytest.raises(GitHubError, match="cannot be used") as caught:
        ask(Access("acme/identity", TOKEN), read)
    assert "pa" not in caught.value.message.replace("api.github.com", "")


def test_the_login_is_whom_the_token_speaks_for(github: Served) -> None:
    github.state.tokens |= {"person": Token("ada", "", {}), "app": Token("acme-deploys[bot]", "acme-deploys", {})}
    logins = [ask(github.access(token), lambda opened: opened.read_login()) for token in (TOKEN, "person", "app")]
    assert logins == ["github-actions[bot]", "ada", "acme-deploys[bot]"]


def test_a_token_that_may_not_ask_who_it_is_belongs_to_a_workflow(github: Served) -> None:
    github.state.fail("answer", "graphql", status=403, body={"message": "Resource not accessible by integration"})
    assert ask(github.access(), lambda opened: opened.read_login()) == "github-actions[bot]"
    with pytest.raises(GitHubForbidden):
        ask(github.access("unknown"), lambda opened: opened.read_login())


@pytest.mark.parametrize(
    "body", [{"errors": [{"message": "API rate limit exceeded"}]}, {"data": {"viewer": {"login": None}}}]
)
def test_a_login_that_is_not_told_is_none(github: Served, body: Any) -> None:
    github.state.fail("answer", "graphql", body=body)
    with pytest.raises(GitHubRejected, match="rate limit exceeded" if "errors" in body else "unknown shape"):
        ask(github.access(), lambda opened: opened.read_login())


def test_a_query_of_graphql_reads_and_is_tried_again(github: Served) -> None:
    github.state.fail("502", "graphql")
    assert ask(github.access(), lambda opened: opened.read_login()) == "github-actions[bot]"


def test_who_we_are_is_asked_once(github: Served) -> None:
    async def twice(opened: GitHub) -> None:
        await opened.read_login()
        await opened.read_login()

    ask(github.access(), twice)
    assert len(github.state.requests) == 1


def test_after_a_limit_was_waited_for_in_vain_nothing_else_waits_for_it(github: Served) -> None:
    async def several(opened: GitHub) -> None:
        for _ in range(5):
            with pytest.raises(GitHubRateLimited):
                await write(opened)

    github.state.fail("secondary-429", times=99)
    clock = Clock()
    ask(github.access(), several, clock)
    assert clock.slept == [60, 120]
    assert len(github.state.requests) == 3


def test_a_proxy_is_asked_for_another_machine_and_never_sees_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def refuse() -> None:
            while len(heard) < 4:
                connection, _ = proxy.accept()
                with connection:
                    heard.append(connection.recv(65_536))
                    connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")

        refusing = threading.Thread(target=refuse, daemon=True)
        refusing.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        with pytest.raises(GitHubUnreachable, match=r"github\.corp cannot be reached \(ProxyError\)") as caught:
            ask(Access("acme/identity", TOKEN, "https://github.corp/api/v3"), write)
        refusing.join(5)
    assert heard[0].startswith(b"CONNECT github.corp:443 ")
    assert TOKEN.encode() not in b"".join(heard)
    assert "may have been" not in caught.value.remedy


def test_a_certificate_that_nobody_trusts_is_told_and_nothing_is_sent(tmp_path: Path) -> None:
    certificates = served_certificates(tmp_path, "127.0.0.1", datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain, certificates.key)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def shake_hands() -> None:
            connection, _ = server.accept()
            with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True):
                pass

        shaking = threading.Thread(target=shake_hands, daemon=True)
        shaking.start()
        clock = Clock()
        with pytest.raises(GitHubUnreachable, match="is not trusted; nothing was sent") as caught:
            ask(Access("acme/identity", TOKEN, f"https://127.0.0.1:{server.getsockname()[1]}"), write, clock)
        shaking.join(5)
    assert "SSL_CERT_FILE" in caught.value.remedy
    assert clock.slept == []


def test_nothing_is_sent_until_something_is_asked(github: Served) -> None:
    async def opened_only() -> None:
        async with open_github(github.access(), clock=Clock()):
            pass

    asyncio.run(opened_only())
    assert not github.state.requests
