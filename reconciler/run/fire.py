"""Lets something happen in the embedded tenant: a login, or any other trigger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from reconciler.desired.tenant_documents import LocalTenant
from reconciler.engine.effects.ending import FORM
from reconciler.engine.events import unknown
from reconciler.engine.overlay import laid_over
from reconciler.errors import Usage
from reconciler.local.flow.firing import Heed
from reconciler.local.flow.places import check_shape, known_facts
from reconciler.local.flow.suspensions import Waiting
from reconciler.local.login.terminal import begun_login, event_of, keep_effects
from reconciler.local.stamp import moment
from reconciler.local.tenant import EmbeddedTenant
from reconciler.model.effects import Effects
from reconciler.model.execution import FlowRun
from reconciler.run.look import tenant_document
from reconciler.run.session import open_embedded, registered
from reconciler.run.workplace import Workplace

LOGIN = "post-login"


async def log_in(
    place: Workplace, tenant: str, email: str, overlay: Mapping[str, Any], notify: Callable[[str], None]
) -> FlowRun:
    """What the login of that user did, under that overlay; an email that the tenant has no user for is given to the
    sample event's user, of which `notify` hears.

    What actions write of a user of the tenant is there at the next login. Raises Usage for a user who is blocked.
    """
    sample = known_facts(LOGIN).sample_event
    async with _embedded(place, tenant) as (embedded, document):
        declared = None if document.server else registered(document)
        user = await begun_login(embedded.store, embedded.means, declared, email)
        if user is None and (declared is None or declared.users):
            notify(f"The tenant {tenant} has no user {email}: the sample event's user logs in under that email.")
        named = {"user": {"email": user.email if user else email}}
        event = laid_over(laid_over(event_of(user, sample) if user else sample, overlay), named)
        return await embedded.fire(LOGIN, event, heed=_keeping(embedded, user.user_id if user else ""))


async def fire(place: Workplace, tenant: str, trigger: str, overlay: Mapping[str, Any], *, action: str = "") -> FlowRun:
    """What the trigger's flow did with the sample event under that overlay; `action` names one of an entity-bound
    trigger that has several.

    Raises Usage for a trigger that does not exist, or a tenant that does not run here.
    """
    facts = known_facts(trigger)
    if action and facts.bindable:
        raise Usage(f"The flow of {trigger} runs every action that is bound to it.", "Leave --action out.")
    async with _embedded(place, tenant) as (embedded, _):
        return await embedded.fire(trigger, laid_over(facts.sample_event, overlay), action=action)


async def go_on(
    place: Workplace, tenant: str, trigger: str, state: str, returned: Mapping[str, str], overlay: Mapping[str, Any]
) -> FlowRun:
    """What a suspended flow of that trigger did after its user came back; an empty state is the only one that waits.

    `returned` is what the user brings: parameters of the request after a redirect, fields after a form. Raises Usage
    where no flow waits under that state, or where several do and none is named.
    """
    known_facts(trigger)
    async with _embedded(place, tenant) as (embedded, _):
        waiting = _meant([each for each in await embedded.waiting() if each.trigger == trigger], trigger, state)
        given = (
            {"prompt": {"fields": dict(returned)}}
            if waiting.suspension.method == FORM
            else {"request": {"query": dict(returned)}}
        )
        keep = _keeping(embedded, waiting.user_id)
        return await embedded.resume(waiting.suspension.state, laid_over(given if returned else {}, overlay), heed=keep)


def sample_event(trigger: str, overlay: Mapping[str, Any]) -> Mapping[str, Any]:
    """The trigger's sample event under that overlay. Raises Usage for a trigger that does not exist, and for an event
    that is none."""
    facts = known_facts(trigger)
    event = laid_over(facts.sample_event, overlay)
    check_shape(facts, event)
    return event


def never_there(trigger: str, overlay: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths in the overlay that the platform's event of that trigger never has."""
    return unknown(known_facts(trigger).event, overlay)


def _keeping(embedded: EmbeddedTenant, user_id: str) -> Heed:
    async def keep(effects: Effects) -> None:
        await keep_effects(embedded.store, user_id, effects)

    return keep


def _meant(waiting: list[Waiting], trigger: str, state: str) -> Waiting:
    if state:
        waiting = [each for each in waiting if each.suspension.state == state]
    if not waiting:
        what = "under that state" if state else "for its user"
        raise Usage(f"No flow of {trigger} waits {what}.", "A state works once, for an hour: begin the flow again.")
    if len(waiting) > 1:
        states = ", ".join(map(_described, waiting))
        raise Usage(f"{len(waiting)} flows of {trigger} wait for their users.", f"Name a state: {states}.")
    return waiting[0]


def _described(waiting: Waiting) -> str:
    who = f", {waiting.email}" if waiting.email else ""
    return f"{waiting.suspension.state} ({waiting.suspension.action}{who}, since {moment(waiting.since):%H:%M:%S} UTC)"


@asynccontextmanager
async def _embedded(place: Workplace, tenant: str) -> AsyncIterator[tuple[EmbeddedTenant, LocalTenant]]:
    document = tenant_document(place, tenant)
    if not isinstance(document, LocalTenant):
        raise Usage(f"The tenant {tenant} is not an embedded one.", "Real logins happen in the real tenant.")
    async with open_embedded(place, tenant, document) as embedded:
        yield embedded, document
