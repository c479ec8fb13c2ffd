"""Whether the code parses, as what the platform runs, on every runtime that it may run on."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.catalogue.node_releases import SYNTAX, major
from reconciler.desired.checks.code.source import Source
from reconciler.errors import Diagnostic
from reconciler.model.code import Place

_MODULE = "'import' and 'export'"


def syntax_findings(source: Source) -> Iterator[Diagnostic]:
    """The first syntax error, or every piece of syntax that one of the runtimes lacks."""
    if problem := source.facts.error:
        at = Place(problem.line, problem.column)
        if _MODULE in problem.message:
            message = "Actions and modules are CommonJS scripts, and this is an import or export of an ES module."
            yield source.finding("R003", at, message, "Use require and exports instead.")
        else:
            message = f"the code does not parse: {problem.message.rstrip('.')}."
            yield source.finding("R001", at, message, "Mend its syntax.")
    for newer in source.facts.newer:
        first, what = SYNTAX[newer.feature]
        lacking = next((runtime for runtime in source.runtimes if 0 < major(runtime) < first), "")
        if lacking:
            message = f"{lacking}, which {source.runtimes[lacking]} asks for, does not know {what}."
            yield source.finding("R002", newer.at, message, "Write it in an older form, or choose a newer runtime.")
