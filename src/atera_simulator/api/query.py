"""Query parameters: names in any case, unknown ones ignored, values checked; and the paging envelope."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from atera_simulator.api.replies import Invalid, reply
from atera_simulator.api.service import service
from atera_simulator.api.zones import parse_local, parse_moment
from atera_simulator.world import Record

PAGE_CAP = 50
BIG_PAGE_CAP = 500
_DEFAULT_PAGE = 20
_INT32 = 2**31 - 1
T = TypeVar("T")


class Query:
    """The parameters of one request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._values = {name.lower(): value for name, value in request.query_params.items()}

    def text(self, name: str) -> str | None:
        """Return the value, or None when it is absent or empty."""
        return self._values.get(name.lower()) or None

    def integer(self, name: str) -> int | None:
        """Return a whole number, or None when absent."""
        return self._read(name, int, "a whole number")

    def boolean(self, name: str, *, default: bool) -> bool:
        """Return true or false, in any case."""
        found = self._read(name, _boolean, "true or false")
        return default if found is None else found

    def choice(self, name: str, options: tuple[str, ...]) -> str | None:
        """Return the option in its own spelling (a number picks by position, as .NET enums do), or None."""
        by_name = {option.casefold(): option for option in options} | {
            str(i): o for i, o in enumerate(options)
        }
        return self._read(name, lambda text: by_name[text.casefold()], f"one of {', '.join(options)}")

    def moment(self, name: str) -> datetime | None:
        """Return an ISO 8601 moment in UTC, or None."""
        return self._read(name, parse_moment, "an ISO 8601 date")

    def local(self, name: str) -> datetime | None:
        """Return a moment given in the account's zone, as UTC, or None."""
        zone = service(self._request).zone
        return self._read(
            name, lambda text: parse_local(text, zone), "a date in the account's zone, without an offset"
        )

    def _read(self, name: str, convert: Callable[[str], T], wanted: str) -> T | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            return convert(text)
        except (ValueError, KeyError):
            raise Invalid(
                {name: f"The value '{text}' is not valid for {name}: it must be {wanted}."}
            ) from None


def path_id(request: Request, name: str) -> int:
    """Return an integer id from the path; anything else is a 400."""
    text = request.path_params[name]
    try:
        return int(text)
    except ValueError:
        raise Invalid(
            {name: f"The value '{text}' is not valid for {name}: it must be a whole number."}
        ) from None


def page(
    request: Request,
    ids: Sequence[int],
    show: Callable[[int], Record],
    *,
    may_be_big: bool = True,
) -> Response:
    """Return one page of the ids in Atera's envelope, each shown by `show`.

    A size above the cap is clamped (assumed), a page past the end is empty, a page below 1 is a 400.
    """
    query = Query(request)
    faults = service(request).faults
    number = _positive(query, "page", 1)
    cap = BIG_PAGE_CAP if may_be_big and faults.big_pages else PAGE_CAP
    size = min(_positive(query, "itemsInPage", _DEFAULT_PAGE), cap)
    if request.state.repeats_row and number > 1 and len(ids) > size:
        ids = [*ids[:size], ids[size - 1], *ids[size:]]
    pages = -(-len(ids) // size)
    no_link = None if faults.null_links else ""
    shown = ids[(number - 1) * size : number * size]
    request.state.shown = shown
    return reply(
        {
            "items": [show(record_id) for record_id in shown],
            "page": number,
            "itemsInPage": size,
            "totalItemCount": len(ids),
            "totalPages": pages,
            "prevLink": _link(request, number - 1, size) if number > 1 else no_link,
            "nextLink": _link(request, number + 1, size) if number < pages else no_link,
        },
    )


def _link(request: Request, number: int, size: int) -> str:
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name.lower() not in {"page", "itemsinpage"}
    ]
    query = urlencode([("page", number), ("itemsInPage", size), *kept], quote_via=quote)
    return str(request.url.replace(query=query))


def _positive(query: Query, name: str, default: int) -> int:
    value = query.integer(name)
    if value is None:
        return default
    if not 1 <= value <= _INT32:
        raise Invalid({name: f"The value '{value}' is not valid for {name}: it must be 1 or more."})
    return value


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text.casefold()]


def blanked(record: Record, *columns: str) -> Record:
    """Return a copy with the columns null, for parts that a call did not ask for."""
    empty: dict[str, Any] = dict.fromkeys(columns)
    return record | empty
