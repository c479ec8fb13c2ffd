"""Packages that people send requests with: caught in each case, however many ran before, with a state of its own."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from reconciler.model.case import Reply, Stub
from reconciler.model.execution import Execution
from reconciler.npm import Npm, node_executable
from tests.local.actions import case, case_host

VERSIONS = {"@slack/webhook": "7.0.2", "axios": "1.7.7", "undici": "6.19.8", "node-fetch": "2.7.0", "lodash": "4.17.21"}
URL = "https://a.example/x"
WAYS = {
    "slack": f"const {{ IncomingWebhook }} = require('@slack/webhook'); await new IncomingWebhook('{URL}').send('hi')",
    "axios": f"const a = require('axios'); if (a.defaults.mine) throw 1; a.defaults.mine = 1; await a.post('{URL}')",
    "undici": f"await require('undici').request('{URL}', {{method: 'POST'}})",
    "undici fetch": f"await require('undici').fetch('{URL}', {{method: 'POST'}})",
    "node-fetch": f"await require('node-fetch')('{URL}', {{method: 'POST'}})",
    "lodash": f"const _ = require('lodash'); if (_.mine) throw 1; _.mixin({{mine() {{}}}}); await fetch('{URL}', "
    "{method: 'POST'})",
}


@pytest.mark.registry
def test_requests_of_packages_are_answered_by_stubs_case_after_case(tmp_path: Path) -> None:
    async def run() -> list[Execution]:
        npm = Npm(node=node_executable(), store=tmp_path / "store", environ=os.environ)
        folder = await npm.install(VERSIONS)
        stubs = (Stub(request=f"POST {URL}", reply=Reply(body="ok")),)
        async with case_host(folder) as host:
            return [await host.run(case(way, packages=folder, stubs=stubs)) for way in WAYS.values() for _ in range(2)]

    for execution, way in zip(asyncio.run(run()), [way for way in WAYS for _ in range(2)], strict=True):
        assert execution.error is None, (way, execution.error)
        assert [(request.url, request.stub) for request in execution.requests] == [(URL, 0)], way
