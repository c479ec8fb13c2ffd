"""Asks TypeScript's own server what an editor asks it, over its protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.editor.server_process import running


class Server:
    """A running tsserver. Lines and columns count from 1."""

    def __init__(self, reads: IO[bytes], writes: IO[bytes]) -> None:
        self._in = reads
        self._out = writes
        self._asked = 0

    def open(self, file: Path) -> None:
        """Tells it that an editor shows a file."""
        self._send("open", {"file": str(file)})

    def completions(self, file: Path, line: int, column: int) -> set[str]:
        """The names that an editor offers there, without the words of the file that it falls back to."""
        told = self._ask("completionInfo", {"file": str(file), "line": line, "offset": column})
        return {entry["name"] for entry in told["entries"] if entry["kind"] != "warning"}

    def hover(self, file: Path, line: int, column: int) -> str:
        """What it shows of the name there: its type, then what is written of it."""
        told = self._ask("quickinfo", {"file": str(file), "line": line, "offset": column})
        words = told["documentation"]
        return (
            f"{told['displayString']}\n{words if isinstance(words, str) else ''.join(each['text'] for each in words)}"
        )

    def definition(self, file: Path, line: int, column: int) -> list[str]:
        """The files in which the name there is defined."""
        return [each["file"] for each in self._ask("definition", {"file": str(file), "line": line, "offset": column})]

    def project(self, file: Path) -> str:
        """The file of the project that it takes a file for part of."""
        told = self._ask("projectInfo", {"file": str(file), "needFileNameList": False})
        return str(told["configFileName"])

    def mistakes(self, file: Path) -> list[tuple[int, int, str]]:
        """What an editor underlines."""
        told = self._ask("semanticDiagnosticsSync", {"file": str(file)})
        return [(each["start"]["line"], each["start"]["offset"], each["text"]) for each in told]

    def _send(self, command: str, arguments: dict[str, Any]) -> int:
        self._asked += 1
        request = {"seq": self._asked, "type": "request", "command": command, "arguments": arguments}
        self._in.write(json.dumps(request).encode() + b"\n")
        self._in.flush()
        return self._asked

    def _ask(self, command: str, arguments: dict[str, Any]) -> Any:
        number = self._send(command, arguments)
        while True:
            told = self._message()
            if told.get("type") == "response" and told.get("request_seq") == number:
                assert told["success"], told
                return told["body"]

    def _message(self) -> Any:
        length = 0
        while (line := self._out.readline().strip()) or not length:
            if line.startswith(b"Content-Length:"):
                length = int(line.partition(b":")[2])
            assert line or length or self._out.readable()
        return json.loads(self._out.read(length))


@contextmanager
def serving(package: Path) -> Iterator[Server]:
    """The tsserver of an installed TypeScript. It fetches nothing."""
    with running(package / "lib" / "tsserver.js", "--disableAutomaticTypingAcquisition") as (reads, writes):
        yield Server(reads, writes)
