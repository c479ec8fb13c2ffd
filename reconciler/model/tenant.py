"""Desired and live: what git wants of one tenant, and what the tenant has."""

from reconciler.model.action import Action, Content, Trigger
from reconciler.model.flow import Flow
from reconciler.model.frozen import Frozen
from reconciler.model.module import LiveModule, Module
from reconciler.model.provenance import Provenance
from reconciler.model.stamp import SecretStamp


class Desired(Frozen):
    """What git wants of one tenant at one commit. `commit` is empty for a worktree that is not committed."""

    repo: str
    tenant: str
    commit: str = ""
    actions: tuple[Action, ...] = ()
    flows: tuple[Flow, ...] = ()
    modules: tuple[Module, ...] = ()

    def action(self, name: str) -> Action | None:
        """The action of that name, or None."""
        return next((action for action in self.actions if action.name == name), None)

    def module(self, name: str) -> Module | None:
        """The module of that name, or None."""
        return next((module for module in self.modules if module.name == name), None)

    def flow(self, trigger: str) -> Flow | None:
        """The flow of that trigger, or None."""
        return next((flow for flow in self.flows if flow.trigger == trigger), None)


class Draft(Frozen):
    """The editable copy of an action. `status` is the build's: pending, building, built, retrying, failed."""

    content: Content
    secrets: tuple[SecretStamp, ...] = ()
    status: str
    updated_at: str = ""
    provenance: Provenance | None = None


class Version(Frozen):
    """One deployed state of an action. `live` where it is the one that runs now."""

    id: str
    number: int
    content: Content
    secrets: tuple[SecretStamp, ...] = ()
    created_at: str = ""
    provenance: Provenance | None = None
    live: bool = True


class LiveAction(Frozen):
    """An action as the tenant has it; `version` is the deployed one, None before the first deploy.

    `later` holds, newest first, the versions that came after the one that runs again; it is read only for an action
    whose live version is an earlier one deployed once more (its provenance names a lower number than its own).
    `made` is the version that git's apply made, where the one that runs carries its line under another number and the
    tenant still has it: secrets whose stamps are the same in both have git's values.
    """

    id: str
    name: str
    trigger: Trigger
    draft: Draft
    version: Version | None = None
    later: tuple[Version, ...] = ()
    made: Version | None = None


class LiveBinding(Frozen):
    """One place in a flow as the tenant has it. `foreign` marks what cannot be an action of ours (marketplace);
    `created_at` is when the flow was last bound, since every call makes all its bindings anew."""

    id: str
    action_id: str
    action: str
    display_name: str = ""
    foreign: bool = False
    created_at: str = ""


class LiveFlow(Frozen):
    """The bindings of one trigger in running order."""

    trigger: str
    bindings: tuple[LiveBinding, ...] = ()


class Live(Frozen):
    """What a tenant has: every action and module, and the flows that were read. A flow that is not here was not read.

    `modules` is None where the platform says that the tenant has no modules feature.
    """

    actions: tuple[LiveAction, ...] = ()
    flows: tuple[LiveFlow, ...] = ()
    modules: tuple[LiveModule, ...] | None = ()

    def action(self, name: str) -> LiveAction | None:
        """The action of that name, or None."""
        return next((action for action in self.actions if action.name == name), None)

    def module(self, name: str) -> LiveModule | None:
        """The module of that name, or None; None too where the tenant has no modules feature."""
        return next((module for module in self.modules or () if module.name == name), None)

    def flow(self, trigger: str) -> LiveFlow | None:
        """The flow of that trigger, or None where it was not read."""
        return next((flow for flow in self.flows if flow.trigger == trigger), None)
