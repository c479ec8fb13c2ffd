"""What one action does is seen by the next, by the outcome and by the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue.triggers import triggers
from reconciler.engine.overlay import laid_over as merged
from reconciler.errors import Usage
from reconciler.model.execution import Call, Execution
from tests.local.flow.on_node import login_flow, on_node
from tests.local.tenant.opened import LOGS, Scripted, Session, opened

pytestmark = pytest.mark.anyio
EVENT = triggers()["post-login"].sample_event

FIRST = """
exports.onExecutePostLogin = async (event, api) => {
  api.user.setAppMetadata("plan", {tier: "platinum"}).user.setUserMetadata("newsletter", null);
  api.transaction.setMetadata("seen", 1);
  api.idToken.setCustomClaim("https://acme.example/tier", "gold").idToken.setCustomClaim("sub", "somebody else");
  api.accessToken.addScope("write:orders").accessToken.removeScope("email");
  api.cache.set("rate", "1.07");
  event.user.email = "changed@acme.example";
};
"""
SECOND = """
exports.onExecutePostLogin = async (event, api) => {
  const {app_metadata, user_metadata, email} = event.user;
  const rate = api.cache.get("rate")?.value;
  api.idToken.setCustomClaim("seen", {app_metadata, user_metadata, email, rate, metadata: event.transaction.metadata});
  api.idToken.setCustomClaim("https://acme.example/tier", "silver");
};
"""


async def test_the_next_action_sees_metadata_and_cache_and_the_result_has_the_claims(tmp_path: Path) -> None:
    async with on_node(tmp_path) as session:
        await login_flow(session, first=FIRST, second=SECOND)
        run = await session.tenant.fire("post-login", EVENT)
        assert run.status == "completed"
        assert run.effects.id_token == {
            "https://acme.example/tier": "silver",
            "seen": {
                "app_metadata": {"plan": {"tier": "platinum"}, "groups": ["buyers"]},
                "user_metadata": {"favorite_color": "teal"},
                "email": EVENT["user"]["email"],
                "rate": "1.07",
                "metadata": {"seen": 1},
            },
        }
        assert run.effects.dropped == ("sub",)
        assert run.effects.scopes == ("openid", "profile", "read:orders", "write:orders")
        assert run.effects.app_metadata == {"plan": {"tier": "platinum"}}
        assert run.effects.user_metadata == {"newsletter": None}


async def test_an_action_that_threw_asked_for_nothing(tmp_path: Path) -> None:
    async with on_node(tmp_path) as session:
        await login_flow(
            session,
            first="api.idToken.setCustomClaim('a', 1)",
            second="api.idToken.setCustomClaim('b', 2); event.nothing.here",
        )
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, run.effects.id_token) == ("failed", {"a": 1})


async def test_metadata_is_still_written_after_a_denial(tmp_path: Path) -> None:
    async with on_node(tmp_path) as session:
        await login_flow(session, one="api.user.setAppMetadata('tries', 3); api.access.deny('too many')")
        run = await session.tenant.fire("post-login", EVENT)
        assert (run.status, run.reason, run.effects.app_metadata) == ("denied", "too many", {"tries": 3})


async def fired(folder: Path, trigger: str, calls: tuple[Call, ...], overlay: dict[str, Any]) -> tuple[Any, list[Any]]:
    """The run of a flow of one action that makes those calls, and the log entries it left, the newest first."""

    def does(job: Any) -> Execution:
        return Execution(action=job.action, handler=job.handler, calls=calls)

    async with opened(folder, runner=Scripted({"one": does})) as session:
        await _bound(session, trigger)
        before = len(await session.answer("GET", LOGS))
        run = await session.tenant.fire(trigger, merged(triggers()[trigger].sample_event, overlay))
        entries = await session.answer("GET", LOGS)
        return run, entries[: len(entries) - before]


async def _bound(session: Session, trigger: str) -> None:
    await session.deployed("one", supported_triggers=[{"id": trigger}])
    if triggers()[trigger].bindable:
        path = f"/api/v2/actions/triggers/{trigger}/bindings"
        await session.answer("PATCH", path, {"bindings": [{"ref": {"type": "action_name", "value": "one"}}]})


@pytest.mark.parametrize(
    ("trigger", "calls", "overlay", "codes"),
    [
        ("post-login", (), {}, ["s"]),
        ("post-login", (), {"transaction": {"protocol": "oauth2-refresh-token"}}, ["sertft"]),
        ("post-login", (("access.deny", "no"),), {"transaction": {"protocol": "oauth2-refresh-token"}}, ["fertft"]),
        ("post-login", (("session.revoke", "stolen"),), {}, ["f", "session_revoked"]),
        ("post-login", (("refreshToken.revoke", "stolen"),), {}, ["f", "srrt"]),
        ("pre-user-registration", (("validation.error", "bad", "Sorry"),), {}, ["fs"]),
        ("send-phone-message", (), {"message_options": {"message_type": "sms"}}, ["gd_send_sms"]),
        ("send-phone-message", (), {"message_options": {"message_type": "voice"}}, ["gd_send_voice"]),
        ("custom-email-provider", (), {}, []),
        ("custom-email-provider", (("notification.drop", "no such box"),), {}, ["fn"]),
        ("custom-token-exchange", (("authentication.setUserById", "auth0|1"),), {}, ["secte"]),
        ("custom-token-exchange", (), {}, ["fecte"]),
        ("event-stream", (), {}, []),
    ],
)
async def test_the_log_gets_the_documented_codes(
    tmp_path: Path, trigger: str, calls: tuple[tuple[Any, ...], ...], overlay: dict[str, Any], codes: list[str]
) -> None:
    made = tuple(Call(method=method, args=args) for method, *args in calls)
    run, entries = await fired(tmp_path, trigger, made, overlay)
    assert [entry["type"] for entry in entries] == codes
    assert run.log_id == (entries[0]["log_id"] if entries else "")


async def test_a_notification_that_is_to_be_tried_again_tells_whom_it_was_for(tmp_path: Path) -> None:
    calls = (Call(method="notification.drop", args=("no",)), Call(method="notification.retry", args=("busy",)))
    run, (entry,) = await fired(tmp_path, "custom-email-provider", calls, {})
    assert (run.status, run.effects.notification, run.effects.notification_reason) == ("completed", "retry", "busy")
    sample = triggers()["custom-email-provider"].sample_event["notification"]
    told = {key: entry["details"][key] for key in ("notification_type", "email_type", "to", "error")}
    assert told == {
        "notification_type": "email",
        "email_type": sample["message_type"],
        "to": sample["to"],
        "error": "busy",
    }


@pytest.mark.parametrize("trigger", [name for name, facts in triggers().items() if not facts.handlers])
async def test_triggers_of_which_only_the_id_is_public_are_refused(tmp_path: Path, trigger: str) -> None:
    async with opened(tmp_path) as session:
        with pytest.raises(Usage, match="no more of it than its id"):
            await session.tenant.fire(trigger, {})
