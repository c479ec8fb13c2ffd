"""Sends cases to the tenant's own test endpoint, and tells what it made of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from reconciler.auth0.gateway import Gateway
from reconciler.catalogue.triggers import triggers
from reconciler.desired.state import Loaded
from reconciler.engine.on_tenant import MASK, differences, unlike, unsent
from reconciler.errors import Rejected
from reconciler.local.node.job import Job, Runner
from reconciler.local.node.masking import masked
from reconciler.model.action import Action
from reconciler.model.case import Case, Failure, Outcome
from reconciler.model.execution import Execution
from reconciler.model.tenant import Live
from reconciler.run.case_runs import Also, CaseRun
from reconciler.run.session import open_session
from reconciler.run.workplace import Workplace

SAME = "same"
OWN_SECRETS = "the draft's own secrets were used, those of the case cannot be sent"


class OnTenant:
    """The drafts of a tenant, which cases can be run on. It makes nothing there; what the code asks of the network is
    real."""

    def __init__(self, gateway: Gateway, loaded: Loaded, live: Live) -> None:
        self._gateway = gateway
        self._desired = loaded.desired
        self._live = live
        self._ids = {action.name: action for action in live.actions}

    def of(self, run: CaseRun, case: Case, action: Action) -> CaseRun:
        """The run of a case which then runs on the draft as well, where that is what git has; the case fails where the
        draft does something else."""

        async def asked(runner: Runner) -> Outcome:
            watched = _Watched(runner)
            outcome = await run(watched)
            why = unsent(case, triggers()[action.content.trigger.id]) or self._unlike(action)
            if why or outcome.execution is None or watched.job is None:
                return outcome.model_copy(update={"on_tenant": f"skipped: {why}"})
            return await self._compared(
                outcome, outcome.execution, watched.job, secrets=bool(case.secrets or case.module_secrets)
            )

        return asked

    def _unlike(self, action: Action) -> str:
        return unlike(action, self._ids.get(action.name), self._desired, self._live)

    async def _compared(self, outcome: Outcome, ran: Execution, job: Job, *, secrets: bool) -> Outcome:
        note = f" ({OWN_SECRETS})" if secrets else ""
        hidden = masked(ran, dict.fromkeys(job.secret_values(), MASK))
        try:
            told = await self._gateway.run_draft(self._ids[job.action].id, job.event)
            found = tuple(differences(hidden, told))
        except Rejected as refused:
            found, secrets = (f"the tenant did not run it: {refused.message}",), False
        if not found:
            return outcome.model_copy(update={"on_tenant": f"{SAME}{note}"})
        if secrets:  # they may well be what the difference comes from
            return outcome.model_copy(update={"on_tenant": f"skipped: {OWN_SECRETS}: {'; '.join(found)}"})
        told_so = f"differs: {'; '.join(found)}"
        failure = Failure(message=f"on tenant: {told_so}.")
        return outcome.model_copy(
            update={"on_tenant": told_so, "status": "failed", "failures": (*outcome.failures, failure)}
        )


@asynccontextmanager
async def open_drafts(place: Workplace, loaded: Loaded) -> AsyncIterator[Also]:
    """The drafts of the tenant; it is open for reading and for running them only."""
    async with open_session(place, loaded.desired.tenant, loaded.tenant, tests=True) as session:
        yield OnTenant(session.gateway, loaded, await session.gateway.read_live(())).of


class _Watched:
    """Runs jobs, and keeps the last one."""

    def __init__(self, runner: Runner) -> None:
        self.job: Job | None = None
        self._runner = runner

    async def run(self, job: Job) -> Execution:
        self.job = job
        return await self._runner.run(job)
