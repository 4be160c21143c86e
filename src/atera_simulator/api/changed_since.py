"""The filter that customers and contacts share: FromLastModifiedDate, in the account's zone."""

from collections.abc import Sequence

from starlette.requests import Request

from atera_simulator.api.query import Query
from atera_simulator.api.zones import parse_moment
from atera_simulator.world import Record


def changed_since(request: Request, ids: Sequence[int], records: dict[int, Record]) -> Sequence[int]:
    """Return the ids of the records modified at or after the moment asked for, or all when none is."""
    since = Query(request).local("FromLastModifiedDate")
    if since is None:
        return ids
    return [
        i for i in ids if records[i]["LastModified"] and parse_moment(records[i]["LastModified"]) >= since
    ]
