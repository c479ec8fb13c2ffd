"""What tenants/NAME.yaml may say: where a tenant is, what is different in it, and who logs in to the embedded one."""

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, TypeAdapter

from reconciler.desired import patterns
from reconciler.desired.document import Document
from reconciler.desired.documents import BindingSpec, FlowDocument, SecretSpec
from reconciler.desired.drift_documents import DriftDocument
from reconciler.desired.guard_documents import Guards


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


def _without_default(schema: dict[str, Any]) -> None:
    # What is left out is not the default that a schema would name, but what another file says.
    del schema["default"]


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
    branch: str = Field(default="", pattern=f"^$|{patterns.BRANCH}")
    """The protected branch, such as main: only a commit that is on it is applied. Any commit where it is left out."""
    guards: Guards = Field(default_factory=Guards)
    """How careful this tenant is, and which guards may pass in it."""
    drift: DriftDocument = Field(default_factory=DriftDocument)
    """Which findings of `reconciler drift` are left alone for a while."""
    overrides: Overrides = Field(default_factory=Overrides)
    """Actions, modules and flows that are left out of this tenant or differ in it."""


class Auth0Tenant(_TenantBase):
    """A tenant of Auth0."""

    type: Literal["auth0"]
    """auth0: a tenant reached over the Management API."""
    domain: str = Field(pattern=patterns.DOMAIN)
    """The tenant's domain without https://, such as acme.eu.auth0.com."""
    credentials: Credentials = Field(default_factory=Credentials)
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

    email: str = Field(pattern=patterns.EMAIL)
    """The email, with which the user logs in."""
    password: str = Field(min_length=1)
    """The password, in the clear: everybody who reads the repository knows it."""
    user_id: str = Field(default="", pattern=f"^$|{patterns.USER_ID}")
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

TENANT: TypeAdapter[TenantDocument] = TypeAdapter(Annotated[TenantDocument, Field(discriminator="type")])
