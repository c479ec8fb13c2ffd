"""The one line that tells which commit made a version."""

from typing import Literal

from pydantic import Field

from reconciler.model.frozen import Frozen


class Provenance(Frozen):
    """Where a version comes from. `secrets` maps each secret we wrote to its keyed fingerprint (16 hex digits);
    `number` is the version number we expected the deploy to get. `undone` is in a version that had been rolled back to
    and that an apply put back: the numbers of what that apply had made since, which nobody rolled back from."""

    v: Literal[1] = 1
    commit: str = Field(pattern=r"^[0-9a-f]{40}$")
    repo: str
    path: str
    number: int
    digest: str
    secrets: dict[str, str] = Field(default_factory=dict)
    undone: tuple[int, ...] = ()
