"""The one base of every noun."""

import json

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: cannot be changed, can be hashed and compared, goes to JSON and back unchanged."""

    # Most commands use few of the nouns: each is made ready when it is first used, not when it is imported.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def __hash__(self) -> int:
        return hash(self.canonical())

    def canonical(self) -> str:
        """The value as compact JSON with sorted keys: the same value always gives the same text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
