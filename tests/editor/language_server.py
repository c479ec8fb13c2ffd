"""Asks the native TypeScript what an editor asks it, over the Language Server Protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.editor.server_process import running

DOCUMENT = "textDocument"


class LanguageServer:
    """A running language server. Lines and columns count from 1."""

    def __init__(self, reads: IO[bytes], writes: IO[bytes]) -> None:
        self._in = reads
        self._out = writes
        self._asked = 0

    def begin(self, folder: Path) -> None:
        """Tells it which folder an editor shows."""
        self._ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self._send({"method": "initialized", "params": {}})

    def open(self, file: Path) -> None:
        """Tells it that an editor shows a file."""
        shown = {"uri": file.as_uri(), "languageId": "javascript", "version": 1, "text": file.read_text()}
        self._send({"method": f"{DOCUMENT}/didOpen", "params": {DOCUMENT: shown}})

    def completions(self, file: Path, line: int, column: int) -> set[str]:
        """The names that an editor offers there."""
        told = self._ask(f"{DOCUMENT}/completion", self._place(file, line, column))
        return {item["label"].removesuffix("?") for item in (told["items"] if isinstance(told, dict) else told)}

    def hover(self, file: Path, line: int, column: int) -> str:
        """What it shows of the name there."""
        return str(self._ask(f"{DOCUMENT}/hover", self._place(file, line, column))["contents"])

    @staticmethod
    def _place(file: Path, line: int, column: int) -> dict[str, Any]:
        return {DOCUMENT: {"uri": file.as_uri()}, "position": {"line": line - 1, "character": column - 1}}

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            told = self._message()
            if "method" in told and "id" in told:  # it asks, too: for settings, and to be told of files
                self._send(
                    {"id": told["id"], "result": [None] if told["method"] == "workspace/configuration" else None}
                )
            elif told.get("id") == self._asked and "method" not in told:
                return told["result"]

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self._in.flush()

    def _message(self) -> Any:
        length = 0
        while line := self._out.readline().strip():
            if line.startswith(b"Content-Length:"):
                length = int(line.partition(b":")[2])
        assert length, "the server ended"
        return json.loads(self._out.read(length))


@contextmanager
def speaking(package: Path) -> Iterator[LanguageServer]:
    """The language server of an installed native TypeScript."""
    with running(package / "bin" / "tsc", "--lsp", "--stdio") as (reads, writes):
        yield LanguageServer(reads, writes)
