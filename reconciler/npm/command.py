"""Runs npm."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from reconciler.model.lock import LockedPackage
from reconciler.npm.failures import MISSING, failure, parse_error
from reconciler.npm.shipped import npm_script

AT_ONCE = max(2, min(8, os.cpu_count() or 1))
"""npm computes more than it waits, so more than there are processors win nothing."""
_FLAGS = ("--ignore-scripts", "--no-fund", "--no-update-notifier", "--omit-lockfile-registry-resolved")
_QUIET = ("--json", "--loglevel=silent", "--logs-max=0")
_ONCE = ("--prefer-online", "--fetch-retries=0")


class NpmCommand:
    """npm's command line, a few of them at the same time. `node` runs it; `environ` is handed on: it carries proxies
    and certificates, and says where npm keeps its cache of metadata, which all of them share."""

    def __init__(self, node: Path, environ: Mapping[str, str]) -> None:
        self._node = node
        self._environ = dict(environ)
        self._places = asyncio.Semaphore(AT_ONCE)

    async def run(
        self,
        folder: Path,
        asked: Mapping[str, str],
        *arguments: str,
        cached: bool = False,
        locked: Sequence[LockedPackage] = (),
    ) -> None:
        """Runs `npm ARGUMENTS` in a folder; `asked` (name -> version) is what it is about, `locked` what it installs.

        With `cached` metadata of any age will do, unless it does not know what is asked. Raises PackageError.
        """
        code, out = await self.said(folder, *arguments, "--no-audit", *(("--prefer-offline",) if cached else ()))
        if code and cached and parse_error(out).get("code") in MISSING:
            code, out = await self.said(folder, *arguments, "--no-audit", "--prefer-online")
        if not code:
            return
        error = parse_error(out)
        if not error:
            # npm 10 ends without a report where many fetches fail at once: a single one is told of.
            name = min(asked)
            _, out = await self.said(folder, "view", f"{name}@{asked[name]}", "version", *_ONCE)
            error = parse_error(out)
        raise failure(error, asked, locked)

    async def said(self, folder: Path, *arguments: str) -> tuple[int, bytes]:
        """Exit code and output of `npm ARGUMENTS`."""
        command = [str(self._node), str(npm_script()), *arguments, *_FLAGS, *_QUIET]
        async with self._places:
            return await _finished(command, folder, self._environ)


async def _finished(command: list[str], folder: Path, environ: Mapping[str, str]) -> tuple[int, bytes]:
    """Exit code and output; where the waiting is cancelled, the whole process group is gone before it returns."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        out, _ = await process.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    return process.returncode or 0, out
