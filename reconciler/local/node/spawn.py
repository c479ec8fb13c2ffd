"""Starts Node processes, each behind a wall: what the process may read, and how much memory and time it has."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from reconciler.errors import RuntimeProblem

if sys.platform != "win32":
    import resource

HOST = Path(__file__).resolve().parent / "host"
MEMORY_MB = 128
"""The JavaScript heap of one process."""
START_MB = 1024
"""Node 22 starts from 512 MB of data on, Node 24 from 768 MB (measured)."""
BUFFERS_MB = 512
"""What code may use outside the JavaScript heap; the platform's own figure is not documented."""


class Wall(NamedTuple):
    """What one Node process is and may use: the executable, the package folders that it reads (real paths, which exist
    already: the permission model covers no others), what it is for (`open`: runs with the network open; `cases`,
    `covered`: one case at a time, none of whose requests reaches it, with what ran counted), its JavaScript heap."""

    node: Path
    folders: tuple[Path, ...]
    mode: Literal["open", "cases", "covered"]
    memory_mb: int


class Launched(NamedTuple):
    """A host that is starting, and our end of the socket that it listens on. Whoever has it ends it."""

    wall: Wall
    process: asyncio.subprocess.Process
    socket: socket.socket

    async def end(self) -> None:
        """Kills it and waits until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.socket.close()
        await self.process.communicate()


def case_wall(node: Path, folders: Iterable[Path], *, coverage: bool, memory_mb: int = MEMORY_MB) -> Wall:
    """The wall of a process that runs cases; `folders` are those of packages, which it may read."""
    real = tuple(sorted({folder.resolve() for folder in folders}))
    return Wall(node, real, "covered" if coverage else "cases", memory_mb)


async def launched(wall: Wall) -> Launched:
    """A host behind that wall. Raises RuntimeProblem where Node does not start."""
    ours, theirs = socket.socketpair()
    try:
        return Launched(wall, await spawned(wall, theirs.fileno()), ours)
    except OSError as error:
        ours.close()
        raise RuntimeProblem(f"Node does not start: {error.strerror}.", "Install reconciler again.") from error
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()


async def spawned(wall: Wall, fd: int) -> asyncio.subprocess.Process:
    """The process of a host that speaks over that file descriptor. OSError where the executable does not start."""
    process = await asyncio.create_subprocess_exec(
        *_command(wall, fd),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=[fd],
        env={},
        cwd=HOST,
        start_new_session=True,
    )
    if sys.platform == "linux":
        data = START_MB * 1024 * 1024
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (data, resource.RLIM_INFINITY))
            # V8 and Node have ways to write files that the permission model does not know (logs, traces).
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
    return process


def bound_memory(pid: int, megabytes: int) -> None:
    """Lets a process that is up use so much more than it has now."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            has = int(status.partition("VmData:")[2].split()[0]) * 1024
            data = has + megabytes * 1024 * 1024
            resource.prlimit(pid, resource.RLIMIT_DATA, (data, data))


def bound_cpu(pid: int, seconds: int) -> None:
    """Lets the process use so many seconds more, from each run on: a busy loop ends even where we are gone."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            used = (int(fields[11]) + int(fields[12])) // os.sysconf("SC_CLK_TCK")
            _, most = resource.prlimit(pid, resource.RLIMIT_CPU)
            resource.prlimit(pid, resource.RLIMIT_CPU, (used + seconds, most))


def _command(wall: Wall, fd: int) -> list[str]:
    # No --allow-worker, ever: a worker given its own options walks out of the permission model.
    # --no-experimental-sqlite: node:sqlite opens files past it; --trace-event-file-pattern: so does node:trace_events.
    return [
        str(wall.node),
        "--permission",
        "--no-experimental-sqlite",
        "--trace-event-file-pattern=/dev/null",
        f"--max-old-space-size={wall.memory_mb}",
        f"--allow-fs-read={HOST}",
        *(f"--allow-fs-read={folder}" for folder in wall.folders),
        str(HOST / "main.js"),
        str(fd),
        wall.mode,
    ]
