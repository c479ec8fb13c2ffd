"""What the YAML files of a repository may say. The descriptions go into the JSON Schemas."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, TypeAdapter

from reconciler.desired import patterns
from reconciler.desired.document import Document, Reason
from reconciler.model.audit import Severity
from reconciler.model.case import Case
from reconciler.model.flow import Binding
from reconciler.model.flow_case import FlowCase
from reconciler.model.snapshot import Recorded, RecordedFlow

RENAMED = {"deploy": "enabled"}
"""Fields of earlier versions and what they are called now."""

Name = Annotated[str, Field(min_length=1, pattern=patterns.NAME)]
"""A name that can also be a folder's name on every system."""

ActionName = Annotated[str, Field(min_length=1, pattern=patterns.PRINTED)]
"""Any name that a tenant may have given an action."""


class AuditDocument(Document):
    """What is known against locked packages: from which severity on it refuses, and what is left all the same."""

    level: Severity = "high"
    """`reconciler lock --check` and `lock --audit` fail for what is as bad as this, or worse."""
    ignore: dict[str, Reason] = Field(default_factory=dict)
    """Advisories that do not matter here: id (GHSA-…) to the reason."""


def _audit_form(value: Any) -> str | None:
    if isinstance(value, str):
        return "<level>"
    return "<audit>" if isinstance(value, dict | AuditDocument) else None


AuditSpec = Annotated[
    Annotated[Severity, Tag("<level>")] | Annotated[AuditDocument, Tag("<audit>")],
    Discriminator(
        _audit_form,
        custom_error_type="audit_form",
        custom_error_message="must be a severity such as high, or {level: ..., ignore: {...}}",
    ),
]


class CoverageDocument(Document):
    """How much of the code of each action and module the cases have to run."""

    lines: float = Field(default=0, ge=0, le=100)
    """Percent of the lines."""
    branches: float = Field(default=0, ge=0, le=100)
    """Percent of the branches."""


class RepositoryDocument(Document):
    """reconciler.yaml: marks the folder of a repository and names it."""

    name: str = Field(min_length=1, max_length=100, pattern=patterns.REPOSITORY_NAME)
    """The name under which this repository owns actions in a tenant. Two repositories never fight over one action."""
    promote: tuple[Name, ...] = ()
    """Tenants in the order in which a commit reaches them, such as [dev, staging, prod]: each takes only a commit that
    the one before it carries."""
    audit: AuditSpec | None = None
    """Lets `reconciler lock --check` ask the registry what is known against the locked packages, and fail for what is
    this severe, or worse: low, moderate, high or critical; or {level: ..., ignore: {GHSA-...: reason}}."""
    coverage: CoverageDocument | None = None
    """How much of each file the cases have to run, in percent: `reconciler test --coverage` and `ci test` end with 4
    where they run less."""


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
        Field(pattern=patterns.KEY, description="A key in the tenant's SOPS file."),
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


_LATER = ConfigDict(defer_build=True)

REPOSITORY: TypeAdapter[RepositoryDocument] = TypeAdapter(RepositoryDocument)
ACTION: TypeAdapter[ActionDocument] = TypeAdapter(ActionDocument)
MODULE: TypeAdapter[ModuleDocument] = TypeAdapter(ModuleDocument)
FLOW: TypeAdapter[FlowDocument] = TypeAdapter(FlowDocument)
CASES: TypeAdapter[tuple[Case, ...]] = TypeAdapter(tuple[Case, ...], config=_LATER)
FLOW_CASES: TypeAdapter[tuple[FlowCase, ...]] = TypeAdapter(tuple[FlowCase, ...], config=_LATER)
SNAPSHOTS: TypeAdapter[dict[str, Recorded]] = TypeAdapter(dict[str, Recorded], config=_LATER)
FLOW_SNAPSHOTS: TypeAdapter[dict[str, RecordedFlow]] = TypeAdapter(dict[str, RecordedFlow], config=_LATER)
