"""The users and applications of an embedded tenant."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from reconciler.catalogue import limits
from reconciler.desired.tenant_documents import ClientDocument, LocalTenant
from reconciler.desired.tenant_view import TenantView
from reconciler.errors import Diagnostic

_SCRIPTS = ("javascript", "data", "vbscript")


def login_problems(view: TenantView) -> Iterable[Diagnostic]:
    """What makes a user or an application of the tenant file unusable."""
    document = view.located.document
    if not isinstance(document, LocalTenant):
        return
    emails = [user.email.lower() for user in document.users]
    yield from _twice(view, "users", "email", emails)
    yield from _twice(view, "users", "user_id", [user.user_id for user in document.users])
    yield from _twice(view, "clients", "client_id", [client.client_id for client in document.clients])
    for at, user in enumerate(document.users):
        for field in ("user_metadata", "app_metadata"):
            yield from _metadata_names(view, at, field, getattr(user, field))
    for at, client in enumerate(document.clients):
        yield from _client(view, at, client)
        yield from _client_metadata(view, at, client)


def _twice(view: TenantView, section: str, field: str, values: Sequence[str]) -> Iterator[Diagnostic]:
    for at, value in enumerate(values):
        if value and value in values[:at]:
            message = f"'{value}' is the {field} of another entry already."
            yield Diagnostic(view.located.span(section, at, field), message, "Give each an own one.")


def _client(view: TenantView, at: int, client: ClientDocument) -> Iterator[Diagnostic]:
    for field, urls in (("callbacks", client.callbacks), ("logout_urls", client.logout_urls)):
        for number, url in enumerate(urls):
            wrong = _wrong(url)
            if wrong:
                place = view.located.span("clients", at, field, number)
                yield Diagnostic(place, f"'{url}' {wrong}.", "Write it as http://localhost:3000/callback.")
    if "authorization_code" in client.grant_types and not client.callbacks:
        message = f"client '{client.client_id}' has no callbacks, so nobody can log in to it."
        yield Diagnostic(view.located.span("clients", at), message, "Add `callbacks:`, or other `grant_types:`.")
    if "client_credentials" in client.grant_types and not (client.client_secret or client.public_key):
        message = f"client '{client.client_id}' has no credentials for client_credentials."
        yield Diagnostic(view.located.span("clients", at), message, "Add `client_secret:` or `public_key:`.")
    if client.management_api and "client_credentials" not in client.grant_types:
        message = f"client '{client.client_id}' cannot get at the Management API without client_credentials."
        yield Diagnostic(view.located.span("clients", at, "management_api"), message, "Add it to `grant_types:`.")
    if client.public_key and not _is_public_key(client.public_key):
        message = "the public_key is not an RSA public key in PEM form."
        yield Diagnostic(view.located.span("clients", at, "public_key"), message, "Give the public half of the key.")


def _metadata_names(view: TenantView, at: int, field: str, names: Iterable[str]) -> Iterator[Diagnostic]:
    for name in names:
        if "." in name or "$" in name:
            place = view.located.key("users", at, field, name)
            yield Diagnostic(place, f"'{name}' cannot be a name of metadata: it holds a dot or a $.", "Rename it.")


def _client_metadata(view: TenantView, at: int, client: ClientDocument) -> Iterator[Diagnostic]:
    count, most = len(client.metadata), limits.CLIENT_METADATA_KEYS
    if count > most:
        message = f"there are {count} keys of metadata, the platform takes {most}."
        yield Diagnostic(view.located.key("clients", at, "metadata"), message, "Remove some.")
    for name, value in client.metadata.items():
        if max(len(name), len(value)) > limits.CLIENT_METADATA_CHARACTERS:
            message = f"a name or a value of metadata may have {limits.CLIENT_METADATA_CHARACTERS} characters."
            yield Diagnostic(view.located.key("clients", at, "metadata", name), message, "Shorten it.")


def _wrong(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and not parts.hostname:
            return "is not a whole URL"
    except ValueError:
        return "is not a URL"
    if parts.scheme.lower() in _SCRIPTS:
        return "is not a URL that a login may go to"
    # `localhost:3000/callback` reads as a scheme of its own; private-use ones have a dot (RFC 8252, 7.1) or //.
    named = parts.netloc or "." in parts.scheme or "://" in url
    if not (parts.scheme and named) or any(sign.isspace() for sign in url):
        return "is not a whole URL"
    if "#" in url:
        return "has a fragment, which a callback must not have"
    return "holds a *, but URLs are compared sign by sign" if "*" in url else ""


def _is_public_key(pem: str) -> bool:
    # Few tenants name a key, and reading one takes cryptography, whose import is a fifth of that of a whole command.
    return bool(importlib.import_module("reconciler.desired.checks.public_keys").is_public_key(pem))
