"""One Node host process and the runs in flight in it, spoken to in JSON lines over a socket pair."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.errors import RuntimeProblem
from reconciler.local.node.flight import Flight

if sys.platform != "win32":
    import resource

HOST = Path(__file__).resolve().parent / "host"
READY_SECONDS = 20.0
LINE_BYTES = 64 * 1024 * 1024
STDERR_BYTES = 8192
BESIDE_HEAP_MB = 896
"""Node 22 starts from 512 MB of data on; what is left over bounds the buffers outside the heap (measured)."""


class NodeProcess:
    """A host that is up. Made by `started`; dead once it was killed, crashed or exited."""

    def __init__(self, process: asyncio.subprocess.Process, memory_mb: int, limit: float) -> None:
        self._process = process
        self._memory_mb = memory_mb
        self._limit = limit
        self._flights: dict[str, Flight] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._stderr = b""
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = asyncio.Event()
        self._writer: asyncio.StreamWriter
        self._ended_by_us = False
        self.dead = False

    @classmethod
    async def started(
        cls, node: Path, store: Path, setup: Mapping[str, Any], *, intercept: bool, memory_mb: int, limit: float
    ) -> NodeProcess:
        """A host that said it is ready. Raises RuntimeProblem where Node does not start."""
        ours, theirs = socket.socketpair()
        command = _command(node, store, memory_mb, theirs.fileno(), intercept)
        try:
            process = await _spawned(command, theirs.fileno(), memory_mb)
        except OSError as error:
            ours.close()
            raise RuntimeProblem(f"Node does not start: {error.strerror}.", "Install reconciler again.") from error
        finally:
            theirs.close()
        host = cls(process, memory_mb, limit)
        await host._open(ours)
        host._send({"op": "setup", **setup})
        await host._wait_until_ready()
        return host

    def launch(self, flight: Flight) -> None:
        """Sends the job; the flight lands by itself, at the latest when its time is over."""
        job = flight.job
        self._flights[flight.id] = flight
        self._restart_timer(flight)
        _bound_cpu(self._process.pid, math.ceil(self._limit * 4) + 2)
        self._send(
            {
                "op": "run",
                "id": flight.id,
                "key": job.key,
                "trigger": job.trigger,
                "handler": job.handler,
                "code": job.code,
                "event": dict(job.event),
                "secrets": dict(job.secrets),
                "packages": str(job.packages.resolve()) if job.packages else None,
                "stubs": None if job.stubs is None else [stub.model_dump(mode="json") for stub in job.stubs],
                "fresh": job.fresh,
            }
        )

    async def stop(self) -> None:
        """Kills the process and waits until it is gone; runs still in flight are told so."""
        self._ended_by_us = True
        self._kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _open(self, sock: socket.socket) -> None:
        reader, self._writer = await asyncio.open_unix_connection(sock=sock, limit=LINE_BYTES)
        assert self._process.stdout and self._process.stderr
        self._tasks = [
            asyncio.create_task(self._drain(self._process.stdout)),
            asyncio.create_task(self._drain(self._process.stderr, keep=True)),
        ]
        self._tasks.append(asyncio.create_task(self._listen(reader)))

    async def _wait_until_ready(self) -> None:
        waiting = asyncio.create_task(self._ready.wait())
        done, _ = await asyncio.wait(
            [waiting, self._tasks[-1]], timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()
        if waiting not in done:
            await self.stop()
            said = self._stderr.decode(errors="replace").strip().splitlines()
            reason = next((line for line in said if "Error" in line), said[0] if said else "it said nothing")
            raise RuntimeProblem(f"The Node host does not start: {reason}.", "Install reconciler again.")

    def _send(self, message: Mapping[str, Any]) -> None:
        self._writer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        # ValueError: a line beyond the limit, or one that is not JSON. Either way the host cannot be trusted any more.
        with contextlib.suppress(ValueError, ConnectionError):
            while line := await reader.readline():
                self._hear(json.loads(line))
        self._kill()
        await self._process.wait()
        await asyncio.gather(*self._tasks[:2])
        self._bury()

    def _hear(self, message: Mapping[str, Any]) -> None:
        if message.get("ready"):
            self._ready.set()
            return
        # Ids are not guessable: code that finds the socket cannot speak for another run.
        flight = self._flights.get(message.get("id", ""))
        if flight is None:
            return
        if "started" in message:
            flight.start(asyncio.get_running_loop().time())
            self._restart_timer(flight)
        elif flight.take(message):
            self._forget(flight)

    def _restart_timer(self, flight: Flight) -> None:
        if timer := self._timers.pop(flight.id, None):
            timer.cancel()
        self._timers[flight.id] = asyncio.get_running_loop().call_later(self._limit, self._expire, flight)

    def _forget(self, flight: Flight) -> None:
        self._flights.pop(flight.id, None)
        if timer := self._timers.pop(flight.id, None):
            timer.cancel()

    def _expire(self, flight: Flight) -> None:
        """Only a signal from outside ends a busy loop. A run that never began was held up by another: it is lost."""
        if flight.started:
            message = f"The code did not end within {self._limit:g} seconds."
            flight.break_off("ActionTimeout", message, asyncio.get_running_loop().time())
            self._forget(flight)
        self._ended_by_us = True
        self._kill()

    def _kill(self) -> None:
        """SIGKILL, past Process.kill: that one polls first, and so takes the exit code away from asyncio's watcher."""
        self.dead = True
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def _bury(self) -> None:
        now = asyncio.get_running_loop().time()
        begun = [flight for flight in self._flights.values() if flight.started]
        for flight in list(self._flights.values()):
            if flight not in begun:
                flight.lose()
            elif len(begun) == 1 and not self._ended_by_us:
                flight.break_off("ActionCrash", self._cause(), now)
            else:
                flight.break_off("HostKilled", self._end_of_many(len(begun)), now)
            self._forget(flight)

    def _cause(self) -> str:
        if b"out of memory" in self._stderr:
            return f"The code ran out of memory; it may use {self._memory_mb} MB."
        code = self._process.returncode or 0
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"The code ended the Node process ({how})."

    def _end_of_many(self, count: int) -> str:
        if self._ended_by_us:
            return "The Node host was killed while this run was under way; the run itself was not at its limit."
        return f"The Node host ended while {count} runs were under way, one of which ended it. {self._cause()}"

    async def _drain(self, stream: asyncio.StreamReader, *, keep: bool = False) -> None:
        while chunk := await stream.read(65536):
            if keep:
                self._stderr = (self._stderr + chunk)[-STDERR_BYTES:]


