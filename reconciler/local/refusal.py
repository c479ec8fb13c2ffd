"""How the tenant says no: the error envelope of the Management API.

Errors of the gateway carry an `errorCode`, those of the actions service do not (wire.md, section 0).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class Refusal(Exception):
    """An answer that is an error. `status` and `body` go over the wire as they are; nothing was written."""

    def __init__(self, status: int, message: str, error_code: str = "", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"statusCode": status, "error": HTTPStatus(status).phrase, "message": message}
        if error_code:
            self.body["errorCode"] = error_code
        self.body.update(more)
        self.headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}


def bad_request(message: str) -> Refusal:
    """The actions service does not like the request."""
    return Refusal(HTTPStatus.BAD_REQUEST, message)


def invalid_body(why: str) -> Refusal:
    """The gateway's schema refuses the body; `why` is quoted and placed: `'…' on property x (…)`."""
    return Refusal(HTTPStatus.BAD_REQUEST, f"Payload validation error: {why}.", "invalid_body")


def invalid_query(why: str) -> Refusal:
    """The gateway's schema refuses the query."""
    return Refusal(HTTPStatus.BAD_REQUEST, f"Query validation error: {why}.", "invalid_query_string")


def invalid_path(why: str) -> Refusal:
    """The gateway's schema refuses a part of the path. Recorded for other endpoints only."""
    return Refusal(HTTPStatus.BAD_REQUEST, f"Path validation error: {why}.", "bad_request")


def unauthorized(message: str) -> Refusal:
    """401: the message is repeated in `attributes`, and there is no errorCode."""
    return Refusal(HTTPStatus.UNAUTHORIZED, message, attributes={"error": message})


def insufficient_scope(scopes: tuple[str, ...]) -> Refusal:
    """403 naming the scopes, any of which would do."""
    wanted = ", ".join(scopes)
    return Refusal(HTTPStatus.FORBIDDEN, f"Insufficient scope, expected any of: {wanted}", "insufficient_scope")


def feature_not_enabled() -> Refusal:
    """What a tenant without modules answers [recorded 18 times]."""
    return Refusal(HTTPStatus.FORBIDDEN, "This feature is not enabled for this tenant.", "feature_not_enabled")


def not_found(message: str = "Not Found") -> Refusal:
    """404 of the service, or of a path that leads nowhere."""
    return Refusal(HTTPStatus.NOT_FOUND, message)


def unknown_action() -> Refusal:
    return not_found("That action does not exist.")


def conflict(message: str) -> Refusal:
    return Refusal(HTTPStatus.CONFLICT, message)


def precondition_failed(message: str) -> Refusal:
    """412: what is asked for must wait until something else is gone. Documented for modules; none was seen."""
    return Refusal(HTTPStatus.PRECONDITION_FAILED, message)


def too_many_requests(message: str) -> Refusal:
    """429 of the gateway [recorded]."""
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, message, "too_many_requests")


def internal(message: str) -> Refusal:
    """500. The platform says only `An internal server error occurred`; here the reason is the reader's own machine,
    so it is told."""
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, f"An internal server error occurred: {message}")
