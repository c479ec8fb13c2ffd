"""A registry of npm packages on loopback: packages are published by a test, and every request is remembered."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

BULK = "/-/npm/v1/security/advisories/bulk"


@dataclass
class Registry:
    """What is published, and who asked. With `audits` it knows advisories (package -> those of it); without, it answers
    as one that has no such thing."""

    url: str = ""
    packages: dict[str, dict[str, Any]] = field(default_factory=dict)
    tarballs: dict[str, bytes] = field(default_factory=dict)
    advisories: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    audits: bool = True
    requests: list[str] = field(default_factory=list)

    def publish(self, name: str, version: str, *, files: Mapping[str, str] | None = None, **manifest: Any) -> str:
        """Publishes a version that has those files besides its package.json; gives its integrity hash. What stands in
        `hidden` is in its package.json only, not in what the registry says of it."""
        hidden = manifest.pop("hidden", {})
        described = {"name": name, "version": version, **manifest}
        content = {"package.json": json.dumps({**described, **hidden}), "index.js": f"exports.version = '{version}';\n"}
        tarball = _tarball({**content, **(files or {})})
        path = f"/-/{name}-{version}.tgz"
        self.tarballs[path] = tarball
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
        dist = {"tarball": self.url + path, "integrity": integrity, "shasum": hashlib.sha1(tarball).hexdigest()}
        packument = self.packages.setdefault(name, {"name": name, "dist-tags": {}, "versions": {}})
        packument["versions"][version] = {**described, "dist": dist}
        packument["dist-tags"]["latest"] = version
        return integrity

    def environ(self, folder: Path) -> dict[str, str]:
        """The environment of an npm that asks this registry only, with a cache of its own in that folder."""
        said = {"registry": f"{self.url}/", "cache": str(folder / "npm-cache"), "fetch_retries": "0"}
        return {"PATH": os.environ["PATH"], "HOME": str(folder)} | {
            f"npm_config_{key}": each for key, each in said.items()
        }

    def answered(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """The answer to a request."""
        self.requests.append(f"{method} {path}")
        if path == BULK and self.audits:
            asked = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
            return 200, json.dumps({name: self.advisories[name] for name in asked if name in self.advisories}).encode()
        if method == "POST":
            return 405, b""
        if path in self.tarballs:
            return 200, self.tarballs[path]
        found = self.packages.get(path.removeprefix("/"))
        return (200, json.dumps(found).encode()) if found else (404, b'{"error": "Not found"}')


@contextmanager
def serving() -> Iterator[Registry]:
    """The registry, served."""
    registry = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["content-length"])))

        def _answer(self, body: bytes) -> None:
            status, answer = registry.answered(self.command, unquote(self.path), body)
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *said: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        registry.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield registry
        server.shutdown()
        thread.join()


def _tarball(files: Mapping[str, str]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for path, text in files.items():
            content = text.encode()
            entry = tarfile.TarInfo(f"package/{path}")
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), mtime=0)
