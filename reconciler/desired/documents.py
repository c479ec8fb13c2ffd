"""What the YAML files of a repository may say. The descriptions go into the JSON Schemas."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StrictBool, Tag, TypeAdapter

from reconciler.desired.document import Document
from reconciler.desired.drift_documents import DriftDocument
from reconciler.desired.guard_documents import Guards
from reconciler.model.case import Case
from reconciler.model.flow import Binding

_BRANCH = r"^[^\s~^:?*\[\\{\x00-\x1f-][^\s~^:?*\[\\{\x00-\x1f]*$"
_PRINTED = r"^[^\x00-\x1f\x7f]+$"
_NAME = r"^[^/\\:*?\"<>|\x00-\x1f]+$"
_REPOSITORY_NAME = r"^[A-Za-z0-9][A-Za-z0-9._/-]*$"
_KEY = r"^[A-Za-z_][A-Za-z0-9_.-]{0,127}$"
_DOMAIN = r"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?$"
_EMAIL = r"^[^@\s]+@[^@\s]+$"
_USER_ID = r"^[^|\s]+\|\S+$"

PATTERNS = {
    r"\S": "must say something",
    f"^$|{_BRANCH}": "must be the name of a branch, such as main",
    r"^\S+$": "must hold no blanks",
    f"^$|{_USER_ID}": "must be PROVIDER|ID, such as auth0|ada",
    _PRINTED: "may hold no control characters",
    _NAME: "may hold no slash, backslash, quote, colon or other sign that a folder's name cannot have",
    _REPOSITORY_NAME: "must be of letters, digits, and . _ / - after the first sign",
    _KEY: "must be a key of the tenant's SOPS file (letters, digits, _ . -), not the value itself",
    _DOMAIN: "must be a domain without https:// and without a path, such as acme.eu.auth0.com",
    _EMAIL: "must be an email address",
    r"^[A-Z]+ https?://\S+$": "must be a method and a URL, such as POST https://example.com/hook",
}
"""What each pattern asks, in words that follow the field's name."""

RENAMED = {"deploy": "enabled"}
"""Fields of earlier versions and what they are called now."""

Name = Annotated[str, Field(min_length=1, pattern=_NAME)]
"""A name that can also be a folder's name on every system."""

ActionName = Annotated[str, Field(min_length=1, pattern=_PRINTED)]
"""Any name that a tenant may have given an action."""


class RepositoryDocument(Document):
    """reconciler.yaml: marks the folder of a repository and names it."""

    name: str = Field(min_length=1, max_length=100, pattern=_REPOSITORY_NAME)
    """The name under which this repository owns actions in a tenant. Two repositories never fight over one action."""
    promote: tuple[Name, ...] = ()
    """Tenants in the order in which a commit reaches them, such as [dev, staging, prod]: each takes only a commit that
    the one before it carries."""


class PlainSecret(Document):
    """A value that is not secret: reviewers may read it."""

    value: str
    """The value, in the clear."""


class KeptSecret(Document):
    """A secret that lives in the dashboard: it must exist there and is never written."""

    keep: Literal[True]
    """Always true."""


def _secret_form(value: Any) -> str | None:
    if isinstance(value, str):
        return "<key>"
    if isinstance(value, PlainSecret) or (isinstance(value, dict) and "keep" not in value):
        return "<value>"
    return "<keep>" if isinstance(value, KeptSecret | dict) else None


SecretSpec = Annotated[
    Annotated[
        str,
        Field(pattern=_KEY, description="A key in the tenant's SOPS file."),
        Tag("<key>"),
    ]
    | Annotated[PlainSecret, Tag("<value>")]
    | Annotated[KeptSecret, Tag("<keep>")],
    Discriminator(
        _secret_form,
        custom_error_type="secret_form",
        custom_error_message="must be a key of the tenant's SOPS file, {value: ...} or {keep: true}",
    ),
]
"""Where the value of a secret comes from."""


def _version_form(value: Any) -> str | None:
    if isinstance(value, str):
        return "<latest>" if value == "latest" else None
    return "<number>" if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


ModuleVersion = Annotated[
    Annotated[Literal["latest"], Tag("<latest>")] | Annotated[int, Field(gt=0), Tag("<number>")],
    Discriminator(
        _version_form,
        custom_error_type="version_form",
        custom_error_message="must be the number of a version, or latest",
    ),
]
"""Which version of a module an action uses."""


def _mapping_of_modules(value: Any) -> Any:
    if not isinstance(value, list | str):
        return value
    given = [value] if isinstance(value, str) else value
    names = [each for each in given if isinstance(each, str)] or ["NAME"]
    form = ", ".join(f"{name}: latest" for name in names)
    raise ValueError(f"must say which version of each module is used, such as {{{form}}}")


ModuleVersions = Annotated[dict[str, ModuleVersion], BeforeValidator(_mapping_of_modules)]


