"""One Node host process and the runs in flight in it, spoken to in JSON lines over a socket pair."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import signal
import socket
from collections.abc import Mapping
from typing import Any

from reconciler.errors import RuntimeProblem
from reconciler.local.node.flight import TOLD_BYTES, Flight
from reconciler.local.node.spawn import BUFFERS_MB, Wall, bound_cpu, bound_memory, spawned
from reconciler.local.node.told import Told, parse_told

READY_SECONDS = 20.0
ANSWER_SECONDS = 2.0
"""How long a process may take to answer before it counts as held up by code that nobody waits for."""
HELD_UP = "code of another run did not end and held the process up"
LINE_BYTES = 32 * 1024 * 1024
STDERR_BYTES = 8192


class NodeProcess:
    """A host that is up. Made by `started`; `spent` once no run may be given to it any more: it was killed, crashed, or
    code that is over its time still runs in it."""

    def __init__(self, process: asyncio.subprocess.Process, wall: Wall, limit: float) -> None:
        self._process = process
        self._wall = wall
        self._limit = limit
        self._flights: dict[str, Flight] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._probe: asyncio.TimerHandle | None = None
        self._stderr = b""
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = asyncio.Event()
        self._writer: asyncio.StreamWriter
        self._node = ""
        self._why_killed = ""
        self._fault = ""
        self._overrun = False
        self.spent = False

    @classmethod
    async def started(cls, wall: Wall, setup: Mapping[str, Any], *, limit: float) -> NodeProcess:
        """A host that said it is ready. Raises RuntimeProblem where Node does not start."""
        ours, theirs = socket.socketpair()
        try:
            process = await spawned(wall, theirs.fileno())
        except OSError as error:
            ours.close()
            raise RuntimeProblem(f"Node does not start: {error.strerror}.", "Install reconciler again.") from error
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        host = cls(process, wall, limit)
        try:
            await host._open(ours)
            host._send({"op": "setup", **setup})
            await host._wait_until_ready()
            bound_memory(process.pid, wall.memory_mb + BUFFERS_MB)
        except BaseException:
            await host.stop()
            raise
        return host

    @property
    def gone(self) -> bool:
        """Whether nothing of it is left."""
        return all(task.done() for task in self._tasks)

    def launch(self, flight: Flight) -> None:
        """Sends the job; the flight lands by itself, at the latest when its time is over."""
        flight.node = self._node
        if not self._begun():
            self._ask()  # code of a run that has ended may hold the process up
        self._flights[flight.id] = flight
        self._restart_timer(flight)
        bound_cpu(self._process.pid, math.ceil(self._limit * 4) + 2)
        self._send(flight.message())

    def abandon(self, flight: Flight) -> None:
        """Nobody waits for that run any more: where it is the only one, the process ends with it."""
        if flight.id in self._flights:
            self._forget(flight)
            self._retire(flight)

    def dismiss(self) -> None:
        """Ends a process that no run is under way in; it is gone a moment later."""
        self._kill("")

    async def stop(self) -> None:
        """Kills the process and waits until it is gone; runs still in flight are told so."""
        self._kill("the tenant is being closed")
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._process.wait()

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
            said = self._stderr.decode(errors="replace").strip().splitlines()
            reason = next((line for line in said if "Error" in line), said[0] if said else "it said nothing")
            raise RuntimeProblem(f"The Node host does not start: {reason}.", "Install reconciler again.")

    def _send(self, message: Mapping[str, Any]) -> None:
        self._writer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._hear(parse_told(line), len(line))
        except ConnectionError:
            pass
        except ValueError:  # a line that is too long, or is none of ours
            self._fault = "The code wrote to the host's own socket, or told it more at once than it takes."
        self._kill("")
        await self._process.wait()
        await asyncio.gather(*self._tasks[:2])
        self._bury()
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    def _hear(self, told: Told, size: int) -> None:
        if told.ready and not self._ready.is_set():
            self._node = told.ready
            self._ready.set()
        elif told.pong:
            self._answered()
        elif told.ending:
            # The run that did it, where it is known, has said so itself.
            self._why_killed = f"other code of the action {told.ending}"
        elif flight := self._flights.get(told.id):
            self._hear_of(flight, told, size)

    def _hear_of(self, flight: Flight, told: Told, size: int) -> None:
        if told.started and not flight.started:
            flight.start(asyncio.get_running_loop().time())
            self._restart_timer(flight)
        elif not flight.take(told, size):
            message = f"The code told the tenant more than {TOLD_BYTES // 1024 // 1024} MB."
            self._end(flight, "ActionCrash", message)
        elif told.done:
            self._forget(flight)

    def _restart_timer(self, flight: Flight) -> None:
        if timer := self._timers.pop(flight.id, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        left = flight.time_left(self._limit, loop.time())
        self._timers[flight.id] = loop.call_later(left, self._expire, flight, left)

    def _expire(self, flight: Flight, seconds: float) -> None:
        if self._overrun and self._probe:
            self._kill(HELD_UP)  # another run was over its time before, and the process has not answered since
        elif flight.started:
            self._overrun = True
            self._end(flight, "ActionTimeout", f"The code did not end within {seconds:.2g} seconds.")
        elif flight.deadline is not None and flight.deadline <= asyncio.get_running_loop().time():
            self._end(flight, "ActionTimeout", "The time was over before the code began: another run held the process.")
        else:
            self._retire(flight)  # it is lost with the process, and run again

    def _end(self, flight: Flight, name: str, message: str) -> None:
        flight.break_off(name, message, asyncio.get_running_loop().time())
        self._forget(flight)
        self._retire(flight)

    def _retire(self, flight: Flight) -> None:
        """Code that is over its time cannot be stopped but by ending the process. Other runs in it may end first: as
        long as it answers; and in any case where that run has not begun, since then they have done nothing wrong."""
        self.spent = True
        if not self._flights or not (flight.started or self._begun()):
            self._kill("")
        elif flight.started:
            self._ask()

    def _ask(self) -> None:
        if self._probe is None:
            self._send({"op": "ping"})
            self._probe = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._kill, HELD_UP)

    def _answered(self) -> None:
        if self._probe:
            self._probe.cancel()
            self._probe = None

    def _forget(self, flight: Flight) -> None:
        self._flights.pop(flight.id, None)
        if timer := self._timers.pop(flight.id, None):
            timer.cancel()
        if self.spent and not self._flights:
            self._kill("")

    def _kill(self, why: str) -> None:
        """SIGKILL, past Process.kill: that one polls first, and so takes the exit code away from asyncio's watcher."""
        self.spent = True
        self._answered()
        self._why_killed = self._why_killed or why
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def _begun(self) -> list[Flight]:
        return [flight for flight in self._flights.values() if flight.started]

    def _bury(self) -> None:
        now, begun = asyncio.get_running_loop().time(), self._begun()
        for flight in list(self._flights.values()):
            if flight not in begun:
                flight.lose()
            elif len(begun) == 1 and not self._why_killed:
                flight.break_off("ActionCrash", self._cause(), now)
            else:
                flight.break_off("HostKilled", self._end_of_many(len(begun)), now)
            self._forget(flight)

    def _cause(self) -> str:
        if self._fault:
            return self._fault
        if b"out of memory" in self._stderr:
            return f"The code ran out of memory; it may use {self._wall.memory_mb} MB."
        code = self._process.returncode or 0
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"The code ended the Node process ({how})."

    def _end_of_many(self, count: int) -> str:
        if self._why_killed:
            return f"The Node process ended while this run was under way: {self._why_killed}."
        return f"The Node process ended while {count} runs of the action were under way. {self._cause()}"

    async def _drain(self, stream: asyncio.StreamReader, *, keep: bool = False) -> None:
        while chunk := await stream.read(65536):
            if keep:
                self._stderr = (self._stderr + chunk)[-STDERR_BYTES:]
