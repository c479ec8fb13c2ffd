"""What earlier runs saw of drift, so that the next one knows what stands."""

from typing import Self

from reconciler.model.deed import Author
from reconciler.model.drift import Finding, Severity
from reconciler.model.frozen import Frozen


class Sighting(Frozen):
    """One finding over several runs, by its id.

    `runs` counts those that saw it, one after the other; a run that could not tell counts neither way. `reported` says
    whether people were told of it. `by` is who did it as far as any of those runs knew: a tenant's log forgets sooner
    than its drift is mended.
    """

    finding: str
    severity: Severity
    runs: int = 1
    reported: bool = False
    by: tuple[Author, ...] = ()


class TenantSightings(Frozen):
    """What was seen in one tenant."""

    tenant: str
    findings: tuple[Sighting, ...] = ()


class SeenFile(Frozen):
    """What a pipeline keeps from one run to the next, for one repository. It holds no secret."""

    format: int = 1
    repo: str
    tenants: tuple[TenantSightings, ...] = ()

    def of(self, tenant: str) -> tuple[Sighting, ...]:
        """What was seen in that tenant."""
        return next((each.findings for each in self.tenants if each.tenant == tenant), ())

    def having(self, tenant: str, findings: tuple[Sighting, ...]) -> Self:
        """The same with what was seen in that tenant now."""
        others = [each for each in self.tenants if each.tenant != tenant]
        tenants = sorted([*others, TenantSightings(tenant=tenant, findings=findings)], key=lambda each: each.tenant)
        return self.model_copy(update={"tenants": tuple(tenants)})


class Standing(Frozen):
    """What of a tenant's drift people are to be told, after as many runs as the tenant asks for.

    `reported` stands, the worst first, each with who did it as far as that was ever known. `waiting` was seen in too
    few runs yet. `doubtful` was reported before, and this run could not tell whether it is still there. `gone` names
    what was reported and is not there any more. `sightings` is for the next run.
    """

    reported: tuple[Finding, ...] = ()
    waiting: tuple[Finding, ...] = ()
    doubtful: tuple[Sighting, ...] = ()
    gone: tuple[str, ...] = ()
    sightings: tuple[Sighting, ...] = ()

    @property
    def told(self) -> tuple[Sighting, ...]:
        """What people know of after this run."""
        return tuple(each for each in self.sightings if each.reported)
