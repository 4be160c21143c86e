"""The only writer of a World after seeding: what a technician, a contact or the API can do to an account.

Every function takes the world, the fields in Atera's own spelling and `now` (UTC), applies the whole change or raises, and
notes it in the journal so that sorted lists stay right. `Refused` is a request Atera would not carry out, `Missing` a record
that is not there. No function awaits, so on the simulator's single event loop each change is atomic.
"""

from atera_simulator.changes.agents import delete_agent, move_agent, set_agent_online
from atera_simulator.changes.alerts import create_alert, delete_alert, resolve_alert
from atera_simulator.changes.comments import add_comment
from atera_simulator.changes.contracts import create_contract, update_contract
from atera_simulator.changes.custom_values import set_custom_value
from atera_simulator.changes.customers import (
    create_contact,
    create_customer,
    create_department,
    delete_contact,
    delete_customer,
    delete_department,
    update_contact,
    update_customer,
    update_department,
)
from atera_simulator.changes.journal import Conflict, Missing, Refused, find, next_id, stamp
from atera_simulator.changes.people import AUTOPILOT, employ_autopilot
from atera_simulator.changes.rates import create_rate, delete_rate, update_rate
from atera_simulator.changes.relations import relate_tickets, unrelate_ticket
from atera_simulator.changes.tickets import create_ticket, delete_ticket, touch_ticket, update_ticket
from atera_simulator.changes.work_hours import log_time, withdraw_time

__all__ = [
    "AUTOPILOT",
    "Conflict",
    "Missing",
    "Refused",
    "add_comment",
    "create_alert",
    "create_contact",
    "create_contract",
    "create_customer",
    "create_department",
    "create_rate",
    "create_ticket",
    "delete_agent",
    "delete_alert",
    "delete_contact",
    "delete_customer",
    "delete_department",
    "delete_rate",
    "delete_ticket",
    "employ_autopilot",
    "find",
    "log_time",
    "move_agent",
    "next_id",
    "relate_tickets",
    "resolve_alert",
    "set_agent_online",
    "set_custom_value",
    "stamp",
    "touch_ticket",
    "unrelate_ticket",
    "update_contact",
    "update_contract",
    "update_customer",
    "update_department",
    "update_rate",
    "update_ticket",
    "withdraw_time",
]
