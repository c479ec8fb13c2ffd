"""The exact difference between git and a tenant: rendered, saved, approved and executed from one value (law 3)."""

from typing import Literal

from pydantic import Field

from reconciler.model.action import Content
from reconciler.model.flow import Binding
from reconciler.model.frozen import Frozen
from reconciler.model.module import ModuleContent
from reconciler.model.provenance import Provenance

FORMAT = 2
"""Changes whenever a plan of an older program could mean something else."""


class SecretStep(Frozen):
    """One secret that the action has afterwards. `write` sends its value; otherwise the tenant's own is kept."""

    name: str
    write: bool
    fingerprint: str = ""


class SecretChange(Frozen):
    """What happens to one secret, for people to read."""

    name: str
    what: Literal["new", "rotated", "changed outside git", "not deployed", "earlier value", "removed"]


class Why(Frozen):
    """For people only; nothing here steers execution. `before` is what runs now, None where nothing does."""

    reasons: tuple[str, ...] = ()
    before: Content | None = None
    secrets: tuple[SecretChange, ...] = ()


class ModuleWhy(Frozen):
    """For people only; `before` is the newest published version, None before the first; `users` the actions of git
    that use the module, of a module that goes away those of the tenant."""

    reasons: tuple[str, ...] = ()
    before: ModuleContent | None = None
    secrets: tuple[SecretChange, ...] = ()
    users: tuple[str, ...] = ()


class ModuleChange(Frozen):
    """One module to create, update or delete.

    `publish` says whether a version is made of the draft, `number` which one is expected. Without it the version
    `version_id` is copied into the draft, which somebody edited. Otherwise the fields are those of an ActionChange,
    but for the secrets: the platform replaces all at once, each with its value, so `send_secrets` writes every one.
    """

    kind: Literal["create", "update", "delete"]
    name: str
    id: str = ""
    version_id: str = ""
    after: ModuleContent | None = None
    provenance: Provenance | None = None
    secrets: tuple[SecretStep, ...] = ()
    send_secrets: bool = False
    publish: bool = True
    number: int = 0
    why: ModuleWhy = ModuleWhy()


class ActionChange(Frozen):
    """One action to create, update or delete, or an earlier version of it to deploy once more (`rollback`).

    `id` is empty on create. `after`, `provenance` and `secrets` are what is written; they are None and empty on delete.
    `send_secrets` says whether the set of secrets is written at all; `deploy` whether a version is made of the draft
    (an edit that lives in the draft only is put back without one). `number` is the version number that the deploy is
    expected to make, 0 without one; `version_id` is the earlier version of a rollback, `after` and `provenance` what it
    holds.
    """

    kind: Literal["create", "update", "delete", "rollback"]
    name: str
    id: str = ""
    version_id: str = ""
    number: int = 0
    after: Content | None = None
    provenance: Provenance | None = None
    secrets: tuple[SecretStep, ...] = ()
    send_secrets: bool = False
    deploy: bool = True
    why: Why = Why()


class Place(Frozen):
    """One binding of a flow in a plan.

    `action_id` is empty where the action is created by this very plan; `foreign` marks what is not ours.
    """

    action: str
    action_id: str = ""
    display_name: str = ""
    foreign: bool = False

    def binding(self) -> Binding:
        """The binding without the tenant's ids."""
        return Binding(action=self.action, display_name=self.display_name)


class FlowChange(Frozen):
    """A flow whose bindings change: the whole list before and after, in running order."""

    trigger: str
    before: tuple[Place, ...] = ()
    after: tuple[Place, ...] = ()


class Seen(Frozen):
    """What an object looked like when the plan was made: a digest, or `absent`."""

    kind: Literal["module", "action", "flow"]
    name: str
    mark: str


class Kept(Frozen):
    """A secret that git wants an action or a module to have and never writes: the tenant must have it."""

    kind: Literal["action", "module"] = "action"
    name: str
    secret: str


class Against(Frozen):
    """What stands in for the tenant where a plan was made without one: the content of an earlier commit.

    `name` is what people call it (`origin/main`), `commit` its 40 hex digits. `head` is the commit that was held
    against it, empty for files that are not committed.
    """

    name: str
    commit: str
    head: str = ""

    @property
    def told(self) -> str:
        """`origin/main at 1a2b3c4d5e6f`."""
        short = self.commit[:12]
        return short if self.commit.startswith(self.name) else f"{self.name} at {short}"


class Plan(Frozen):
    """Everything an apply needs to know, and nothing secret.

    `commit` is the commit whose content this is, empty when it was made from files that are not committed (such a plan
    can be read, not applied). `seen` covers everything git speaks of, so that a tenant that moved is noticed.
    `unstamped` names the actions that git did not make and that are as git wants them all the same: adopting them
    writes nothing. `against` is set where no tenant was read: such a plan has no commit, no ids, no numbers and no
    checksum, and nobody can apply it.
    """

    format: int = FORMAT
    tool: str
    repo: str
    tenant: str
    commit: str = ""
    modules: tuple[ModuleChange, ...] = ()
    actions: tuple[ActionChange, ...] = ()
    flows: tuple[FlowChange, ...] = ()
    kept: tuple[Kept, ...] = ()
    unstamped: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()
    against: Against | None = None

    @property
    def empty(self) -> bool:
        """Whether git and the tenant agree."""
        return not self.size

    @property
    def size(self) -> int:
        """How many things change."""
        return len(self.modules) + len(self.actions) + len(self.flows)


class Refusal(Frozen):
    """What a guard has against a plan: what is wrong, and the way out. `guard` is the name that allows it. `place` is
    the file of git that it is about, with a line where one is known (`actions/greet/code.js:3`), else empty."""

    guard: str
    message: str
    remedy: str = ""
    place: str = ""

    @property
    def told(self) -> str:
        """Both sentences."""
        return f"{self.message} {self.remedy}".strip()


class Allowed(Frozen):
    """What a guard would have refused, had it not been allowed; `reason` is the tenant file's, or names the option."""

    guard: str
    message: str
    reason: str


class Alarm(Frozen):
    """What somebody has to look at before anything else is done with a plan; `place` is as in a Refusal."""

    message: str
    place: str = ""


class Verdict(Frozen):
    """What the guards say of a plan. `notes` would refuse an apply, and are no fault of the plan that is shown.
    `remarks` are sentences that whoever reads the plan has to know and that no guard says, `alarms` what somebody has
    to act on."""

    refusals: tuple[Refusal, ...] = ()
    notes: tuple[Refusal, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    remarks: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()


class PlanDocument(Plan):
    """A plan as it is saved and printed: with its checksum, by which it can be approved, and with what the guards said
    when it was made, for people and machines that read it. Neither steers an apply. The checksum is empty where the
    plan was made without a tenant."""

    checksum: str = Field(pattern=r"^([0-9a-f]{64})?$")
    guards: Verdict = Verdict()
