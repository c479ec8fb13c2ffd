"""A Node process behind a wall, and the JSON lines that it and we say to each other over a socket pair."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable, Mapping
from typing import Any, cast

from pydantic_core import to_json

from reconciler.errors import RuntimeProblem
from reconciler.local.node.spawn import BUFFERS_MB, Launched, Wall, bound_cpu, bound_memory
from reconciler.local.node.told import Told, parse_told

READY_SECONDS = 20.0
LINE_BYTES = 32 * 1024 * 1024
STDERR_BYTES = 8192

Heard = Callable[[Told, int], None]
"""Gets each line that the host says, and how many bytes it has."""


class Channel:
    """A host that is up. Made by `opened`; `spent` once it was killed or crashed, or its holder wants no more of it."""

    def __init__(self, process: asyncio.subprocess.Process, wall: Wall) -> None:
        self.wall = wall
        self.node = ""
        self.spent = False
        self.why_killed = ""
        self._process = process
        self._stderr = b""
        self._fault = ""
        self._heard: Heard = self._greeted
        self._ended: Callable[[], None] = lambda: None
        self._ready = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._lines: _Lines

    @classmethod
    async def opened(cls, host: Launched, setup: Mapping[str, Any]) -> Channel:
        """The host, once it said that it is ready. Raises RuntimeProblem where it does not, and ends it."""
        channel = cls(host.process, host.wall)
        try:
            await channel._connect(host.socket)
            channel.send({"op": "setup", **setup})
            await channel._wait_until_ready()
            bound_memory(host.process.pid, host.wall.memory_mb + BUFFERS_MB)
        except BaseException:
            await channel.stop("it does not start")
            raise
        return channel

    def listen(self, heard: Heard, ended: Callable[[], None]) -> None:
        """From now on `heard` gets what the host says, and `ended` is called once when nothing of it is left."""
        self._heard, self._ended = heard, ended

    @property
    def gone(self) -> bool:
        """Whether nothing of it is left."""
        return all(task.done() for task in self._tasks)

    def send(self, message: Mapping[str, Any]) -> None:
        """Says one line to the host; nothing where it is gone."""
        self._lines.write(_rendered(message) + b"\n")

    def leave_unread(self, seconds: float) -> None:
        """Reads nothing for so long. What the host says meanwhile is not lost, whatever becomes of it."""
        self._lines.rest(seconds)

    def read_on(self) -> None:
        """Reads what lies, whatever `leave_unread` said."""
        self._lines.read_on()

    def bound_cpu(self, seconds: int) -> None:
        """Lets the process compute for so many seconds more."""
        bound_cpu(self._process.pid, seconds)

    def kill(self, why: str = "") -> None:
        """SIGKILL, past Process.kill: that one polls first, and so takes the exit code away from asyncio's watcher."""
        self.spent = True
        self.why_killed = self.why_killed or why
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def stop(self, why: str) -> None:
        """Kills the process and waits until it is gone."""
        self.kill(why)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._process.wait()

    def cause(self) -> str:
        """Why the process ended, in a sentence about the code that ran in it."""
        if self._fault:
            return self._fault
        if b"out of memory" in self._stderr:
            return f"The code ran out of memory; it may use {self.wall.memory_mb} MB."
        code = self._process.returncode or 0
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"The code ended the Node process ({how})."

    async def _connect(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        _, self._lines = await loop.create_unix_connection(lambda: _Lines(self._take), sock=sock)
        assert self._process.stdout and self._process.stderr
        self._tasks = [
            asyncio.create_task(self._drain(self._process.stdout)),
            asyncio.create_task(self._drain(self._process.stderr, keep=True)),
        ]
        self._tasks.append(asyncio.create_task(self._see_off()))

    async def _wait_until_ready(self) -> None:
        waiting = asyncio.create_task(self._ready.wait())
        done, _ = await asyncio.wait(
            [waiting, self._tasks[-1]], timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()
        if waiting not in done:
            said = self._stderr.decode(errors="replace").strip().splitlines()
            reason = next((line for line in said if "Error" in line), said[0] if said else "it said nothing")
            raise RuntimeProblem(f"The Node host does not start: {reason}.", "Install reconciler again.")

    def _take(self, line: bytes) -> bool:
        """Takes in one line; False where it is none of the host's, after which nothing more is believed."""
        try:
            told = parse_told(line)
        except ValueError:
            self._fault = "The code wrote to the host's own socket, or told it more at once than it takes."
            return False
        self._heard(told, len(line))
        return True

    def _greeted(self, told: Told, size: int) -> None:
        if told.ready:
            self.node = told.ready
            self._ready.set()

    async def _see_off(self) -> None:
        """Waits until the host hangs up, and then until nothing of it is left."""
        overlong = await self._lines.closed
        if overlong:
            self._fault = "The code wrote to the host's own socket, or told it more at once than it takes."
        self.spent = True
        self.kill()
        await self._process.wait()
        await asyncio.gather(*self._tasks[:2])
        self._ended()
        self._lines.close()

    async def _drain(self, stream: asyncio.StreamReader, *, keep: bool = False) -> None:
        while chunk := await stream.read(65536):
            if keep:
                self._stderr = (self._stderr + chunk)[-STDERR_BYTES:]


def _rendered(message: Mapping[str, Any]) -> bytes:
    try:
        return to_json(message)
    except ValueError:  # half a character, which UTF-8 cannot hold; five times as slow
        return json.dumps(message, separators=(",", ":")).encode()


class _Lines(asyncio.Protocol):
    """Cuts what comes in into lines. asyncio's StreamReader does the same at three times the cost, which for a case is
    half of its time. `closed` is done when no more lines come; True where one was longer than a line may be."""

    def __init__(self, take: Callable[[bytes], bool]) -> None:
        self.closed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._take = take
        self._rest: list[bytes] = []
        self._bytes = 0
        self._resting: asyncio.TimerHandle | None = None
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        *lines, last = data.split(b"\n")
        for line in lines:
            whole = b"".join((*self._rest, line))
            self._rest, self._bytes = [], 0
            if self.closed.done() or not self._take(whole):
                return self._close(overlong=False)
        if last:
            self._rest.append(last)
            self._bytes += len(last)
            if self._bytes > LINE_BYTES:
                self._close(overlong=True)
        return None

    def connection_lost(self, error: Exception | None) -> None:
        self._close(overlong=False)

    def write(self, data: bytes) -> None:
        """With what else is written before the loop goes on: to wake the host costs more than the lines."""
        self._unsent.append(data)
        if len(self._unsent) == 1:
            asyncio.get_running_loop().call_soon(self._send)

    def rest(self, seconds: float) -> None:
        if not self._resting and not self._transport.is_closing():
            self._transport.pause_reading()
            self._resting = asyncio.get_running_loop().call_later(seconds, self.read_on)

    def read_on(self) -> None:
        if self._resting:
            self._resting.cancel()
            self._resting = None
            self._transport.resume_reading()

    def close(self) -> None:
        self._transport.abort()

    def _send(self) -> None:
        unsent, self._unsent = b"".join(self._unsent), []
        if not self._transport.is_closing():
            self._transport.write(unsent)

    def _close(self, *, overlong: bool) -> None:
        if not self.closed.done():
            self.closed.set_result(overlong)
