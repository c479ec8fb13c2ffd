"""How a pipeline speaks to whoever runs it: the files of the step, its log, and what must not be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.github.files import StepFiles, command
from reconciler.model.pipeline import Stage
from reconciler.run.ci.hidden import Hidden


@dataclass(frozen=True)
class Channel:
    """`tell` takes lines for the log, `command` a workflow command, None where no runner listens; `show` a stage that
    ended. `hidden` knows the secrets that must not leave."""

    files: StepFiles
    tell: Callable[[str], None]
    command: Callable[[str], None] | None
    show: Callable[[Stage], None]
    hidden: Hidden

    def warn(self, text: str) -> None:
        """Tells of something that did not work and changes nothing."""
        if self.command:
            self.command(command("warning", self.hidden.mask(text), title="reconciler"))
        else:
            self.tell(f"warning: {text}")
