"""What can be known of an action's code without running it."""

from __future__ import annotations

from reconciler.model.frozen import Frozen


class CodeProblem(Frozen):
    """Why code does not parse, in the parser's words; line and column count from 1."""

    message: str
    line: int
    column: int


class Export(Frozen):
    """A name that the code exports, and where it does; line and column count from 1."""

    name: str
    line: int
    column: int


class CodeFacts(Frozen):
    """Either the first syntax error or the exported names in order of place, each once."""

    problem: CodeProblem | None = None
    exports: tuple[Export, ...] = ()

    def export(self, name: str) -> Export | None:
        """The export of that name, or None."""
        return next((export for export in self.exports if export.name == name), None)
