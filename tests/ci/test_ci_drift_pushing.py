"""A branch of ours on a real remote; the caller's checkout stays as it is."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from reconciler.desired.pushing import EMAIL, Origin, access_environ
from reconciler.desired.repository import Repository
from reconciler.errors import GitError
from tests.run.conftest import Home

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BRANCH = "reconciler/adopt-local"
CODE = "actions/greet/code.js"
TOKEN = "ghs_a-token-that-nobody-may-see"
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def home(empty: Home, tmp_path: Path) -> Home:
    """A clone with its remote in `remote.git`; the repository's folder is one below its top."""
    empty.write("login/reconciler.yaml", "name: acme\n")
    empty.write(f"login/{CODE}", "1\n")
    empty.write("login/actions/old/code.js", "old\n")
    empty.commit("first")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    empty.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    empty.git("push", "-q", "origin", "main")
    return empty


def state(home: Home) -> tuple[str, ...]:
    """What somebody has in hand there."""
    return home.git("status", "--porcelain"), home.git("rev-parse", "HEAD"), home.git("for-each-ref", "refs/heads")


@contextmanager
def origin(home: Home) -> Iterator[Origin]:
    with Repository.open(home.folder / "login", os.environ) as repository:
        yield Origin(repository, {})


def pushed(remote: Origin, content: bytes = b"2\n", *, expected: str = "") -> str:
    tips = remote.read_tips(BRANCH)
    commit = remote.commit(tips.head, {CODE: content, "actions/old/code.js": None}, "Adopt it", NOON)
    remote.push(commit, BRANCH, expected=expected)
    return commit


def test_a_commit_of_files_in_memory_becomes_a_branch_and_the_checkout_stays_as_it_is(home: Home) -> None:
    home.write(f"login/{CODE}", "half done\n")
    before = state(home)
    with origin(home) as remote:
        commit = pushed(remote)
        tips = remote.read_tips(BRANCH)
    assert (tips.default, tips.branch) == ("main", commit)
    bare = home.folder.parent / "remote.git"
    assert git(bare, "show", f"{BRANCH}:login/{CODE}") == "2"
    assert git(bare, "diff", "--name-status", "main", BRANCH) == f"M\tlogin/{CODE}\nD\tlogin/actions/old/code.js"
    assert git(bare, "log", "-1", "--format=%an %ae %cn %cI %s", BRANCH) == (
        f"reconciler[bot] {EMAIL} reconciler[bot] 2026-11-23T12:00:00+00:00 Adopt it"
    )
    assert state(home) == before


def test_the_same_content_is_the_same_commit(home: Home) -> None:
    with origin(home) as remote:
        head = remote.read_tips(BRANCH).head
        one, two = (remote.commit(head, {CODE: b"2\n"}, "Adopt it", NOON) for _ in range(2))
    assert one == two


def test_a_branch_that_moved_meanwhile_is_not_pushed_over(home: Home) -> None:
    with origin(home) as remote:
        first = pushed(remote)
        with pytest.raises(GitError, match="Somebody else pushed"):
            pushed(remote, b"3\n", expected="")
        with pytest.raises(GitError, match="Somebody else pushed"):
            remote.delete(BRANCH, expected=remote.read_tips(BRANCH).head)
        assert remote.read_tips(BRANCH).branch == first
        remote.delete(BRANCH, expected=first)
        assert remote.read_tips(BRANCH).branch == ""


def test_the_same_change_on_top_of_another_commit_is_alike(home: Home) -> None:
    with origin(home) as remote:
        first = pushed(remote)
        home.write("README.md", "more\n")
        home.commit("more")
        home.git("push", "-q", "origin", "main")
        head = remote.read_tips(BRANCH).head
        again = remote.commit(head, {CODE: b"2\n", "actions/old/code.js": None}, "Adopt it", NOON)
        assert remote.alike(first, again)
        assert not remote.alike(first, remote.commit(head, {CODE: b"3\n"}, "Adopt it", NOON))


def test_what_somebody_else_committed_on_the_branch_is_not_ours(home: Home) -> None:
    with origin(home) as remote:
        commit = pushed(remote)
        assert remote.is_ours(commit)
        home.git("fetch", "-q", "origin", BRANCH)
        home.git("checkout", "-q", commit)
        home.git("commit", "-q", "--amend", "-m", "mine now")
        assert not remote.is_ours(home.git("rev-parse", "HEAD"))


