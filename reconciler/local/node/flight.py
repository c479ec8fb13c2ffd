"""One run while it is under way: what the host has told of it so far."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from reconciler.local.node.job import Job
from reconciler.model.execution import Call, Execution, Request, Thrown

REDACTED_CHARACTERS = 6
"""Shorter values are left as they are: they are words like `info`, and hiding them would hide the output."""


class Flight:
    """Collects what a run does; `landed` gives the Execution, or None where the host died before the run began."""

    def __init__(self, run_id: str, job: Job) -> None:
        self.id = run_id
        self.job = job
        self.started = False
        self.landed: asyncio.Future[Execution | None] = asyncio.get_running_loop().create_future()
        self._console: list[str] = []
        self._calls: list[Call] = []
        self._requests: list[Request] = []
        self._began = 0.0

    def start(self, now: float) -> None:
        """The host has begun; `now` in seconds of the loop's clock."""
        self.started = True
        self._began = now

    def take(self, message: Mapping[str, Any]) -> bool:
        """Takes in one message of the host; True when it was the last."""
        if self.job.heard:
            self.job.heard(message)
        if "console" in message:
            self._console.append(message["console"])
        elif "call" in message:
            self._calls.append(Call.model_validate(message["call"]))
        elif "request" in message:
            self._requests.append(Request.model_validate(message["request"]))
        elif "done" in message:
            error = message["done"]["error"]
            self._land(Thrown.model_validate(error) if error else None, message["done"]["duration_ms"])
            return True
        return False

    def break_off(self, name: str, message: str, now: float) -> None:
        """Ends the run from outside, with what is known of it up to here."""
        self._land(Thrown(name=name, message=message), (now - self._began) * 1000)

    def lose(self) -> None:
        """The host died before the run began: nothing happened, so it may be run again."""
        if not self.landed.done():
            self.landed.set_result(None)

    def _land(self, error: Thrown | None, duration_ms: float) -> None:
        if self.landed.done():
            return
        execution = Execution(
            action=self.job.action,
            handler=self.job.handler,
            calls=tuple(self._calls),
            requests=tuple(self._requests),
            console=tuple(self._console),
            error=error,
            duration_ms=round(duration_ms, 3),
        )
        self.landed.set_result(self._without_secrets(execution))

    def _without_secrets(self, execution: Execution) -> Execution:
        """With the network open the secrets are real ones, and an Execution is kept, shown and logged (law 6)."""
        if self.job.stubs is not None:
            return execution
        marks = {value: f"[secret {name}]" for name, value in self.job.secrets.items()}
        long = sorted((value for value in marks if len(value) >= REDACTED_CHARACTERS), key=len, reverse=True)
        if not long:
            return execution
        return Execution.model_validate(_replaced(execution.model_dump(), [(value, marks[value]) for value in long]))


def _replaced(value: Any, marks: list[tuple[str, str]]) -> Any:
    if isinstance(value, str):
        for clear, mark in marks:
            value = value.replace(clear, mark)
        return value
    if isinstance(value, dict):
        return {_replaced(key, marks): _replaced(item, marks) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(item, marks) for item in value]
    return value
