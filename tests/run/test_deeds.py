"""Who did what is read from the tenant log."""

from __future__ import annotations

import asyncio

from reconciler.engine import attribution
from tests.run.attempts import FLOW, Scene, applied, in_scene
from tests.run.conftest import Home

HOTFIX = "exports.onExecutePostLogin = async () => { /* hotfix */ };\n"


def test_the_log_tells_who_edited_deployed_bound_and_deleted(home: Home) -> None:
    async def played(made: Scene) -> None:
        await applied(made)
        live = await made.other.read_live([FLOW])
        greet, guard = live.action("greet"), live.action("guard")
        assert greet is not None and guard is not None
        await made.other.update_draft(greet.id, greet.draft.content.model_copy(update={"code": HOTFIX}), None)
        await asyncio.sleep(0.1)
        await made.other.deploy(greet.id)
        await made.other.bind(FLOW, ())
        await made.other.delete(guard.id)
        await asyncio.sleep(0.1)
        live = await made.other.read_live([FLOW])
        greet, flow = live.action("greet"), live.flow(FLOW)
        assert greet is not None and flow is not None and greet.version is not None
        read = await made.ours.read_deeds()
        assert read.since == ""
        assert [deed.author.did for deed in attribution.of_action(read.deeds, greet)] == [
            "deployed", "edited", "deployed", "created",
        ]  # fmt: skip
        version = attribution.version_author(read.deeds, greet)
        draft = attribution.draft_author(read.deeds, greet)
        assert version is not None and draft is not None
        assert (version.did, version.user_agent) == ("deployed", "other")
        assert (draft.did, draft.user_agent) == ("edited", "other")
        bound, gone = attribution.flow_author(read.deeds, flow), attribution.deleter(read.deeds, "guard")
        assert bound is not None and bound.user_agent == "other"
        assert gone is not None and gone.user_agent == "other"
        later = await made.ours.read_deeds(since=version.at)
        assert [deed.author.did for deed in later.deeds] == ["deleted", "bound", "deployed"]

    in_scene(home, "HEAD", played)
