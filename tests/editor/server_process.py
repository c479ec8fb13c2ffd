"""The process of a server that an editor talks to."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reconciler.npm import node_executable


@contextmanager
def running(script: Path, *options: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """What such a script reads and what it writes, while Node runs it; leaving ends it."""
    command = [str(node_executable()), str(script), *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin and process.stdout
    try:
        yield process.stdin, process.stdout
    finally:
        process.stdin.close()
        process.kill()
        process.wait()
        process.stdout.close()
