"""How much of everything each size of account holds."""

from dataclasses import dataclass
from typing import Literal

Size = Literal["tiny", "demo", "msp"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Record counts of one account size; id ranges are chosen so that ticket numbers and ticket ids never overlap."""

    technicians: int
    customers: int
    contacts: int
    machines: int
    tickets: int
    open_tickets: int
    deleted_tickets: int
    hostile_tickets: int
    alerts: int
    open_alerts: int
    snoozed_alerts: int
    articles: int
    invoices: int
    first_ticket_id: int
    first_ticket_number: int


SCALES: dict[Size, Scale] = {
    "tiny": Scale(
        technicians=4,
        customers=4,
        contacts=12,
        machines=20,
        tickets=60,
        open_tickets=16,
        deleted_tickets=1,
        hostile_tickets=3,
        alerts=12,
        open_alerts=6,
        snoozed_alerts=1,
        articles=6,
        invoices=4,
        first_ticket_id=90350,
        first_ticket_number=24080,
    ),
    "demo": Scale(
        technicians=8,
        customers=25,
        contacts=120,
        machines=400,
        tickets=3000,
        open_tickets=140,
        deleted_tickets=12,
        hostile_tickets=10,
        alerts=150,
        open_alerts=58,
        snoozed_alerts=9,
        articles=25,
        invoices=60,
        first_ticket_id=85210,
        first_ticket_number=21130,
    ),
    "msp": Scale(
        technicians=24,
        customers=200,
        contacts=8000,
        machines=5000,
        tickets=60000,
        open_tickets=600,
        deleted_tickets=150,
        hostile_tickets=40,
        alerts=4000,
        open_alerts=350,
        snoozed_alerts=60,
        articles=25,
        invoices=900,
        first_ticket_id=412000,
        first_ticket_number=118300,
    ),
}
