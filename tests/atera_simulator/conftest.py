"""A small account, written out record by record, and the simulator around it."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from atera_simulator import changes
from atera_simulator.api import DEFAULT_TOKEN, create_app
from atera_simulator.faults import Faults
from atera_simulator.world import World

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
GUID = "5f0c2a0e-7d0b-4f0e-9f7b-0c2f1a9d3311"


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def pass_time(self, **delta):
        self.now += timedelta(**delta)


@pytest.fixture
def clock():
    return Clock(NOW)


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def world():
    """Two customers, three contacts, two technicians, one machine and three tickets (1 open, 2 resolved, 3 silent)."""
    return a_world()


@pytest.fixture
def app(world, faults, clock):
    return create_app(world, faults, clock=clock, rate_per_minute=None)


@pytest.fixture
def api(app):
    """A client with the token, speaking to the app without a network."""
    with TestClient(
        app, base_url="http://atera.example/api/v3", headers={"X-API-KEY": DEFAULT_TOKEN}
    ) as client:
        yield client


def a_world():
    world = World(seed=7, size="tiny", now=NOW, account=dict(ACCOUNT))
    for technician_id, first, last in ((12, "Jens", "Holm"), (13, "Ina", "Behr")):
        world.technicians[technician_id] = {
            "TechnicianContactID": technician_id,
            "FirstName": first,
            "LastName": last,
            "TechnicianFullName": f"{first} {last}",
            "TechnicianEmail": f"{first.lower()}@nordlicht.example",
        }
    world.last_ids = {"customers": 16, "contacts": 2303, "tickets": 90400, "alerts": 771200, "departments": 2}
    _people(world)
    world.products[7] = dict(RATE)
    world.expenses[9] = {
        "RateID": 9,
        "Amount": 0.4,
        "Description": "Kilometre",
        "SKU": None,
        "Category": None,
    }
    world.agents[5150] = dict(AGENT)
    world.patches[GUID] = dict(PATCHES)
    world.custom_fields = [dict(field) for field in FIELDS]
    world.knowledge_base[301] = dict(ARTICLE)
    world.invoices[1043] = dict(INVOICE)
    _contract(world)
    _tickets(world)
    changes.create_alert(
        world,
        {"DeviceGuid": GUID, "CustomerID": 17, "Title": "Disk low", "AlertCategoryID": "Disk"},
        now=_ago(hours=2),
    )
    world.journal.clear()
    return world


def _people(world):
    then = _ago(days=30)
    changes.create_department(world, {"Name": "Dispatch"})
    for name, domain in (("Brandt Logistik", "brandt.example"), ("Krone Optik", "krone.example")):
        changes.create_customer(
            world, {"CustomerName": name, "Domain": domain, "BusinessNumber": "DE1"}, now=then
        )
    for first, last, email, customer_id in (
        ("Maren", "Voss", "m.voss@brandt.example", 17),
        ("Ole", "Brandt", "o.brandt@brandt.example", 17),
        ("Mia", "Krone", "mia@krone.example", 18),
    ):
        person = {
            "Firstname": first,
            "Lastname": last,
            "Email": email,
            "CustomerID": customer_id,
            "Phone": "+49 431 55",
        }
        changes.create_contact(world, person, now=then)
    world.contacts[2304] |= {"DefaultAgentId": 5150, "DepartmentID": 3, "DepartmentName": "Dispatch"}


def _contract(world):
    terms = {"HourlyRateID": 7, "HoursIncluded": 20.0, "BillingPeriod": "Monthly", "CommitRollover": False}
    head = {
        "CustomerID": 17,
        "ContractName": "Block 20h",
        "ContractType": "BlockHours",
        "Active": True,
        "Default": True,
    }
    changes.create_contract(world, head | {"BlockHoursContract": terms})


def _tickets(world):
    for title, person, age in (("Printer", 2304, 72), ("Mail", 2306, 48), ("Silent", 2305, 24)):
        fields = {"TicketTitle": title, "Description": f"{title} is broken", "EndUserID": person}
        changes.create_ticket(world, fields, source="Email", now=_ago(hours=age))
    changes.add_comment(world, 90401, "On it", technician_id=12, now=_ago(hours=71))
    changes.update_ticket(
        world, 90402, {"TicketStatus": "Resolved", "TechnicianContactID": 13}, now=_ago(hours=47)
    )
    changes.log_time(
        world,
        90401,
        {"TechnicianContactID": 12, "Billiable": True, "OnCustomerSite": True, "RateID": 7},
        start=_ago(hours=71),
        end=_ago(hours=70),
        now=_ago(hours=70),
    )
    world.comments[90403] = []
    world.attachments[90401] = ["https://files.example/att/90401/printer.jpg"]


def _ago(**delta):
    return NOW - timedelta(**delta)


ACCOUNT = {
    "AccountID": "0014xx7a",
    "Country": "Germany",
    "CompanyName": "Nordlicht IT GmbH",
    "CreatedOn": "2019-03-04T08:12:55Z",
    "State": "",
    "TimeZoneName": "W. Europe Standard Time",
    "City": "Kiel",
    "Address": "Hafenstr. 4",
    "PostalCode": "24103",
    "Phone": "+49 431 555010",
    "IsITDepartment": False,
    "Plan": "Superpower",
}
RATE = {"RateID": 7, "Amount": 95.0, "Description": "Technician hour", "SKU": "T-1", "Category": "Labour"}
AGENT = {
    "MachineID": None,
    "AgentID": 5150,
    "DeviceGuid": GUID,
    "FolderID": 88,
    "FolderName": "Office Kiel",
    "CustomerID": 17,
    "CustomerName": "Brandt Logistik",
    "MachineName": "BL-NB-014",
    "Monitored": True,
    "Modified": "2026-11-22T06:14:02Z",
    "Online": True,
    "LastSeen": "2026-11-22T09:55:10Z",
    "Memory": 16088,
    "MacAddresses": ["00-00-5E-00-53-14"],
    "HardwareDisks": [{"Drive": "C:", "Free": 211034.0, "Used": 276024.0, "Total": 487058.0}],
    "BatteryInfo": None,
    "OSNum": 10.0,
    "DeviceType": "PC",
}
PATCHES = {
    "timestamp": "2026-11-22T02:10:00Z",
    "installedUpdates": [
        {"name": "October", "class": "Security Updates", "kbId": "KB1", "installDate": "2026-10-16T03:20:00Z"}
    ],
    "availableUpdates": [
        {"name": "November", "class": "Security Updates", "kbId": "KB2", "status": "Available"}
    ],
}
FIELDS = (
    {
        "Name": "Disk type",
        "DataType": "Options",
        "Target": "Agent",
        "PossibleValues": [
            {"Value": "1", "Text": "SSD", "ParentName": None},
            {"Value": "2", "Text": "HDD", "ParentName": None},
        ],
        "ParentAttributeName": None,
    },
    *(
        {
            "Name": name,
            "DataType": kind,
            "Target": "Agent",
            "PossibleValues": None,
            "ParentAttributeName": None,
        }
        for name, kind in (
            ("TPM version", "Text"),
            ("Encrypted", "Boolean"),
            ("Age", "Numeric"),
            ("Bought", "Date"),
        )
    ),
    {
        "Name": "Order no",
        "DataType": "Text",
        "Target": "Ticket",
        "PossibleValues": None,
        "ParentAttributeName": None,
    },
)
ARTICLE = {
    "KBID": 301,
    "KBTimestamp": "2025-02-01T09:00:00Z",
    "KBContext": "<h2>Label printer</h2>",
    "KBProduct": "Label printer prints blank",
    "KBLastModified": "2026-08-19T12:30:00Z",
    "SectionId": "f0d3b4de-0000-4000-8000-000000000001",
}
INVOICE = {
    "IsAdhoc": False,
    "InvoiceId": "c2c3c9c0-1111-4a4a-9b9b-000000000099",
    "InvoiceNumber": 1043,
    "Total": 1130.5,
    "InvoiceDate": "2026-10-31T00:00:00",
    "PeriodStartDate": "2026-10-01T00:00:00",
    "PeriodEndDate": "2026-10-31T00:00:00",
    "Currency": "EUR",
    "LineItems": [],
    "From": {"CompanyName": "Nordlicht IT GmbH", "ZipCode": 24103},
    "To": {"CompanyName": "Brandt Logistik", "ZipCode": 24159},
}
