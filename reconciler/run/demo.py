"""The stage of the demo: a fresh repository made of the example, and a receiver that stands in for Slack."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import git

from reconciler.run.example import example_repository

AUTHOR = git.Actor("Ada Demo", "ada@example.com")


@dataclass
class Receiver:
    """What arrived over HTTP on loopback, as it was sent."""

    url: str
    messages: list[str] = field(default_factory=list)


def copied_example(folder: Path) -> git.Repo:
    """A git repository in that folder, with the example in it, not yet committed."""
    shutil.copytree(example_repository(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".reconciler"))
    return git.Repo.init(folder, initial_branch="main")


def commit(repository: git.Repo, subject: str) -> str:
    """Commits everything; gives the commit."""
    repository.git.add(all=True)
    return repository.index.commit(subject, author=AUTHOR, committer=AUTHOR).hexsha


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    """A real HTTP server on loopback that keeps what it is told and answers `ok`, as Slack does."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            receiver.messages.append(self.rfile.read(length).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Says nothing: the demo tells what arrived."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/services/T0/B0/demo")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
