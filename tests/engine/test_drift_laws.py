"""The laws of drift, over generated repositories and tenants that grew by a history."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings

from reconciler.engine import drift
from reconciler.engine.drift.world import World, named_commits
from reconciler.model.drift import Finding
from reconciler.model.tenant import Desired, Live
from tests.engine.generated import desireds, tenants
from tests.engine.model_tenant import ModelTenant
from tests.engine.test_laws import reached
from tests.engine.worlds import REPO

NOT_OURS_TO_REVERT = {"unmanaged-action", "unmanaged-module"}


def world(tenant: ModelTenant, wanted: Desired) -> World:
    """The tenant held against git, which has the same at every commit that a version names."""
    live = tenant.live()
    return World(
        desired=wanted,
        live=live,
        bases=dict.fromkeys(named_commits(live, REPO), wanted),
        newest=next(iter(named_commits(live, REPO)), ""),
        history={name: tuple(versions) for name, versions in tenant.versions.items()},
        today=date(2026, 11, 23),
    )


def counting(findings: tuple[Finding, ...]) -> list[Finding]:
    """What counts and is not somebody else's affair."""
    return [
        finding
        for finding in findings
        if finding.state == "open"
        and finding.kind not in NOT_OURS_TO_REVERT
        and not (finding.kind == "binding-added" and not finding.ways[0].text)
    ]


@given(desireds(), tenants())
@settings(max_examples=100)
def test_nothing_of_ours_is_found_right_after_an_apply(wanted: Desired, tenant: ModelTenant) -> None:
    reached(wanted, tenant)
    assert counting(drift.findings(world(tenant, wanted))) == []


@given(desireds(), tenants())
@settings(max_examples=50)
def test_every_finding_has_an_id_of_its_own_and_three_ways_out(wanted: Desired, tenant: ModelTenant) -> None:
    found = drift.findings(world(tenant, wanted))
    assert len({finding.id for finding in found}) == len(found)
    for finding in found:
        assert [way.way for way in finding.ways] == ["revert", "adopt", "ignore"]
        assert all(way.text or way.note for way in finding.ways)
        assert finding.by or finding.by_unknown
        assert Finding.model_validate_json(finding.model_dump_json()) == finding


@given(desireds(), tenants())
@settings(max_examples=50)
def test_the_order_in_which_a_tenant_lists_things_makes_no_difference(wanted: Desired, tenant: ModelTenant) -> None:
    there = world(tenant, wanted)
    live = there.live
    turned = Live(
        actions=live.actions[::-1], flows=live.flows[::-1], modules=live.modules[::-1] if live.modules else live.modules
    )
    other = World(**{**vars(there), "live": turned})
    assert drift.findings(there) == drift.findings(other)
