"""What the host says to us, one JSON line each. The code in the host may write such lines too: nothing is believed that
does not fit, and a run is spoken for by its id only, which the code of others cannot guess."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from reconciler.model.execution import Call, Request, Thrown


class Done(BaseModel):
    """The end of a run; `error` is None where the code threw nothing."""

    error: Thrown | None
    duration_ms: float


class Record(BaseModel):
    """What api.cache holds under a key; `expires_at` in milliseconds since the epoch."""

    value: str
    expires_at: float


class CacheChange(BaseModel):
    """What a run did to api.cache; `record` None: it deleted the key."""

    key: str
    record: Record | None


class Told(BaseModel):
    """One line. Of the process: `ready` is the version of Node, `pong` the answer to a ping, `ending` what the code
    called to end the process. Of the run `id`: the others."""

    model_config = ConfigDict(frozen=True)

    ready: str = ""
    pong: bool = False
    ending: str = ""
    id: str = ""
    started: bool = False
    console: str | None = None
    call: Call | None = None
    request: Request | None = None
    cache: CacheChange | None = None
    done: Done | None = None
