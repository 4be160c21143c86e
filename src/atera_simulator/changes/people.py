"""Who is meant: a technician or a contact named by id or by e-mail."""

from datetime import datetime

from atera_simulator.changes.customers import create_contact, create_customer
from atera_simulator.changes.journal import Refused
from atera_simulator.world import Record, World

UNASSIGNED = "Unassigned"
"""Name of the customer that holds contacts nobody claimed."""


AUTOPILOT = -1
"""TechnicianContactID of Atera's own agent."""


def employ_autopilot(world: World) -> None:
    """Let tickets be assigned to Autopilot, as an account with that option does."""
    names = {
        "FirstName": "IT",
        "LastName": "Autopilot",
        "TechnicianFullName": "IT Autopilot",
        "TechnicianEmail": "",
    }
    world.technicians.setdefault(AUTOPILOT, {"TechnicianContactID": AUTOPILOT, **names})


def technician(world: World, fields: Record, *, id_key: str = "TechnicianContactID") -> Record | None:
    """Return the technician the fields name by id or else by e-mail, or None when they name nobody."""
    wanted_id, email = fields.get(id_key), fields.get("TechnicianEmail")
    if wanted_id is not None:
        if wanted_id not in world.technicians:
            raise Refused(f"{id_key} {wanted_id} was not found")
        return world.technicians[wanted_id]
    if not email:
        return None
    for candidate in world.technicians.values():
        if candidate["TechnicianEmail"].casefold() == email.casefold():
            return candidate
    raise Refused(f"TechnicianEmail {email} was not found")


def contact(world: World, fields: Record, *, now: datetime) -> Record:
    """Return the contact a new ticket is for: by EndUserID, else by e-mail, else made from e-mail and names."""
    wanted_id = fields.get("EndUserID")
    if wanted_id is not None:
        if wanted_id not in world.contacts:
            raise Refused("EndUserID was not found")
        return world.contacts[wanted_id]
    email = fields.get("EndUserEmail")
    if not email:
        raise Refused("EndUserID is required, or EndUserEmail with EndUserFirstName and EndUserLastName")
    for candidate in world.contacts.values():
        if (candidate["Email"] or "").casefold() == email.casefold():
            return candidate
    if not (fields.get("EndUserFirstName") and fields.get("EndUserLastName")):
        raise Refused("EndUserFirstName and EndUserLastName are required for a new contact")
    return _newcomer(world, fields, now=now)


def _newcomer(world: World, fields: Record, *, now: datetime) -> Record:
    wanted = {
        "Email": fields["EndUserEmail"],
        "Firstname": fields["EndUserFirstName"],
        "Lastname": fields["EndUserLastName"],
        "Phone": fields.get("EndUserPhone"),
        "CustomerID": _customer_of_domain(world, fields["EndUserEmail"], now=now),
    }
    return world.contacts[create_contact(world, wanted, now=now)]


def _customer_of_domain(world: World, email: str, *, now: datetime) -> int:
    # Where Atera puts such a contact is not documented; matching the customer's Domain is an assumption.
    domain = email.rpartition("@")[2].casefold()
    catch_all = None
    for customer_id, customer in world.customers.items():
        if (customer["Domain"] or "").casefold() == domain:
            return customer_id
        if customer["CustomerName"] == UNASSIGNED:
            catch_all = customer_id
    return catch_all or create_customer(world, {"CustomerName": UNASSIGNED}, now=now)
