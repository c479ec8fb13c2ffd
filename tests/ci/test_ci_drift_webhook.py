"""A webhook hears when drift begins, ends, or is as bad as it was not before; its address stands nowhere."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import Exit
from reconciler.run.ci.notice import send_notice
from tests.ci.test_ci_drift import github, home, play, put_back, reordered_template
from tests.github.standin import Served
from tests.run.conftest import Home
from tests.run.drifting import Hands

__all__ = ["github", "home", "reordered_template"]

PATH = "/services/T0/B0/only-we-know-this"


@dataclass
class Hook:
    """A webhook that answers with these statuses, one after the other, the last one for good."""

    url: str
    heard: list[Any] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [200])


@contextlib.contextmanager
def serving_hook() -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(made.statuses.pop(0) if len(made.statuses) > 1 else made.statuses[0])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Hook(f"http://127.0.0.1:{server.server_port}{PATH}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    with serving_hook() as served:
        monkeypatch.setenv("SLACK_URL", served.url)
        yield served


def drift(home: Home, *options: str) -> int:
    return home.reconciler("ci", "drift", "--webhook", "SLACK_URL", *options)


async def renamed(hands: Hands) -> None:
    await hands.bind("guard", "greet", shown="Guard the door")


def test_it_hears_of_what_begins_is_worse_or_ends_and_of_nothing_else(home: Home, github: Served, hook: Hook) -> None:
    assert drift(home) == drift(home) == Exit.DONE
    play(home, renamed)
    assert drift(home) == drift(home) == Exit.DONE
    play(home, put_back)
    assert drift(home) == drift(home) == Exit.DONE
    assert [each["text"] for each in hook.heard] == [
        "Drift in tenant local: 1 finding (1 high)",
        "Drift changed in tenant local: 1 finding (1 low)",
        "No more drift in tenant local",
    ]
    assert "https://github.com/acme/identity/issues/1|Read more" in json.dumps(hook.heard[0])


def test_away_from_github_it_hears_by_what_the_file_keeps(
    home: Home, hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    seen = ("--seen", str(tmp_path / "seen.json"))
    for _ in range(3):
        assert drift(home, *seen) == Exit.DONE
    assert len(hook.heard) == 1


def test_one_that_fails_is_a_warning_without_its_address(
    home: Home, github: Served, hook: Hook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.statuses = [404]
    assert drift(home) == Exit.DONE
    told = capsys.readouterr()
    assert "The webhook of SLACK_URL was not told: it answered 404." in told.out + told.err
    for text in (told.out, told.err, (tmp_path / "summary.md").read_text(encoding="utf-8")):
        assert "only-we-know-this" not in text
    assert len(hook.heard) == 1


def test_an_address_in_place_of_its_name_is_refused_and_not_repeated(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.reconciler("ci", "drift", "--webhook", "https://hooks.slack.com/services/T0/B0/xyz") == Exit.USAGE
    told = capsys.readouterr()
    assert "name of a variable" in told.err and "xyz" not in told.out + told.err


def test_a_variable_that_is_not_there_is_a_warning(
    home: Home, github: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.reconciler("ci", "drift", "--webhook", "NO_SUCH") == Exit.DONE
    assert "The webhook of NO_SUCH was not told: the environment does not have it." in "".join(capsys.readouterr())


async def at_once(seconds: float) -> None:
    """Does not wait."""


@pytest.mark.parametrize(
    ("statuses", "why", "tries"), [([500, 200], "", 2), ([503], "it answered 503", 2), ([302], "it answered 302", 1)]
)
def test_what_may_go_better_is_tried_once_more(statuses: list[int], why: str, tries: int) -> None:
    with serving_hook() as hook:
        hook.statuses = statuses
        assert asyncio.run(send_notice(hook.url, {"text": "hello"}, at_once)) == why
        assert len(hook.heard) == tries


def test_an_answer_that_never_ends_holds_nothing_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_for_ever() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while True:
                    connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")

        thread = threading.Thread(target=answer_for_ever)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        assert asyncio.run(asyncio.wait_for(send_notice(url, {"text": "hello"}, at_once), 5)) == ""
        thread.join()


def test_nobody_is_told_in_the_clear_or_at_no_address() -> None:
    for url in ("http://hooks.example.com/x", "hooks.example.com", "file:///etc/passwd", "https://", "https://[x"):
        assert asyncio.run(send_notice(url, {}, at_once)) == "its address is not one of https"
    assert asyncio.run(send_notice("http://127.0.0.1:1/x", {}, at_once)).startswith("no answer came (Connect")


def test_a_line_end_after_the_address_is_no_part_of_it() -> None:
    with serving_hook() as hook:
        assert asyncio.run(send_notice(f"{hook.url}\n", {"text": "hello"}, at_once)) == ""


def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://proxy.example.com")
    told = asyncio.run(send_notice("https://hooks.example.com/only-we-know-this", {}, at_once))
    assert told == "the proxy of the environment cannot be used"


def test_an_address_that_nobody_can_call_is_told_without_it() -> None:
    for url in ("https://hooks.example.com/a\x01b", "https://hooks.example.com:99999/only-we-know-this"):
        assert "only-we-know-this" not in asyncio.run(send_notice(url, {}, at_once)) != ""


def test_its_address_in_somebodys_code_is_masked(home: Home, github: Served, hook: Hook) -> None:
    async def pasted(hands: Hands) -> None:
        code = f"exports.onExecutePostLogin = async () => fetch('{hook.url}');\n"
        await hands.edit("guard", deploy=True, code=code)

    play(home, pasted)
    assert drift(home) == Exit.DONE
    assert not [each for each in github.state.requests if PATH in each.body]
    assert len(hook.heard) == 1
