"""The secrets of one tenant against its SOPS file, without decrypting anything. No message quotes what stands where
a key should be: it may be a value written there by mistake."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.catalogue import limits
from reconciler.desired.documents import PlainSecret
from reconciler.desired.secrets import FINGERPRINT_KEY
from reconciler.desired.sops_file import SopsFile
from reconciler.desired.tenant_view import PlacedSecret, TenantView
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Diagnostic, Span


def secret_problems(view: TenantView) -> Iterable[Diagnostic]:
    """Every problem of the tenant's SOPS file, and every value or reference that no tenant could have."""
    yield from view.sops_file.diagnostics if view.sops_file else ()
    for name, secret in view.every_secret:
        if secret.spec == FINGERPRINT_KEY:
            message = f"secret '{name}' refers to the key that reconciler keeps for itself."
            yield Diagnostic(secret.place, message, "Refer to another key.")
    yield from _plain_overrides(view)


def unset_secrets(view: TenantView) -> Iterable[Diagnostic]:
    """Every reference that the tenant's SOPS file does not answer; a deploy needs them all, a case none."""
    document = view.located.document
    references = [(name, secret) for name, secret in view.every_secret if isinstance(secret.spec, str)]
    if document.secrets and not view.sops_file:
        message = f"the SOPS file {document.secrets} is not in the repository."
        remedy = f"Run `reconciler secrets init --tenant {view.name}`, and commit it."
        yield Diagnostic(view.located.span("secrets"), message, remedy)
    elif view.sops_file:
        if not view.sops_file.diagnostics or view.sops_file.keys:
            yield from _unresolved(references, view.sops_file, view.name)
    else:
        for name, secret in references:
            message = f"secret '{name}' needs a SOPS file, and tenant '{view.name}' has none."
            yield Diagnostic(secret.place, message, f"Add `secrets:` to {view.located.file}.")


def _unresolved(references: Iterable[tuple[str, PlacedSecret]], file: SopsFile, tenant: str) -> Iterable[Diagnostic]:
    encrypted = False
    for name, secret in references:
        encrypted = True
        key = str(secret.spec)
        if key != FINGERPRINT_KEY and key not in file.keys:
            message = f"secret '{name}' refers to a key that {file.file} does not have{did_you_mean(key, file.names)}"
            yield Diagnostic(
                secret.place,
                message,
                f"Set it with `reconciler secrets set KEY --tenant {tenant}`, KEY being what stands here.",
            )
    if encrypted and not file.has_fingerprint_key and not file.diagnostics:
        message = f"there is no {FINGERPRINT_KEY}, by which a changed secret is seen."
        yield Diagnostic(Span(file.file, 1, 1), message, "Run `reconciler secrets init`.")


def _plain_overrides(view: TenantView) -> Iterable[Diagnostic]:
    for name, secret in view.every_secret:
        value = secret.spec.value if isinstance(secret.spec, PlainSecret) else ""
        if len(value) > limits.SECRET_VALUE_CHARACTERS and secret.place.file == view.located.file:
            message = f"the value of '{name}' is longer than {limits.SECRET_VALUE_CHARACTERS} characters."
            yield Diagnostic(secret.place, message, "Shorten it.")
