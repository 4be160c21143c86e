"""Contracts: a write names its rates by id, a read shows them whole."""

from atera_simulator.changes.journal import Refused, find, next_id, note
from atera_simulator.world import Record, World

KINDS = (
    "RetainerFlatFee",
    "Hourly",
    "BlockHours",
    "BlockMoney",
    "RemoteMonitoring",
    "OnlineBackup",
    "ProjectOneTimeFee",
    "ProjectHourlyRate",
)
_RATES = {
    "RetainerFlatFee": {"Rate": "RateID"},
    "Hourly": {"PrimaryRate": "HourlyRateID"},
    "BlockHours": {"PricePerHour": "HourlyRateID", "OverageRate": "OverageRateID"},
    "BlockMoney": {"ContractAmount": "ContractAmountRateID", "PrimaryRate": "HourlyRateID"},
    "RemoteMonitoring": {"RatePerDevice": "PerDeviceRateID"},
    "OnlineBackup": {"RatePerGB": "PerGBRateID"},
    "ProjectOneTimeFee": {"TotalAmount": "TotalAmountRateId"},
    "ProjectHourlyRate": {"PrimaryRate": "TotalAmountRateId"},
}
"""Per kind: the DTO's rate object, and the id in the write that names it."""
_PLAIN = {
    "RetainerFlatFee": {"BillingPeriod": "Monthly", "Quantity": None},
    "Hourly": {"BillingPeriod": "Monthly"},
    "BlockHours": {"BillingPeriod": "Monthly", "HoursIncluded": None, "CommitRollover": False},
    "BlockMoney": {"BillingPeriod": "Monthly", "CommitRollover": False},
    "RemoteMonitoring": {"BillingPeriod": "Monthly", "CountBy": "All"},
    "OnlineBackup": {"BillingPeriod": "Monthly", "CountBy": "TotalGB"},
    "ProjectOneTimeFee": {},
    "ProjectHourlyRate": {},
}
"""Per kind: fields that are the same in write and read, with the value of one left out."""
_WITH_ADDITIONAL = ("Hourly", "BlockMoney", "ProjectHourlyRate")
_HEAD = ("ContractName", "Active", "Default", "Taxable", "StartDate", "EndDate")


def create_contract(world: World, fields: Record) -> int:
    """Add a contract of one kind. Returns the ContractID."""
    customer = world.customers.get(fields["CustomerID"])
    if customer is None:
        raise Refused(f"CustomerID {fields['CustomerID']} was not found")
    kind = fields["ContractType"]
    terms = _terms(world, kind, fields.get(f"{kind}Contract") or {})
    contract_id = next_id(world, "contracts")
    world.contracts[contract_id] = {
        "CustomerID": customer["CustomerID"],
        "CustomerName": customer["CustomerName"],
        "ContractID": contract_id,
        "ContractType": kind,
        **{key: fields.get(key) for key in _HEAD},
        **{key: bool(fields.get(key)) for key in ("Active", "Default", "Taxable")},
        **{f"{name}Contract": terms if name == kind else None for name in KINDS},
    }
    note(world, "contracts", contract_id)
    return contract_id


def update_contract(world: World, contract_id: int, fields: Record) -> None:
    """Change the given fields, and within the contract's own kind the given terms; rates cannot change."""
    contract = find(world, "contracts", contract_id)
    contract.update({key: fields[key] for key in _HEAD if fields.get(key) is not None})
    kind = contract["ContractType"]
    terms: Record = fields.get(f"{kind}Contract") or {}
    changed = {key: terms[key] for key in _PLAIN[kind] if terms.get(key) is not None}
    contract[f"{kind}Contract"] = (contract[f"{kind}Contract"] or {}) | changed
    note(world, "contracts", contract_id)


def _terms(world: World, kind: str, fields: Record) -> Record:
    rates = {shown: _rate(world, fields.get(named)) for shown, named in _RATES[kind].items()}
    plain = {key: fields.get(key, default) for key, default in _PLAIN[kind].items()}
    more: Record = {}
    if kind in _WITH_ADDITIONAL:
        wanted: list[int] = fields.get("AdditionalRateIDs") or []
        more["AdditionalRates"] = [_rate(world, rate_id) for rate_id in wanted]
    if kind == "BlockMoney":
        more["Amount"] = (rates["ContractAmount"] or {}).get("Amount")
    return rates | plain | more


def _rate(world: World, rate_id: int | None) -> Record | None:
    if rate_id is None:
        return None
    rate = world.products.get(rate_id) or world.expenses.get(rate_id)
    if rate is None:
        raise Refused(f"Rate {rate_id} was not found")
    return dict(rate)
