"""Invoices of the last months, one line for each contract that was billed."""

from datetime import timedelta
from random import Random

from atera_simulator.seed.chance import guid
from atera_simulator.seed.people import ACCOUNT_DOMAIN
from atera_simulator.seed.scale import Scale
from atera_simulator.world import Record, World

_TAX_PERCENT = 19.0


def add_invoices(world: World, rng: Random, scale: Scale) -> None:
    """Fill `world.invoices`, by invoice number, the oldest first."""
    contracts = [contract for contract in world.contracts.values() if contract["Active"]]
    people = {
        contact["CustomerID"]: contact for contact in world.contacts.values() if contact["IsContactPerson"]
    }
    months = max(1, scale.invoices // len(world.customers))
    for position in range(scale.invoices):
        number = 1043 + position
        contract = contracts[position % len(contracts)]
        age = months - 1 - position * months // scale.invoices
        world.invoices[number] = _invoice(world, rng, number, contract, people[contract["CustomerID"]], age)


def _invoice(
    world: World, rng: Random, number: int, contract: Record, person: Record, months_ago: int
) -> Record:
    end = world.now.replace(day=1) - timedelta(days=1)
    for _ in range(months_ago):
        end = end.replace(day=1) - timedelta(days=1)
    line = _line(world, rng, f"{end:%B %Y}")
    return {
        "IsAdhoc": False,
        "InvoiceId": guid(rng),
        "InvoiceNumber": number,
        "InvoiceNumberAsString": str(number),
        "Total": line["Total"],
        "Subtotal": line["Subtotal"],
        "Tax": line["Tax"],
        "TaxPercentage": _TAX_PERCENT,
        # Invoices carry bare dates without a zone: they are days of the account's zone.
        "InvoiceDate": f"{end:%Y-%m-%d}T00:00:00",
        "ContractName": contract["ContractName"],
        "PeriodStartDate": f"{end:%Y-%m}-01T00:00:00",
        "PeriodEndDate": f"{end:%Y-%m-%d}T00:00:00",
        "Currency": "EUR",
        "LineItems": [line],
        "From": _sender(world),
        "To": _receiver(world, person),
    }


def _line(world: World, rng: Random, period: str) -> Record:
    rate = rng.choice(list(world.products.values()))
    quantity = float(rng.randrange(1, 16))
    subtotal = round(quantity * rate["Amount"], 2)
    tax = round(subtotal * _TAX_PERCENT / 100, 2)
    return {
        "Product": rate["Description"],
        "Description": period,
        "Quantity": quantity,
        "Rate": rate["Amount"],
        "TaxPercentage": _TAX_PERCENT,
        "DiscountPercentage": 0.0,
        "Total": round(subtotal + tax, 2),
        "Subtotal": subtotal,
        "Tax": tax,
        "LineIdx": 0,
    }


def _sender(world: World) -> Record:
    technician = next(iter(world.technicians.values()))
    account = world.account
    return {
        "CompanyName": account["CompanyName"],
        "ContactFirstName": technician["FirstName"],
        "ContactLastName": technician["LastName"],
        "ContactFullName": technician["TechnicianFullName"],
        "Address": account["Address"],
        "State": None,
        "Country": account["Country"],
        "ZipCode": int(account["PostalCode"]),
        "City": account["City"],
        "Phone": account["Phone"],
        "Email": f"billing@{ACCOUNT_DOMAIN}",
    }


def _receiver(world: World, person: Record) -> Record:
    customer = world.customers[person["CustomerID"]]
    zip_code = customer["ZipCodeStr"]
    return {
        "CompanyName": customer["CustomerName"],
        "ContactFirstName": person["Firstname"],
        "ContactLastName": person["Lastname"],
        "ContactFullName": f"{person['Firstname']} {person['Lastname']}",
        "Address": customer["Address"],
        "State": None,
        "Country": customer["Country"],
        # The API types it as a number, so codes with letters are lost.
        "ZipCode": int(zip_code) if zip_code.isdigit() else None,
        "City": customer["City"],
        "Phone": person["Phone"],
        "Email": person["Email"],
    }
