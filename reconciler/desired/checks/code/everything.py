"""All rules at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.desired.checks.code.handlers import handler_findings
from reconciler.desired.checks.code.ignoring import MARK, comments, judged
from reconciler.desired.checks.code.methods import method_findings
from reconciler.desired.checks.code.packages import module_findings, package_findings
from reconciler.desired.checks.code.requests import request_findings
from reconciler.desired.checks.code.secrets import printing_findings, secret_findings
from reconciler.desired.checks.code.source import Source, sources
from reconciler.desired.checks.code.syntax import syntax_findings
from reconciler.desired.checks.code.tokens import token_findings
from reconciler.desired.load import Documents
from reconciler.errors import Diagnostic
from reconciler.model.code import CodeFacts

_RULES = (
    syntax_findings,
    handler_findings,
    secret_findings,
    printing_findings,
    token_findings,
    package_findings,
    module_findings,
    method_findings,
    request_findings,
)


def code_findings(documents: Documents, facts: Mapping[str, CodeFacts]) -> tuple[Diagnostic, ...]:
    """What is wrong with code, errors and warnings, in order of place. `facts` maps the path of a code file to what
    reading it told; a file without is passed over."""
    looked_at = sources(documents, facts)
    found = [finding for source in looked_at for rule in _RULES for finding in rule(source)]
    remarks = comments({source.file: source.facts for source in looked_at}, dict(_texts(looked_at)))
    return tuple(sorted(set(judged(found, remarks))))


def _texts(looked_at: Iterable[Source]) -> Iterator[tuple[str, str]]:
    """The YAML files that hold a comment of ours."""
    written = (source.owner.located.source for source in looked_at)
    return ((yaml.file, yaml.text) for yaml in written if MARK in yaml.text)
