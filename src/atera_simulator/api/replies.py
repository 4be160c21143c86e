"""Answers: JSON, the write result, ProblemDetails, and the errors that become them."""

from http import HTTPStatus
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from atera_simulator.changes import Conflict, Missing, Refused

_SECTIONS = {400: "15.5.1", 404: "15.5.5", 409: "15.5.10"}


class Invalid(ValueError):
    """A parameter or body that cannot be read; `errors` names each field with its sentences."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def reply(payload: Any, status: int = 200) -> Response:
    """Return the payload as JSON in UTF-8."""
    return Response(orjson.dumps(payload), status, media_type="application/json; charset=utf-8")


def done(record_id: int, status: int = 200) -> Response:
    """Return Atera's write result: the record's id, as a string."""
    return reply({"ActionID": str(record_id)}, status)


def nothing() -> Response:
    """Return 204."""
    return Response(status_code=204)


def problem(status: int, detail: str, errors: dict[str, str] | None = None) -> Response:
    """Return a ProblemDetails body."""
    payload: dict[str, Any] = {
        "type": f"https://tools.ietf.org/html/rfc9110#section-{_SECTIONS[status]}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": None,
    }
    if errors:
        payload["errors"] = {name: [sentence] for name, sentence in errors.items()}
    return Response(orjson.dumps(payload), status, media_type="application/problem+json; charset=utf-8")


async def on_error(_: Request, error: Exception) -> Response:
    """Turn an error of a change or of reading a request into its answer."""
    match error:
        case Invalid():
            return problem(400, str(error), error.errors)
        case Conflict():
            return problem(409, str(error))
        case Refused():
            return problem(400, str(error))
        case Missing():
            return problem(404, str(error))
        case HTTPException():
            # No such route, or not with this method: an empty body, as ASP.NET gives it.
            return Response(status_code=error.status_code, headers=error.headers)
        case _:
            raise error


ERRORS = (Invalid, Refused, Missing, HTTPException)
