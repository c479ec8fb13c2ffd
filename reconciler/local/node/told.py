"""What the host says to us, one JSON line each. The code in the host may write such lines too: nothing is believed that
does not fit, and a run is spoken for by its id only, which the code of others cannot guess."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json

from reconciler.catalogue import limits
from reconciler.model.execution import Call, Request, Thrown

LONGEST_MS = 86_400_000


class Ran(BaseModel):
    """What of one file ran: the functions that did or could, each with its ranges (see coverage.py); `name` is that of
    the module, empty for the action's own code."""

    name: str
    functions: list[tuple[tuple[int, int, int], ...]]


class Done(BaseModel):
    """The end of a run; `error` is None where the code threw nothing. Of cases only: `again` says that the process is
    as it was before the run, `coverage` what ran."""

    error: Thrown | None
    duration_ms: float = Field(ge=0, le=LONGEST_MS)
    again: bool = False
    coverage: tuple[Ran, ...] = ()


class Record(BaseModel):
    """What api.cache holds under a key; `expires_at` in milliseconds since the epoch."""

    value: str = Field(max_length=limits.CACHE_VALUE_BYTES)
    expires_at: float = Field(allow_inf_nan=False)


class CacheChange(BaseModel):
    """What a run did to api.cache; `record` None: it deleted the key."""

    key: str = Field(max_length=limits.CACHE_KEY_BYTES)
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


def parse_told(line: bytes) -> Told:
    """One line; ValueError where it is none of the host's."""
    return Told.model_validate(from_json(line, allow_inf_nan=False))
