"""Contracts of every type, and the rates that they and the work hours refer to."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from atera_simulator.seed.chance import likely
from atera_simulator.world import Record, World

_PRODUCTS = (
    (7, 95.0, "Technician hour", "T-1", "Labour"),
    (8, 110.0, "Overage hour", "T-2", "Labour"),
    (9, 140.0, "Emergency hour outside office hours", "T-3", "Labour"),
    (11, 78.0, "Junior technician hour", "T-4", "Labour"),
    (14, 120.0, "Project hour", "P-1", "Projects"),
    (15, 12.5, "Monitored workstation per month", "M-1", "Monitoring"),
    (16, 45.0, "Monitored server per month", "M-2", "Monitoring"),
    (18, 0.22, "Online backup per GB", "B-1", "Backup"),
    (19, 890.0, "Managed service flat fee", "F-1", "Managed services"),
    (20, 2500.0, "Prepaid amount", "F-2", "Managed services"),
    (23, 4800.0, "Server migration, fixed price", "P-2", "Projects"),
)
_EXPENSES = (
    (31, 0.52, "Kilometre driven", "E-1", "Travel"),
    (32, 25.0, "Travel flat within the city", "E-2", "Travel"),
    (33, 119.0, "Hotel night", "E-3", "Travel"),
    (34, 8.9, "Parking", "E-4", "Travel"),
    (35, 39.0, "Express delivery of parts", "E-5", "Logistics"),
)
_NESTED = (
    "RetainerFlatFeeContract",
    "HourlyContract",
    "BlockHoursContract",
    "BlockMoneyContract",
    "RemoteMonitoringContract",
    "OnlineBackupContract",
    "ProjectOneTimeFeeContract",
    "ProjectHourlyRateContract",
)
_TYPE_WEIGHTS = (5, 4, 6, 2, 5, 3, 1, 1)


def add_rates(world: World) -> None:
    """Fill `world.products` and `world.expenses`."""
    for rates, kind in ((_PRODUCTS, world.products), (_EXPENSES, world.expenses)):
        for rate_id, amount, description, sku, category in rates:
            kind[rate_id] = {
                "RateID": rate_id,
                "Amount": amount,
                "Description": description,
                "SKU": sku,
                "Category": category,
            }


def add_contracts(world: World, rng: Random) -> None:
    """Fill `world.contracts`: one to three for each customer, the first of each is its default."""
    contract_id = 40
    for customer in world.customers.values():
        for position in range(rng.choices((1, 2, 3), (3, 5, 2))[0]):
            contract_id += rng.choice((1, 1, 2))
            nested = rng.choices(_NESTED, _TYPE_WEIGHTS)[0]
            world.contracts[contract_id] = _contract(world, rng, contract_id, customer, nested, position)


def _contract(
    world: World, rng: Random, contract_id: int, customer: Record, nested: str, position: int
) -> Record:
    name, terms = _TERMS[nested](world, rng)
    year_start = world.now.replace(month=1, day=1, hour=0, minute=0, second=0)
    start = year_start - timedelta(days=rng.choice((0, 365, 730)))
    end = rng.choice((f"{world.now.year}-12-31T00:00:00Z", f"{world.now.year + 1}-12-31T00:00:00Z", None))
    return {
        "CustomerID": customer["CustomerID"],
        "CustomerName": customer["CustomerName"],
        "ContractID": contract_id,
        "ContractName": name,
        "ContractType": nested.removesuffix("Contract"),
        "Active": position == 0 or likely(rng, 0.8),
        "Default": position == 0,
        "Taxable": likely(rng, 0.9),
        "StartDate": f"{start:%Y-%m-%d}T00:00:00Z",
        "EndDate": end,
        **{key: terms if key == nested else None for key in _NESTED},
    }


Terms = Callable[[World, Random], tuple[str, Record]]


def _retainer(world: World, rng: Random) -> tuple[str, Record]:
    quantity = rng.choice((1.0, 1.5, 2.0))
    return "Managed workplace flat", {
        "BillingPeriod": "Monthly",
        "Quantity": quantity,
        "Rate": world.products[19],
    }


def _hourly(world: World, rng: Random) -> tuple[str, Record]:
    period = rng.choice(("Monthly", "Quarterly"))
    rates = [world.products[9], world.products[11]]
    return "Time and material", {
        "PrimaryRate": world.products[7],
        "AdditionalRates": rates,
        "BillingPeriod": period,
    }


def _block_hours(world: World, rng: Random) -> tuple[str, Record]:
    hours = rng.choice((10.0, 20.0, 40.0, 80.0))
    return f"Block {hours:.0f}h", {
        "HoursIncluded": hours,
        "PricePerHour": world.products[7],
        "OverageRate": world.products[8],
        "CommitRollover": likely(rng, 0.3),
        "BillingPeriod": "Monthly",
    }


def _block_money(world: World, rng: Random) -> tuple[str, Record]:
    return "Prepaid budget", {
        "Amount": rng.choice((2500.0, 5000.0)),
        "ContractAmount": world.products[20],
        "PrimaryRate": world.products[7],
        "AdditionalRates": [],
        "CommitRollover": True,
        "BillingPeriod": "Quarterly",
    }


def _monitoring(world: World, rng: Random) -> tuple[str, Record]:
    servers = likely(rng, 0.4)
    return "Monitoring of servers" if servers else "Monitoring of workstations", {
        "RatePerDevice": world.products[16 if servers else 15],
        "CountBy": "ServerAgents" if servers else "PCAgents",
        "BillingPeriod": "Monthly",
    }


def _backup(world: World, _rng: Random) -> tuple[str, Record]:
    return "Online backup", {
        "RatePerGB": world.products[18],
        "CountBy": "TotalGB",
        "BillingPeriod": "Monthly",
    }


def _one_time(world: World, _rng: Random) -> tuple[str, Record]:
    return "Project: server migration", {"TotalAmount": world.products[23]}


def _project_hours(world: World, _rng: Random) -> tuple[str, Record]:
    return "Project: Windows 11 rollout", {
        "PrimaryRate": world.products[14],
        "AdditionalRates": [world.products[11]],
    }


_TERMS: dict[str, Terms] = {
    "RetainerFlatFeeContract": _retainer,
    "HourlyContract": _hourly,
    "BlockHoursContract": _block_hours,
    "BlockMoneyContract": _block_money,
    "RemoteMonitoringContract": _monitoring,
    "OnlineBackupContract": _backup,
    "ProjectOneTimeFeeContract": _one_time,
    "ProjectHourlyRateContract": _project_hours,
}