class ActionDocument(Document):
    """actions/NAME/action.yaml: one Action."""

    name: ActionName
    """The name of the action in the tenant; the same as its folder's name, unless no folder can have that name."""
    trigger: str
    """The trigger the action is written for, such as post-login."""
    runtime: str = ""
    """The Node runtime, such as node22; the trigger's default where it is left out."""
    code: str = Field(default="code.js", min_length=1)
    """The file of the code, relative to the action's folder and inside it."""
    dependencies: dict[str, str] = Field(default_factory=dict)
    """npm packages: name to a version range or `latest`. reconciler.lock says which exact version."""
    secrets: dict[str, SecretSpec] = Field(default_factory=dict)
    """Secret name to where its value comes from: a key in the tenant's SOPS file, {value: ...} or {keep: true}."""
    modules: ModuleVersions = Field(default_factory=dict)
    """Modules that the code requires as actions:NAME: name to a version's number, or `latest`, as locked."""
    description: str = ""
    """For people: what the action is for."""
    owner: str = ""
    """For people: who answers for the action."""


class ModuleDocument(Document):
    """modules/NAME/module.yaml: code that several Actions share."""

    name: Name
    """The name of the module in the tenant; the same as its folder's name."""
    code: str = Field(default="code.js", min_length=1)
    """The file of the code, relative to the module's folder and inside it."""
    dependencies: dict[str, str] = Field(default_factory=dict)
    """npm packages: name to a version range or `latest`."""
    secrets: dict[str, SecretSpec] = Field(default_factory=dict)
    """Secret name to where its value comes from."""
    description: str = ""
    """For people: what the module is for."""
    owner: str = ""
    """For people: who answers for the module."""


class BindingDocument(Document):
    """One place in a flow, with the name the dashboard shows."""

    action: str
    """The name of an action of this repository."""
    display_name: str = ""
    """What the dashboard shows in place of the action's name."""


def _binding_form(value: Any) -> str | None:
    if isinstance(value, str):
        return "<action>"
    return "<binding>" if isinstance(value, dict | BindingDocument) else None


BindingSpec = Annotated[
    Annotated[str, Field(min_length=1, description="The name of an action of this repository."), Tag("<action>")]
    | Annotated[BindingDocument, Tag("<binding>")],
    Discriminator(
        _binding_form,
        custom_error_type="binding_form",
        custom_error_message="must be the name of an action, or {action: ..., display_name: ...}",
    ),
]


def _without_default(schema: dict[str, Any]) -> None:
    # What is left out is not the default that a schema would name, but what another file says.
    del schema["default"]


class FlowDocument(Document):
    """flows/TRIGGER.yaml: what runs at a trigger, in which order."""

    trigger: str
    """The trigger; the same as the file's name."""
    bindings: tuple[BindingSpec, ...]
    """The actions in running order."""
    unmanaged: Literal["keep", "remove"] = "keep"
    """What happens to bindings that are not in this file: keep leaves them where they are, remove takes them out."""

    def ordered(self) -> tuple[Binding, ...]:
        """The bindings in running order."""
        return tuple(
            Binding(action=entry)
            if isinstance(entry, str)
            else Binding(action=entry.action, display_name=entry.display_name)
            for entry in self.bindings
        )


class Credentials(Document):
    """NAMES of the environment variables that hold the credentials; never the credentials themselves."""

    client_id: str = "AUTH0_CLIENT_ID"
    """Variable with the client id of the machine-to-machine application."""
    client_secret: str = "AUTH0_CLIENT_SECRET"
    """Variable with its client secret."""
    private_key: str = "AUTH0_CLIENT_PRIVATE_KEY"
    """Variable with its private key (PEM), for private-key JWT."""
    access_token: str = "AUTH0_ACCESS_TOKEN"
    """Variable with a ready access token."""


class ActionOverride(Document):
    """What is different about one action in this tenant."""

    enabled: StrictBool = True
    """False: the action and its bindings are not part of this tenant."""
    runtime: str = Field(default="", min_length=1, json_schema_extra=_without_default)
    """The Node runtime in this tenant; the action's own where it is left out."""
    secrets: dict[str, SecretSpec] = Field(default_factory=dict)
    """Secrets of the action whose value comes from elsewhere in this tenant."""


class ModuleOverride(Document):
    """What is different about one module in this tenant."""

    enabled: StrictBool = True
    """False: the module is not part of this tenant; no action that is may use it."""
    secrets: dict[str, SecretSpec] = Field(default_factory=dict)
    """Secrets of the module whose value comes from elsewhere in this tenant."""


class FlowOverride(Document):
    """What is different about one flow in this tenant; what is left out is as in the flow's file."""

    bindings: tuple[BindingSpec, ...] = Field(default=(), json_schema_extra=_without_default)
    """The actions in running order, in place of those in the flow's file."""
    unmanaged: Literal["keep", "remove"] = Field(default="keep", json_schema_extra=_without_default)
    """What happens in this tenant to bindings that are not in the list."""

    def over(self, flow: FlowDocument) -> FlowDocument:
        """The flow as this tenant is to have it."""
        return flow.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


