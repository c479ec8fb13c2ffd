"""What every document of a repository is, and the forms that several of them use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from reconciler.model.frozen import Frozen


class Document(Frozen):
    """Base of every document: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


Reason = Annotated[str, Field(pattern=r"\S")]
"""Why something is as it is, in words."""


def _day(value: Any) -> Any:
    try:
        return value if isinstance(value, date) else datetime.strptime(value, "%Y-%m-%d").date()
    except (TypeError, ValueError) as problem:
        raise PydanticCustomError("day", "must be a day such as 2026-12-31") from problem


Day = Annotated[date, BeforeValidator(_day)]
"""A day as year, month and day."""
