"""What git wants of one tenant: the documents put together, checked, and the secrets decrypted in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from reconciler.catalogue import limits
from reconciler.catalogue.triggers import runtime, triggers
from reconciler.desired.checks.everything import problems
from reconciler.desired.documents import KeptSecret, PlainSecret
from reconciler.desired.load import Documents, LoadedAction, LoadedModule
from reconciler.desired.located_cases import LocatedCase
from reconciler.desired.module_uses import LATEST, module_content
from reconciler.desired.secrets import FINGERPRINT_KEY, SecretValue, Vault, fingerprint
from reconciler.desired.sops import Sops
from reconciler.desired.sops_file import source_of
from reconciler.desired.tenant_documents import Auth0Tenant, TenantDocument
from reconciler.desired.tenant_view import PlacedSecret, TenantView, tenant_view
from reconciler.desired.validation import did_you_mean
from reconciler.engine import normalize
from reconciler.errors import Diagnostic, InvalidInput, SecretsError, Span
from reconciler.model.action import Action, Content, ModuleUse, Secret, Trigger
from reconciler.model.lock import Lock
from reconciler.model.module import Module
from reconciler.model.tenant import Desired

KEY_FILE = "age-key.txt"
"""The age key file of a tenant that names none, in the repository's folder; `secrets init` keeps it out of git."""

_PUBLIC_KEY = b"values that stand in git in clear"
"""Keys the fingerprints of plain values where a tenant has no SOPS file: they are no secret."""


class Loaded(NamedTuple):
    """All that git says of one tenant.

    `cases` maps each action to its tests; `vault` holds the values of secrets, where nothing was decrypted only those
    that stand in git in clear. `notices` are warnings, in order of place.
    """

    desired: Desired
    tenant: TenantDocument
    vault: Vault
    cases: Mapping[str, tuple[LocatedCase, ...]]
    lock: Lock
    documents: Documents
    notices: tuple[Diagnostic, ...] = ()


def desired_of(
    documents: Documents, tenant: str, *, sops: Sops | None, found: Iterable[Diagnostic] = (), to_run: bool = False
) -> Loaded:
    """The desired state of one tenant. `found` is what others found (in the code), warnings included. Without `sops`
    nothing is decrypted: fingerprints and vault stay empty. With `to_run` nothing is minded that only a deploy minds.

    Raises InvalidInput with every problem at once, and SecretsError where sops cannot decrypt.
    """
    errors, warnings = _parted(found)
    wrong = [*problems(documents, [tenant], to_run=to_run), *errors]
    unknown = no_tenant(documents, tenant)
    if tenant not in documents.tenants and not any(one.span.file == unknown.span.file for one in wrong):
        wrong.append(unknown)
    if wrong:
        raise InvalidInput(wrong)
    return _loaded(documents, tenant_view(documents, tenant), sops)._replace(notices=warnings)


def no_tenant(documents: Documents, tenant: str) -> Diagnostic:
    """What is wrong where a tenant is named that has no file."""
    message = f"there is no tenant '{tenant}'{did_you_mean(tenant, documents.tenants)}"
    known = f"Tenants: {', '.join(sorted(documents.tenants))}. Choose one with --tenant." if documents.tenants else ""
    return Diagnostic(Span(f"tenants/{tenant}.yaml"), message, known or "Write one: tenants/ has none yet.")


def all_of(documents: Documents, *, sops: Sops | None, found: Iterable[Diagnostic] = ()) -> Mapping[str, Loaded]:
    """The desired state of every tenant by name. Raises InvalidInput with every problem of all of them, also where
    sops cannot decrypt."""
    wrong = [*problems(documents), *_parted(found)[0]]
    if wrong:
        raise InvalidInput(wrong)
    loaded: dict[str, Loaded] = {}
    for name, located in sorted(documents.tenants.items()):
        try:
            loaded[name] = _loaded(documents, tenant_view(documents, name), sops)
        except SecretsError as problem:
            wrong.append(Diagnostic(located.span("secrets"), problem.message, problem.remedy))
        except InvalidInput as problem:
            wrong += problem.diagnostics
    if wrong:
        raise InvalidInput(wrong)
    return loaded


def _parted(found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], tuple[Diagnostic, ...]]:
    """What refuses, and what is only to be known."""
    every = sorted(set(found))
    warnings = tuple(each for each in every if each.severity == "warning")
    return [each for each in every if each.severity == "error"], warnings


def age_key_file(tenant: TenantDocument, folder: Path, environ: Mapping[str, str]) -> Path:
    """Where the tenant's age key file is, whether it is there or not: as the tenant file says, else age-key.txt in the
    repository's folder. `~/` is the HOME of the environment."""
    named = tenant.age_key_file or KEY_FILE
    if named.startswith("~/") and "HOME" in environ:
        return Path(environ["HOME"]) / named[2:]
    return folder / named