class Overrides(Document):
    """What is different in this tenant."""

    actions: dict[str, ActionOverride] = Field(default_factory=dict)
    """Action name to what is different about it."""
    modules: dict[str, ModuleOverride] = Field(default_factory=dict)
    """Module name to what is different about it."""
    flows: dict[str, FlowOverride] = Field(default_factory=dict)
    """Trigger to what is different about its flow."""


class _TenantBase(Document):
    secrets: str = ""
    """The tenant's SOPS file, relative to the repository's folder."""
    age_key_file: str = ""
    """An age key file for SOPS, relative to the repository's folder; used unless SOPS_AGE_KEY_FILE is set."""
    branch: str = Field(default="", pattern=f"^$|{_BRANCH}")
    """The protected branch, such as main: only a commit that is on it is applied. Any commit where it is left out."""
    guards: Guards = Guards()
    """How careful this tenant is, and which guards may pass in it."""
    drift: DriftDocument = DriftDocument()
    """Which findings of `reconciler drift` are left alone for a while."""
    overrides: Overrides = Overrides()
    """Actions, modules and flows that are left out of this tenant or differ in it."""


class Auth0Tenant(_TenantBase):
    """A tenant of Auth0."""

    type: Literal["auth0"]
    """auth0: a tenant reached over the Management API."""
    domain: str = Field(pattern=_DOMAIN)
    """The tenant's domain without https://, such as acme.eu.auth0.com."""
    credentials: Credentials = Credentials()
    """Names of the environment variables that hold the credentials."""
    ca: str = ""
    """A PEM file of a certificate authority to trust besides the public ones, relative to the repository's folder."""


GrantType = Literal[
    "authorization_code",
    "refresh_token",
    "password",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:token-exchange",
]


class UserDocument(Document):
    """A test user of the embedded tenant. This file is in git: never a real person's password."""

    email: str = Field(pattern=_EMAIL)
    """The email, with which the user logs in."""
    password: str = Field(min_length=1)
    """The password, in the clear: everybody who reads the repository knows it."""
    user_id: str = Field(default="", pattern=f"^$|{_USER_ID}")
    """The user's id, such as auth0|ada; made of the email where it is left out."""
    name: str = ""
    """The user's name; the email where it is left out."""
    email_verified: StrictBool = False
    """Whether the email counts as confirmed."""
    blocked: StrictBool = False
    """True: the user cannot log in."""
    roles: tuple[str, ...] = ()
    """The names of the user's roles, as event.authorization.roles shows them."""
    user_metadata: dict[str, Any] = Field(default_factory=dict)
    """What event.user.user_metadata begins with."""
    app_metadata: dict[str, Any] = Field(default_factory=dict)
    """What event.user.app_metadata begins with."""


class ClientDocument(Document):
    """An application that logs its users in at the embedded tenant."""

    client_id: str = Field(min_length=1, pattern=r"^\S+$")
    """The application's client id."""
    name: str = ""
    """The application's name; its client id where it is left out."""
    client_secret: str = ""
    """A secret for tests, in the clear. Without it and without public_key the application must use PKCE."""
    public_key: str = ""
    """An RSA public key (PEM) that its client assertions are verified with (private-key JWT)."""
    callbacks: tuple[str, ...] = ()
    """The URLs that a login may go back to, compared sign by sign."""
    logout_urls: tuple[str, ...] = ()
    """The URLs that logging out may go to."""
    grant_types: tuple[GrantType, ...] = ("authorization_code", "refresh_token")
    """What the application may ask `/oauth/token` for."""
    metadata: dict[str, str] = Field(default_factory=dict)
    """What event.client.metadata shows."""
    management_api: StrictBool = False
    """True: its client credentials are good for the Management API too."""


class LocalTenant(_TenantBase):
    """The embedded tenant that ships with reconciler."""

    type: Literal["local"]
    """local: the embedded tenant."""
    server: str = Field(default="", pattern=r"^$|^[^:]*\.json$")
    """Path of the tenant.json of a running `reconciler tenant serve`, such as .reconciler/tenants/local/tenant.json;
    without it the tenant runs inside the command."""
    users: tuple[UserDocument, ...] = ()
    """Who can log in at the served tenant. Test users only: this file is in git."""
    clients: tuple[ClientDocument, ...] = ()
    """The applications that users log in to at the served tenant."""


TenantDocument = Auth0Tenant | LocalTenant

REPOSITORY: TypeAdapter[RepositoryDocument] = TypeAdapter(RepositoryDocument)
ACTION: TypeAdapter[ActionDocument] = TypeAdapter(ActionDocument)
MODULE: TypeAdapter[ModuleDocument] = TypeAdapter(ModuleDocument)
FLOW: TypeAdapter[FlowDocument] = TypeAdapter(FlowDocument)
TENANT: TypeAdapter[TenantDocument] = TypeAdapter(Annotated[TenantDocument, Field(discriminator="type")])
CASES: TypeAdapter[tuple[Case, ...]] = TypeAdapter(tuple[Case, ...])