def test_a_branch_that_only_the_remote_has_is_fetched_and_no_ref_moves(home: Home, tmp_path: Path) -> None:
    with origin(home) as remote:
        commit = pushed(remote)
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=main", f"file://{tmp_path}/remote.git", "shallow")
    shallow = Home(tmp_path / "shallow")
    refs = shallow.git("for-each-ref")
    with origin(shallow) as remote:
        remote.fetch("main", BRANCH)
        assert shallow.git("for-each-ref") == refs
        assert remote.is_ours(commit)
        assert pushed(remote, b"3\n", expected=commit)


def test_without_a_remote_it_says_so(empty: Home) -> None:
    empty.write("login/reconciler.yaml", "name: acme\n")
    empty.commit("first")
    with origin(empty) as remote, pytest.raises(GitError, match="git ls-remote"):
        remote.read_tips(BRANCH)


class _Refusing(BaseHTTPRequestHandler):
    """A server that notes what it is shown, and lets nobody in."""

    shown: list[list[str]]

    def do_GET(self) -> None:
        self.shown.append(self.headers.get_all("Authorization") or [])
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def refusing() -> Iterator[tuple[str, list[list[str]]]]:
    shown: list[list[str]] = []
    with answering(type("Handler", (_Refusing,), {"shown": shown})) as url:
        yield url, shown


def test_the_token_goes_to_its_server_alone_once_and_stands_in_no_error(home: Home) -> None:
    with refusing() as (server, shown), refusing() as (another, elsewhere):
        home.git("remote", "set-url", "origin", f"{server}/acme/login.git")
        home.git("config", f"http.{server}/.extraheader", "AUTHORIZATION: basic of-the-checkout")  # actions/checkout
        with Repository.open(home.folder / "login", os.environ) as repository:
            remote = Origin(repository, access_environ(server, TOKEN, {}))
            with pytest.raises(GitError) as refused:
                remote.read_tips(BRANCH)
            home.git("remote", "set-url", "origin", f"{another}/acme/login.git")
            with pytest.raises(GitError):
                remote.read_tips(BRANCH)
    assert shown and all(each == [f"basic {BASIC}"] for each in shown)
    assert elsewhere and all(each == [] for each in elsewhere)
    assert TOKEN not in str(refused.value) + refused.value.remedy and BASIC not in str(refused.value)


class _Letting(BaseHTTPRequestHandler):
    """git's own server over HTTP, for whoever shows the token."""

    root: Path

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        if self.headers.get_all("Authorization") != [f"basic {BASIC}"]:
            self.send_error(401)
            return
        environ = {
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": "x-access-token",
            "PATH": "/usr/bin:/bin",
        }
        told = subprocess.run(["git", "http-backend"], input=body, env=environ, capture_output=True, check=True).stdout
        head, _, content = told.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_with_the_token_alone_a_branch_is_pushed_over_http(home: Home, tmp_path: Path) -> None:
    git(tmp_path / "remote.git", "config", "http.receivepack", "true")
    with answering(type("Handler", (_Letting,), {"root": tmp_path})) as server:
        home.git("remote", "set-url", "origin", f"{server}/remote.git")
        with Repository.open(home.folder / "login", os.environ) as repository:
            commit = pushed(Origin(repository, access_environ(server, TOKEN, {})))
    assert git(tmp_path / "remote.git", "rev-parse", BRANCH) == commit
    assert TOKEN not in (home.folder / ".git" / "config").read_text(encoding="utf-8")


def test_a_password_in_the_address_of_the_remote_stands_in_no_error(home: Home) -> None:
    with refusing() as (server, _):
        home.git("remote", "set-url", "origin", server.replace("://", "://x-access-token:ghs_hunter2@") + "/a.git")
        with origin(home) as remote, pytest.raises(GitError) as refused:
            remote.read_tips(BRANCH)
    assert "hunter2" not in str(refused.value)


def test_what_was_configured_in_the_environment_before_stays() -> None:
    told = access_environ("https://github.com", TOKEN, {"GIT_CONFIG_COUNT": "1"})
    assert told["GIT_CONFIG_COUNT"] == "3" and "GIT_CONFIG_KEY_0" not in told
    assert told["GIT_CONFIG_KEY_1"] == told["GIT_CONFIG_KEY_2"] == "http.https://github.com/.extraheader"
    assert access_environ("https://github.com", "", {}) == {}
