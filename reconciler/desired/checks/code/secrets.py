"""The secrets that the code reads, against those that its document declares."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reconciler.desired.checks.code.source import Source
from reconciler.desired.validation import closest, did_you_mean
from reconciler.errors import Diagnostic
from reconciler.model.code import SecretUse

_KEPT_FROM_READERS = "Whoever reads the logs has it then. Print that it is there, never what it is."


def secret_findings(source: Source) -> Iterator[Diagnostic]:
    """Names that are read and not declared, declared and not read, or read where they are not."""
    root = "actions" if source.is_module else "event"
    declared = source.owner.document.secrets
    if source.facts.error:
        return
    for use in source.facts.secrets:
        if use.root == "actions" and not source.is_module:
            message = f"`actions.secrets.{use.name}` is known in modules only."
            yield source.finding("R024", use.at, message, f"Read `event.secrets.{use.name}`.")
        elif use.root == root and use.name not in declared and not _left_out(use, declared):
            message = f"`{root}.secrets.{use.name}` is not among the secrets of {source.owner.located.file}"
            remedy = f"Add `{use.name}:` to its `secrets:`, or correct the name."
            yield source.finding("R020", use.at, f"{message}{did_you_mean(use.name, declared)}", remedy)
    if root in source.facts.secrets_open:
        return
    for name in declared.keys() - set(_meant(source, root)):
        message = f"secret '{name}' is declared, and {source.file} never reads it."
        place = source.owner.located.key("secrets", name)
        why = ": a secret that nobody needs can only leak" if name in source.hidden else ""
        yield source.finding("R021", place, message, f"Remove it{why}.")


def _meant(source: Source, root: str) -> Iterator[str]:
    """Names of secrets that the code reads or means to: who is told of R020 or R024 is not to remove the secret too."""
    declared = source.owner.document.secrets
    for use in source.facts.secrets:
        if use.root == root or not source.is_module:
            yield use.name if use.name in declared else closest(use.name, declared) or use.name


def _left_out(use: SecretUse, declared: Collection[str]) -> bool:
    """Whether the code means a secret that may be left out, and not one of those that are declared."""
    return use.spared and closest(use.name, declared) is None


def printing_findings(source: Source) -> Iterator[Diagnostic]:
    """Secrets that are handed to console; what stands in git in clear is no secret."""
    root = "actions" if source.is_module else "event"
    for printed in source.facts.printed:
        if printed.root != root or (printed.name or root) not in {*source.hidden, root if source.hidden else ""}:
            continue
        what = f"`{root}.secrets.{printed.name}`" if printed.name else f"`{root}`, with every secret in it,"
        yield source.finding("R022", printed.at, f"{what} is handed to console.{printed.method}.", _KEPT_FROM_READERS)
