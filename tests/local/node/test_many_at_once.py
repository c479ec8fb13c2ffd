"""Many runs of several actions at once, some of which do their worst: every one ends, and says what is true."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from reconciler.model.execution import Execution
from tests.local.actions import host, job
from tests.local.node.test_processes import is_gone

BODIES = {
    "ok": "console.log(event.n, process.pid)",
    "waits": "await new Promise(r => setTimeout(r, 5 + event.n)); console.log(event.n, process.pid)",
    "throws": "console.log(event.n, process.pid); throw new Error(String(event.n))",
    "exits": "console.log(event.n, process.pid); process.exit(1)",
    "exits late": "setTimeout(() => process.exit(1), 3); console.log(event.n, process.pid)",
    "hangs": "console.log(event.n, process.pid); for (;;);",
    "never ends": "console.log(event.n, process.pid); await new Promise(() => {})",
}
ENDS: dict[str, set[str | None]] = {
    "ok": {None},
    "waits": {None},
    "throws": {"Error"},
    "exits": {"ActionCrash"},
    "exits late": {None},
    "hangs": {"ActionTimeout"},
    "never ends": {"ActionTimeout"},
}
OTHERS_DID_IT: set[str | None] = {"HostKilled", "ActionTimeout"}
"""What may happen to a run beside others of its own action: the process dies, or is held up until its time is over."""


@pytest.mark.parametrize("seed", range(2))
def test_every_run_ends_and_owners_do_not_harm_each_other(seed: int) -> None:
    chance = random.Random(seed)
    wild = [(f"wild{chance.randrange(3)}", chance.choice(list(BODIES))) for _ in range(24)]
    tame = [(f"tame{chance.randrange(2)}", chance.choice(["ok", "waits", "throws"])) for _ in range(24)]
    wanted = chance.sample([*wild, *tame], 48)

    async def run() -> list[Execution | BaseException]:
        async with host(limit=20, kept=2) as running:
            limits = [0.5 if owner.startswith("wild") else None for owner, _ in wanted]
            tasks = [
                asyncio.create_task(running.run(job(BODIES[kind], domain=owner, event={"n": n}, limit=limits[n])))
                for n, (owner, kind) in enumerate(wanted)
            ]
            for n in chance.sample(range(48), 4):
                if wanted[n][0].startswith("wild"):
                    asyncio.get_running_loop().call_later(n / 100, tasks[n].cancel)
            return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 30)

    pids = set()
    for n, ((owner, kind), ended) in enumerate(zip(wanted, asyncio.run(run()), strict=True)):
        if isinstance(ended, asyncio.CancelledError):
            continue
        assert isinstance(ended, Execution), ended
        name = ended.error.name if ended.error else None
        assert name in ENDS[kind] | (OTHERS_DID_IT if owner.startswith("wild") else set()), (owner, kind, ended)
        told = [line.split() for line in ended.console]
        assert all(int(mine) == n for mine, _ in told)
        pids |= {int(pid) for _, pid in told}
    assert pids
    assert all(is_gone(pid, seconds=1) for pid in pids if Path(f"/proc/{pid}").exists())