def _command(node: Path, store: Path, memory_mb: int, fd: int, intercept: bool) -> list[str]:
    # No --allow-worker, ever: a worker given its own options walks out of the permission model.
    # --no-experimental-sqlite: node:sqlite opens files past it.
    return [
        str(node),
        "--permission",
        "--no-experimental-sqlite",
        f"--max-old-space-size={memory_mb}",
        f"--allow-fs-read={HOST}",
        f"--allow-fs-read={store}",
        str(HOST / "main.js"),
        str(fd),
        "intercept" if intercept else "open",
    ]


def _bound_cpu(pid: int, seconds: int) -> None:
    """Lets the process use so many seconds more, from each run on: a busy loop ends even where we are gone."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            used = (int(fields[11]) + int(fields[12])) // os.sysconf("SC_CLK_TCK")
            _, most = resource.prlimit(pid, resource.RLIMIT_CPU)
            resource.prlimit(pid, resource.RLIMIT_CPU, (used + seconds, most))


async def _spawned(command: list[str], fd: int, memory_mb: int) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=[fd],
        env={},
        cwd=HOST,
        start_new_session=True,
    )
    if sys.platform == "linux":
        data = (memory_mb + BESIDE_HEAP_MB) * 1024 * 1024
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (data, data))
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
    return process
