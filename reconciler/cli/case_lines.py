"""Shows how cases end, as they end."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from typing import Protocol

from reconciler.cli.lines import Lines
from reconciler.desired.state import Loaded
from reconciler.model.case import Outcome
from reconciler.report.cases import case_line, group_line, owner_of
from reconciler.report.code_frame import CodeFile
from reconciler.run.cases import Listening
from reconciler.run.chosen import Chosen

PATIENCE_SECONDS = 1.0


class _Line(Protocol):
    """The part of rich's Status that is used; most runs end before there is one."""

    def start(self) -> None: ...

    def update(self, status: str) -> None: ...

    def stop(self) -> None: ...


class CaseLines:
    """A line for each action and flow when its last case ended, before that its failed cases; with `verbose` a line for
    each case. On a terminal a line below them says how far it is, where that takes longer than a moment.

    Close it when all has ended, or is to be shown no more.
    """

    def __init__(self, lines: Lines, *, verbose: bool) -> None:
        self._lines = lines
        self._verbose = verbose
        self._codes: Mapping[str, CodeFile] = {}
        self._group: list[Outcome] = []
        self._total = 0
        self._ended = 0
        self._status: _Line | None = None
        self._soon: asyncio.TimerHandle | None = None

    @property
    def listening(self) -> Listening:
        """What hears of a test run."""
        return Listening(chosen=self._chosen, ended=self._heard)

    def close(self) -> None:
        """The last action or flow has ended, too."""
        self._tell_group()
        if self._soon:
            self._soon.cancel()
        if self._status:
            self._status.stop()
        self._status = None

    def _chosen(self, loaded: Loaded, picked: Chosen) -> None:
        self._codes = {one.document.name: CodeFile(one.code_file, one.code or "") for one in loaded.documents.actions}
        self._total, self._ended = picked.count, 0
        if self._lines.seen:
            self._soon = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._begin)

    def _heard(self, outcome: Outcome) -> None:
        if self._group and owner_of(self._group[0]) != owner_of(outcome):
            self._tell_group()
        self._group.append(outcome)
        self._ended += 1
        if outcome.status == "failed":
            self._tell_failed(outcome)
        elif self._verbose or outcome.on_tenant:
            self._lines.print([case_line(outcome)])
        self._count()

    def _tell_failed(self, outcome: Outcome) -> None:
        report = importlib.import_module("reconciler.report.case_failure")
        self._lines.console.print(report.failure_text(outcome, self._codes, verbose=self._verbose))

    def _tell_group(self) -> None:
        if self._group and not self._verbose:
            self._lines.print([group_line(self._group)])
        self._group = []

    def _begin(self) -> None:
        self._status = importlib.import_module("rich.status").Status(self._far, console=self._lines.console)
        self._status.start()

    def _count(self) -> None:
        if self._status:
            self._status.update(self._far)

    @property
    def _far(self) -> str:
        return f"{self._ended} of {self._total} cases"
