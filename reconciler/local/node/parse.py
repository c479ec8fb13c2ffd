"""Reads what code says of itself without running it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from reconciler.errors import RuntimeProblem
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


async def read_code_facts(node: Path, sources: Mapping[str, str]) -> Mapping[str, CodeFacts]:
    """The facts of each source (any name -> code), all parsed by one Node process as CommonJS of the latest ECMAScript.

    They depend on the code alone. `node` is the executable. Raises RuntimeProblem where Node does not start.
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
    return {name: _facts(told) for name, told in json.loads(out).items()}


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
    facts = ((Place(**one.pop("at")), one) for one in told)
    return tuple(kind(**one, at=at) for at, one in sorted(facts, key=lambda fact: (fact[0].line, fact[0].column)))
