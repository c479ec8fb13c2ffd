"""What a pipeline keeps of drift from one run to the next, in a file of its cache."""

from __future__ import annotations

import json
from pathlib import Path

from reconciler.desired import atomic
from reconciler.model.sighting import SeenFile


def load_seen(path: Path, repo: str) -> tuple[SeenFile, str]:
    """What earlier runs saw, and a sentence where a file is there that cannot be used: it counts as none, since what
    stands is seen again, and a broken cache must not keep anybody from hearing of drift."""
    nothing = SeenFile(repo=repo)
    try:
        seen = SeenFile.model_validate(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return nothing, ""
    except OSError as problem:
        return nothing, f"{path} cannot be read ({problem.strerror}): what earlier runs saw is not known."
    except ValueError:  # what is no JSON, or not this
        return nothing, f"{path} does not hold what earlier runs saw: it counts as none and is written anew."
    if seen.format != nothing.format or seen.repo != repo:
        return nothing, f"{path} belongs to {seen.repo!r}, not to {repo!r}: it counts as none and is written anew."
    return seen, ""


def save_seen(path: Path, seen: SeenFile) -> str:
    """Writes it, whole or not at all; gives a sentence where that cannot be."""
    try:
        atomic.write(path, (json.dumps(seen.model_dump(mode="json"), indent=1) + "\n").encode())
    except OSError as problem:
        return f"{path} cannot be written ({problem.strerror}): the next run does not know what this one saw."
    return ""
