"""One tenant's turn in a pipeline's apply: what was approved, what there is to do, and whether they are the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reconciler.errors import ApplyFailed, CasesFailed, Exit, InvalidInput, ReconcilerError, StalePlan
from reconciler.model.approved import Approved, NothingApproved
from reconciler.model.delivery import Delivery, Setback
from reconciler.model.pipeline import DeployedVersion, Stage
from reconciler.model.plan import Plan
from reconciler.report.pipeline.applied import applied_stage, title
from reconciler.report.pipeline.failed import remarks_on_places
from reconciler.run.ci.approval import read_approval
from reconciler.run.ci.deployments import Entry, deployment, hurried
from reconciler.run.ci.moved import why_moved
from reconciler.run.ci.pipeline import Pipeline
from reconciler.run.deploy import Ready, Ways, carry_out, prepare
from reconciler.run.hands import Applied
from reconciler.run.made import deleted, published
from reconciler.run.plan import plan
from reconciler.run.tenant_lock import TenantLock


@dataclass(frozen=True)
class Order:
    """What a deploy is asked for. `checksum` was given by hand, empty where the merge has to have approved the plan.
    `lock` makes the lock of one tenant, not taken yet; `stamp` records the commit of what git did not make."""

    ways: Ways
    lock: Callable[[], TenantLock]
    checksum: str = ""
    stamp: bool = False


class Turn:
    """What is known so far of one tenant: a failure is told with all of that. `blocker` names a tenant before it that
    failed, so that nothing is tried."""

    def __init__(self, pipeline: Pipeline, order: Order, commit: str, tenant: str, blocker: str = "") -> None:
        self._pipeline = pipeline
        self._order = order
        self._blocker = blocker
        self._delivery = Delivery(tenant=tenant, commit=commit, result="not tried", blocker=blocker)
        self._problem: ReconcilerError | None = None

    @property
    def stopped(self) -> bool:
        """Whether somebody wanted the apply to stop; what was begun is put back by then."""
        return self._problem is not None and isinstance(self._problem.__cause__, asyncio.CancelledError)

    async def stage(self) -> Stage:
        """Does it, tells GitHub's list of deployments, and gives the whole of it to be published."""
        if self._blocker:
            return applied_stage(self._delivery, self._pipeline.run)
        async with deployment(self._pipeline, self._delivery.commit, self._delivery.tenant) as entry:
            try:
                await self._deliver(entry)
            except ReconcilerError as problem:
                self._problem = problem
                self._know(result="failed", setbacks=(_setback(problem),), exit_code=problem.exit_code)
            await self._end(entry)
        if self._left_something and not self.stopped:
            self._know(now=await self._what_is_left())
        stage = applied_stage(self._delivery, self._pipeline.run)
        return self._annotated(stage) if self._problem else stage

    @property
    def _left_something(self) -> bool:
        """Whether what there is to do may have become something else than what was approved."""
        return isinstance(self._problem, ApplyFailed | StalePlan) or self._delivery.result == "applied in part"

    async def _deliver(self, entry: Entry) -> None:
        place, tenant, ways = self._pipeline.place, self._delivery.tenant, self._order.ways
        found = await self._approval()
        self._know(approved=found)
        with self._order.lock() as lock:
            ready = await prepare(
                place,
                tenant,
                revision=self._delivery.commit,
                allow=ways.allow,
                lock=lock,
                stamp=self._order.stamp,
            )
            self._know(plan=ready.planned.plan, verdict=ready.planned.verdict)
            if not self._may(ready):
                return
            if not ready.planned.plan.empty:
                await entry.begin(f"Applying {self._delivery.commit[:12]}.")
            self._done(await carry_out(place, ready, ways))

    async def _approval(self) -> Approved | NothingApproved | None:
        """None in a dry run, where nobody is asked."""
        pipeline = self._pipeline
        if self._order.checksum:
            return Approved(checksum=self._order.checksum, by=pipeline.run.actor)
        if pipeline.github is None:
            return None
        return await read_approval(
            pipeline.place, pipeline.run, pipeline.github, self._delivery.commit, self._delivery.tenant
        )

    def _may(self, ready: Ready) -> bool:
        """Whether this plan may be carried out: one that is empty does nothing that anybody has to approve."""
        found, made = self._delivery.approved, ready.planned.plan
        if made.empty:
            return True
        approved = found is None or (isinstance(found, Approved) and found.checksum == ready.planned.checksum)
        if not approved:
            moved = why_moved(self._pipeline.place, found, self._delivery.commit)
            self._know(result="not approved", exit_code=Exit.STALE, moved=moved)
        elif self._pipeline.dry_run:
            self._know(result="planned")
        return approved and not self._pipeline.dry_run

    def _done(self, applied: Applied) -> None:
        made = self._delivery.plan
        assert made is not None
        self._know(
            result="nothing to change" if made.empty else "applied in part" if applied.failed else "applied",
            versions=tuple(_versions(made, applied)),
            deleted=deleted(made, applied),
            setbacks=tuple(
                Setback(name=each.name, message=each.message, remedy=each.remedy, undone=each.undone, left=each.left)
                for each in applied.failed
            ),
            exit_code=applied.exit_code,
        )

    async def _end(self, entry: Entry) -> None:
        told = title(self._delivery)
        if self.stopped:
            await hurried(entry.end("error", told))
        elif self._delivery.result != "planned":
            await entry.end("failure" if self._delivery.exit_code else "success", told)

    async def _what_is_left(self) -> Plan | None:
        try:
            order, delivery = self._order, self._delivery
            made = await plan(
                self._pipeline.place,
                delivery.tenant,
                revision=delivery.commit,
                allow=order.ways.allow,
                stamp=order.stamp,
            )
        except ReconcilerError:
            return None  # the failure is what has to be told
        return made.plan

    def _annotated(self, stage: Stage) -> Stage:
        """With remarks on the places that the problem names."""
        assert self._problem is not None
        found = remarks_on_places("apply", self._problem, self._pipeline.place.repository.prefix)
        return stage.model_copy(update={"annotations": found})

    def _know(self, **known: object) -> None:
        self._delivery = self._delivery.model_copy(update=known)


def _setback(problem: ReconcilerError) -> Setback:
    places = [str(each) for each in problem.diagnostics] if isinstance(problem, InvalidInput) else []
    moved = problem.moved if isinstance(problem, StalePlan) else ()
    failed = problem.reasons if isinstance(problem, CasesFailed) else ()
    undone, left = (problem.undone, problem.left) if isinstance(problem, ApplyFailed) else ((), ())
    details = (*places, *moved, *failed)
    return Setback(message=problem.message, remedy=problem.remedy, details=details, undone=undone, left=left)


def _versions(made: Plan, applied: Applied) -> Iterator[DeployedVersion]:
    tenant, commit = made.tenant, made.commit
    for change in published(made, applied):
        yield DeployedVersion(tenant=tenant, kind="module", name=change.name, number=change.number, commit=commit)
    for each in applied.deployed:
        yield DeployedVersion(tenant=tenant, name=each.action, number=each.number, commit=commit)
