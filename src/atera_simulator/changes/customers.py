"""Customers, their contacts and the account's departments."""

from datetime import datetime

from atera_simulator.changes.journal import Refused, find, next_id, note, remove, retell, stamp
from atera_simulator.world import Record, World

CUSTOMER_FIELDS = (
    "CustomerName",
    "BusinessNumber",
    "Domain",
    "Address",
    "City",
    "State",
    "Country",
    "Phone",
    "Fax",
    "Notes",
    "Links",
    "Longitude",
    "Latitude",
    "ZipCodeStr",
)
CONTACT_FIELDS = (
    "Firstname",
    "Lastname",
    "JobTitle",
    "Phone",
    "MobilePhone",
    "IsContactPerson",
    "InIgnoreMode",
    "DefaultAgentId",
)


def create_customer(world: World, fields: Record, *, now: datetime) -> int:
    """Add a customer. Returns the CustomerID."""
    customer_id = next_id(world, "customers")
    world.customers[customer_id] = {
        "CustomerID": customer_id,
        **{key: fields.get(key) for key in CUSTOMER_FIELDS},
        "Logo": None,
        "CreatedOn": fields.get("CreatedOn") or stamp(now),
        "LastModified": stamp(now),
    }
    note(world, "customers", customer_id)
    return customer_id


def update_customer(world: World, customer_id: int, fields: Record, *, now: datetime) -> None:
    """Change the given fields; a new name shows at once wherever the customer is named."""
    customer = find(world, "customers", customer_id)
    customer.update({key: fields[key] for key in CUSTOMER_FIELDS if fields.get(key) is not None})
    customer["LastModified"] = stamp(now)
    note(world, "customers", customer_id)
    if fields.get("CustomerName") is not None:
        named = ("contacts", "agents", "alerts", "contracts", "tickets")
        retell(world, named, ("CustomerID", customer_id), {"CustomerName": fields["CustomerName"]})


def delete_customer(world: World, customer_id: int) -> None:
    """Take a customer out for good; what belonged to it stays behind with its name."""
    remove(world, "customers", customer_id)


def create_contact(world: World, fields: Record, *, now: datetime) -> int:
    """Add a contact under the customer named by CustomerID or CustomerName. Returns the EndUserID."""
    customer = _customer(world, fields)
    if customer is None:
        raise Refused("CustomerID or CustomerName is required")
    contact_id = next_id(world, "contacts")
    world.contacts[contact_id] = {
        "EndUserID": contact_id,
        "CustomerID": customer["CustomerID"],
        "CustomerName": customer["CustomerName"],
        "Email": fields["Email"],
        **{key: fields.get(key) for key in CONTACT_FIELDS},
        "IsContactPerson": bool(fields.get("IsContactPerson")),
        "InIgnoreMode": bool(fields.get("InIgnoreMode")),
        "CreatedOn": fields.get("CreatedOn") or stamp(now),
        "LastModified": stamp(now),
        "Archived": False,
        **_department(world, fields),
    }
    note(world, "contacts", contact_id)
    return contact_id


def update_contact(world: World, contact_id: int, fields: Record, *, now: datetime) -> None:
    """Change the given fields; a new name or phone shows on the contact's tickets, whose clock stays."""
    person = find(world, "contacts", contact_id)
    customer = _customer(world, fields)
    department = _department(world, fields)
    if customer is not None:
        person.update({key: customer[key] for key in ("CustomerID", "CustomerName")})
    if department["DepartmentID"] is not None:
        person.update(department)
    editable = (*CONTACT_FIELDS, "Archived")
    person.update({key: fields[key] for key in editable if fields.get(key) is not None})
    person["LastModified"] = stamp(now)
    note(world, "contacts", contact_id)
    shown = {"Firstname": "EndUserFirstName", "Lastname": "EndUserLastName", "Phone": "EndUserPhone"}
    renamed = {theirs: person[ours] for ours, theirs in shown.items() if fields.get(ours) is not None}
    if renamed:
        retell(world, ("tickets",), ("EndUserID", contact_id), renamed)


def delete_contact(world: World, contact_id: int) -> None:
    """Take a contact out for good; tickets keep the name."""
    remove(world, "contacts", contact_id)


def create_department(world: World, fields: Record) -> int:
    """Add a department. Returns its Id."""
    department_id = next_id(world, "departments")
    world.departments[department_id] = {
        "Id": department_id,
        "Name": fields["Name"],
        "Description": fields.get("Description"),
    }
    note(world, "departments", department_id)
    return department_id


def update_department(world: World, department_id: int, fields: Record) -> None:
    """Rename or describe a department; contacts show the new name."""
    department = find(world, "departments", department_id)
    department.update({key: fields[key] for key in ("Name", "Description") if fields.get(key) is not None})
    note(world, "departments", department_id)
    retell(world, ("contacts",), ("DepartmentID", department_id), {"DepartmentName": department["Name"]})


def delete_department(world: World, department_id: int) -> None:
    """Take a department out; its contacts have none afterwards."""
    remove(world, "departments", department_id)
    nothing = {"DepartmentID": None, "DepartmentName": None}
    retell(world, ("contacts",), ("DepartmentID", department_id), nothing)


def _customer(world: World, fields: Record) -> Record | None:
    wanted_id, name = fields.get("CustomerID"), fields.get("CustomerName")
    if wanted_id is not None:
        if wanted_id not in world.customers:
            raise Refused(f"CustomerID {wanted_id} was not found")
        return world.customers[wanted_id]
    if not name:
        return None
    for customer in world.customers.values():
        if (customer["CustomerName"] or "").casefold() == name.casefold():
            return customer
    raise Refused(f"CustomerName '{name}' was not found")


def _department(world: World, fields: Record) -> Record:
    wanted_id, name = fields.get("DepartmentID"), fields.get("DepartmentName")
    if wanted_id is None and not name:
        return {"DepartmentID": None, "DepartmentName": None}
    for department in world.departments.values():
        if department["Id"] == wanted_id or (wanted_id is None and department["Name"] == name):
            return {"DepartmentID": department["Id"], "DepartmentName": department["Name"]}
    raise Refused(f"Department {wanted_id or name} was not found")
