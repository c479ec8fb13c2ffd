"""How GitHub says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

DOCUMENTS = "https://docs.github.com/rest"


class Refused(Exception):
    """An answer that says no."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


def refused(
    status: int, message: str, headers: Mapping[str, str] | None = None, errors: list[dict[str, Any]] | None = None
) -> Response:
    """An error as the description's basic-error and validation-error have it."""
    body: dict[str, Any] = {"message": message, "documentation_url": DOCUMENTS, "status": str(status)}
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status, dict(headers or {}))


def no(status: int, message: str, **headers: str) -> Refused:
    """A plain refusal, to be raised."""
    return Refused(refused(status, message, {key.replace("_", "-"): value for key, value in headers.items()}))


def not_found() -> Refused:
    """There is no such thing, or nobody is told that there is."""
    return no(404, "Not Found")


def invalid(resource: str, field: str, code: str, message: str = "") -> Refused:
    """422 for one field."""
    error = {"resource": resource, "field": field, "code": code} | ({"message": message} if message else {})
    return Refused(refused(422, "Validation Failed", errors=[error]))


def not_as_described(message: str) -> Refused:
    """422 for a body that GitHub's schema refuses before anything looks at it."""
    return no(422, f"Invalid request.\n\n{message}")