def _loaded(documents: Documents, view: TenantView, sops: Sops | None) -> Loaded:
    secrets = _Secrets(view, documents.tree.folder, sops)
    actions = tuple(_action(action, documents.lock, secrets) for action in view.actions)
    modules = tuple(_module(module, documents.lock, secrets) for module in view.modules)
    if secrets.problems:
        raise InvalidInput(secrets.problems)
    desired = Desired(
        repo=documents.name,
        tenant=view.name,
        commit=documents.tree.commit,
        actions=tuple(sorted(actions, key=lambda action: action.name)),
        flows=tuple(sorted(view.flows, key=lambda flow: flow.trigger)),
        modules=tuple(sorted(modules, key=lambda module: module.name)),
    )
    return Loaded(
        desired=desired,
        tenant=view.located.document,
        vault=Vault(secrets.values, secrets.clear),
        cases={action.document.name: action.cases for action in view.actions},
        lock=documents.lock,
        documents=documents,
    )


def _action(action: LoadedAction, lock: Lock, secrets: _Secrets) -> Action:
    document = action.document
    return Action(
        name=document.name,
        path=action.folder,
        content=_content(action, lock),
        secrets=secrets.of(document.name, secrets.view.secrets[document.name]),
        description=document.description,
        owner=document.owner,
    )


def _module(module: LoadedModule, lock: Lock, secrets: _Secrets) -> Module:
    document = module.document
    content = module_content(module, lock)
    assert content is not None, "the checks let no module pass whose code or packages are not known"
    return Module(
        name=document.name,
        path=module.folder,
        content=content,
        secrets=secrets.of(module.folder, secrets.view.module_secrets[document.name]),
        description=document.description,
        owner=document.owner,
    )


def _content(action: LoadedAction, lock: Lock) -> Content:
    document = action.document
    facts = triggers()[document.trigger]
    locked = lock.actions.get(document.name)
    versions = locked.versions if locked else {}
    return normalize.content(
        trigger=Trigger(id=facts.id, version=facts.version),
        runtime=runtime(facts, document.runtime or facts.default_runtime),
        code=action.code or "",
        dependencies=normalize.pinned({name: versions[name] for name in document.dependencies}),
        modules=[
            ModuleUse(name=name, number=0 if version == LATEST else version)
            for name, version in document.modules.items()
        ],
    )


def _identity(view: TenantView) -> str:
    """What stands for the tenant itself, whichever file names it: its domain, or the folder that holds its state."""
    document = view.located.document
    if isinstance(document, Auth0Tenant):
        return document.domain
    return PurePosixPath(document.server).parent.name if document.server else view.name


class _Secrets:
    """Turns references into secrets with fingerprints, and gathers the values. Decrypts once, and only if needed."""

    def __init__(self, view: TenantView, folder: Path, sops: Sops | None) -> None:
        self.view = view
        self._tenant = _identity(view)
        self.clear: Mapping[str, SecretValue] = {}
        self._decrypted = sops is not None
        self.values: dict[tuple[str, str], SecretValue] = {}
        self.problems: list[Diagnostic] = []
        written = [name for name, secret in view.every_secret if not isinstance(secret.spec, KeptSecret)]
        if sops and view.sops_file and written:
            key_file = age_key_file(view.located.document, folder, sops.environ)
            self.clear = sops.decrypt(view.sops_file.ciphertext, view.sops_file.file, key_file)
        key = self.clear.get(FINGERPRINT_KEY)
        self._key = key.reveal().encode() if key else _PUBLIC_KEY

    def of(self, owner: str, placed: Mapping[str, PlacedSecret]) -> tuple[Secret, ...]:
        """The secrets of one owner in name order: of an action by its name, of a module by its folder."""
        return tuple(self._secret(owner, name, secret) for name, secret in sorted(placed.items()))

    def _secret(self, owner: str, name: str, secret: PlacedSecret) -> Secret:
        if isinstance(secret.spec, KeptSecret):
            return Secret(name=name, kind="keep")
        if isinstance(secret.spec, PlainSecret):
            return self._written(owner, name, secret, SecretValue(secret.spec.value), source_of(secret.spec.value))
        source = self.view.sops_file.sources.get(secret.spec, "") if self.view.sops_file else ""
        if not self._decrypted:
            return Secret(name=name, kind="encrypted", source=source)
        return self._written(owner, name, secret, self.clear[secret.spec], source)

    def _written(self, owner: str, name: str, secret: PlacedSecret, value: SecretValue, source: str) -> Secret:
        if len(value.reveal()) > limits.SECRET_VALUE_CHARACTERS:
            message = f"the value of '{name}' is longer than {limits.SECRET_VALUE_CHARACTERS} characters."
            self.problems.append(Diagnostic(secret.place, message, "Shorten it."))
        self.values[(owner, name)] = value
        stamp = fingerprint(self._key, self._tenant, owner, name, value) if self._decrypted else ""
        kind = "plain" if isinstance(secret.spec, PlainSecret) else "encrypted"
        return Secret(name=name, kind=kind, fingerprint=stamp, source=source)
