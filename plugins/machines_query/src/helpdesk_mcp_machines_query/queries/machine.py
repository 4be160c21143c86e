"""All that is stored about one machine, and what hangs on it: alerts, people, their tickets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, Row, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from helpdesk_mcp.sdk import ReadSession, tables
from helpdesk_mcp_machines_query.readiness import Machine

from .machines import MachineRow

MOST_ALERTS, MOST_TICKETS = 8, 6

_m, _a, _c, _t = tables.machine.c, tables.alert.c, tables.contact.c, tables.ticket.c


@dataclass(frozen=True, slots=True)
class Details(MachineRow):
    """One machine with every column that a person may want."""

    device_guid: str | None
    folder: str | None
    description: str | None
    created_at: datetime | None
    agent_version: str | None
    public_ip: str | None
    mac_addresses: list[str] | None
    office: str | None
    processor_ghz: float | None
    graphics: str | None
    motherboard: str | None
    battery_health: float | None
    disk_total_mb: int | None
    facts_read_at: datetime | None
    deleted_at: datetime | None

    @property
    def judged(self) -> Machine:
        """Return it with what readiness is judged from."""
        return Machine(*_OF_JUDGED(self))


_OF_JUDGED = attrgetter(*(field.name for field in fields(Machine)))
_DETAILS = select(*(_m[field.name] for field in fields(Details))).where(_m.id == bindparam("id"))
_ALERTS = (
    select(_a.title, _a.severity, _a.created_at, func.count().over().label("total"))
    .where(
        _a.machine_id == bindparam("id"),
        ~_a.is_archived,
        _a.deleted_at.is_(None),
        or_(_a.snoozed_until.is_(None), _a.snoozed_until <= bindparam("now")),
    )
    .order_by(_a.created_at.desc(), _a.id)
    .limit(MOST_ALERTS)
)


def _account(column: Any) -> Any:
    return func.regexp_replace(func.lower(column), "[^a-z0-9]", "", "g")


_IS_ACCOUNT = or_(
    _account(func.split_part(_c.email, "@", 1)) == any_(bindparam("accounts", type_=ARRAY(TEXT))),
    _account(_c.full_name) == any_(bindparam("accounts", type_=ARRAY(TEXT))),
)
_USERS = (
    select(_c.id, _c.full_name, _c.email)
    .where(
        _c.deleted_at.is_(None),
        or_(
            _c.default_machine_id == bindparam("id"),
            and_(_c.customer_id == bindparam("customer_id", type_=BigInteger), _IS_ACCOUNT),
        ),
    )
    .order_by(_c.full_name, _c.id)
)
_TICKETS = (
    select(_t.number, _t.title, _t.status, _t.contact_name, _t.created_at, func.count().over().label("total"))
    .where(
        _t.contact_id == any_(bindparam("contacts", type_=ARRAY(BigInteger))),
        _t.is_open,
        _t.deleted_at.is_(None),
    )
    .order_by(_t.created_at.desc(), _t.id)
    .limit(MOST_TICKETS)
)


async def details(db: ReadSession, id_: int) -> Details | None:
    """Return one machine."""
    row = await db.first(_DETAILS, {"id": id_})
    return None if row is None else Details(*row)


async def open_alerts(db: ReadSession, id_: int, now: datetime) -> Sequence[Row[Any]]:
    """Return the newest open alerts (title, severity, created_at), each with the total."""
    return await db.rows(_ALERTS, {"id": id_, "now": now})


async def users(db: ReadSession, row: Details) -> Sequence[Row[Any]]:
    """Return the contacts (id, full_name, email) that Atera or a login name ties to a machine."""
    values = {"id": row.id, "customer_id": row.customer_id, "accounts": accounts(row)}
    return await db.rows(_USERS, values)


async def open_tickets(db: ReadSession, contacts: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the newest open tickets of some contacts, each with the total."""
    return await db.rows(_TICKETS, {"contacts": list(contacts)}) if contacts else ()


def accounts(row: MachineRow) -> list[str]:
    """Return the login names of a machine without their domain, in letters and digits only."""
    said = re.split(r"[,;\n]", f"{row.logged_in_users or ''},{row.last_login_user or ''}")
    names = (re.sub(r"[^a-z0-9]", "", name.rsplit("\\", 1)[-1].split("@")[0].lower()) for name in said)
    return sorted({name for name in names if name and name != "administrator"})
