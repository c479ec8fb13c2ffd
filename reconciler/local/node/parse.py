"""Reads what code says of itself without running it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from reconciler.errors import RuntimeProblem
from reconciler.local.node.known_code import READER, Told, digest, keep_known, load_known
from reconciler.local.node.spawn import HOST
from reconciler.model.code import (
    CodeFacts,
    IgnoreComment,
    MethodUse,
    Newer,
    Place,
    Printed,
    Required,
    SecretUse,
    Sent,
    SyntaxProblem,
)

Fact = TypeVar("Fact")

STACK = "--stack-size=3600"
"""In kilobytes, of the 8192 that a process has: bundled code may hold an expression of thousands of parts."""


async def read_code_facts(node: Path, sources: Mapping[str, str], kept: Path | None = None) -> Mapping[str, CodeFacts]:
    """The facts of each source (any name -> code), all parsed by one Node process as CommonJS of the latest ECMAScript.

    They depend on the code alone: what was read before comes from the folder `kept`, without Node, where there is one.
    `node` is the executable. Raises RuntimeProblem where Node does not start.
    """
    digests = {name: digest(code) for name, code in sources.items()}
    told = load_known(kept) if sources else {}
    facts = {each: found for each in set(digests.values()) if each in told and (found := _whole(told[each]))}
    unknown = {each: sources[name] for name, each in digests.items() if each not in facts}
    if unknown:
        told |= await _told(node, unknown)
        facts |= {each: _facts(told[each]) for each in unknown}
        keep_known(kept, {each: told[each] for each in sorted(facts)})
    return {name: facts[each] for name, each in digests.items()}


async def _told(node: Path, sources: Mapping[str, str]) -> Mapping[str, Told]:
    wall = ("--permission", *(f"--allow-fs-read={place}" for place in READER))
    command = [str(node), STACK, *wall, str(HOST / "parse.js")]
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
    told: Mapping[str, Told] = json.loads(out)
    return told


def _whole(told: Any) -> CodeFacts | None:
    """The facts, None where it holds none: a file on disk may hold anything."""
    try:
        return _facts(told)
    except (KeyError, TypeError, AttributeError):
        return None


def _facts(told: Mapping[str, Any]) -> CodeFacts:
    if told["problem"]:
        return CodeFacts(error=SyntaxProblem(**told["problem"]))
    return CodeFacts(
        handlers={one["name"]: Place(one["line"], one["column"]) for one in told["exports"]}
        if told["certain"]
        else None,
        requires=_each(Required, told["requires"]),
        requires_more=told["requires_more"],
        secrets=_each(SecretUse, told["secrets"]),
        secrets_open=frozenset(told["secrets_open"]),
        methods=_each(MethodUse, told["methods"]),
        printed=_each(Printed, told["printed"]),
        newer=_each(Newer, told["newer"]),
        plain=_each(Sent, told["plain"]),
        untimed=_each(Sent, told["untimed"]),
        remarks=_each(IgnoreComment, told["remarks"]),
    )


def _each(kind: Callable[..., Fact], told: Iterable[dict[str, Any]]) -> tuple[Fact, ...]:
    """The facts of a kind in order of place."""
    ordered = sorted(told, key=lambda one: (one["at"]["line"], one["at"]["column"]))
    return tuple(kind(**{**one, "at": Place(**one["at"])}) for one in ordered)
