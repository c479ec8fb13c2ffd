"""A process that dies while it installs leaves nothing that a later one would take for whole."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

from reconciler.npm import Npm
from tests.npm.registry import Registry

SCRIPT = """
import asyncio, os, sys
from pathlib import Path
from reconciler.model.lock import LockedSet
from reconciler.npm import Npm, node_executable
npm = Npm(node=node_executable(), store=Path(sys.argv[1]), environ=os.environ)
asyncio.run(npm.install_locked(LockedSet.model_validate_json(sys.argv[2])))
"""


def test_a_kill_between_two_packages_is_healed_by_the_next_install(
    near: Npm, registry: Registry, tmp_path: Path
) -> None:
    files = {f"lib/{number}.js": f"{number}" for number in range(200)}
    for number in range(5):
        registry.publish(f"part{number}", "1.0.0", files=files)
    registry.publish("asks", "1.0.0", dependencies={f"part{number}": "1" for number in range(5)})
    locked = asyncio.run(near.resolve({"asks": "1.0.0"}))
    command = [sys.executable, "-c", SCRIPT, str(near.store), locked.canonical()]
    with subprocess.Popen(command, env=registry.environ(tmp_path), start_new_session=True) as other:
        while not any(near.store.glob("contents/*/*")) and other.poll() is None:
            time.sleep(0.001)
        other.send_signal(signal.SIGKILL)
    folder = asyncio.run(near.install_locked(locked))
    for number in range(5):
        assert len(list((folder / f"node_modules/part{number}/lib").iterdir())) == 200
