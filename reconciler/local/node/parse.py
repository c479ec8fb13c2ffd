"""Reads what code says of itself without running it: whether it parses, which handlers it exports, and which modules of
the tenant it requires."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.errors import RuntimeProblem
from reconciler.local.node.spawn import HOST


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why code does not parse, in the parser's words; line and column count from 1."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name is exported or required; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """Either the first syntax error, or every exported name with the place of its first export, in order of place;
    `modules` every NAME of `require("actions:NAME")` with the place of the first."""

    error: SyntaxProblem | None = None
    handlers: Mapping[str, Place] = field(default_factory=dict)
    modules: Mapping[str, Place] = field(default_factory=dict)


async def read_code_facts(node: Path, sources: Mapping[str, str]) -> Mapping[str, CodeFacts]:
    """The facts of each source (any name -> code), all parsed by one Node process as CommonJS of the latest ECMAScript.

    A source that hands out its exports in a way that reading alone cannot follow (a bundler's output,
    `module.exports = require(...)`) is left out: only running it tells. `node` is the executable.
    Raises RuntimeProblem where Node does not start.
    """
    if not sources:
        return {}
    command = [str(node), "--permission", f"--allow-fs-read={HOST}", str(HOST / "parse.js")]
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd=HOST,
        )
    except OSError as error:
        raise RuntimeProblem(f"Node does not start: {error.strerror}.", "Install reconciler again.") from error
    try:
        out, _ = await process.communicate(json.dumps(dict(sources)).encode())
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise RuntimeProblem("Node cannot parse the code of the actions.", "Install reconciler again.")
    return {name: _facts(told) for name, told in json.loads(out).items() if told["problem"] or told["certain"]}


def _facts(told: Mapping[str, Any]) -> CodeFacts:
    if told["problem"]:
        return CodeFacts(error=SyntaxProblem(**told["problem"]))
    return CodeFacts(handlers=_places(told["exports"]), modules=_places(reversed(told["modules"])))


def _places(told: Iterable[Mapping[str, Any]]) -> Mapping[str, Place]:
    return {one["name"]: Place(one["line"], one["column"]) for one in told}
