"""Customers, their contacts and contracts, and the rates that contracts and time entries name."""

from helpdesk_mcp.atera.wire.record import Flag, Real, Record, Text, Whole
from helpdesk_mcp.atera.wire.times import Moment


class Customer(Record):
    """A customer. There is no archived flag: a deleted one vanishes from the list."""

    CustomerID: int
    CustomerName: Text = None
    CreatedOn: Moment = None
    LastModified: Moment = None
    BusinessNumber: Text = None
    Domain: Text = None
    Address: Text = None
    City: Text = None
    State: Text = None
    Country: Text = None
    Phone: Text = None
    Fax: Text = None
    Notes: Text = None
    Logo: Text = None
    Links: Text = None
    Longitude: Real = None
    Latitude: Real = None
    ZipCodeStr: Text = None


class Contact(Record):
    """A person at a customer."""

    EndUserID: int
    CustomerID: Whole = None
    CustomerName: Text = None
    Firstname: Text = None
    Lastname: Text = None
    JobTitle: Text = None
    Email: Text = None
    Phone: Text = None
    MobilePhone: Text = None
    IsContactPerson: Flag = None
    InIgnoreMode: Flag = None
    CreatedOn: Moment = None
    LastModified: Moment = None
    Archived: Flag = None
    DepartmentID: Whole = None
    DepartmentName: Text = None
    DefaultAgentId: Whole = None


class Rate(Record):
    """A product or an expense with its price. The currency is not told."""

    RateID: int
    Amount: Real = None
    Description: Text = None
    SKU: Text = None
    Category: Text = None


Price = Rate | None
Prices = list[Rate] | None


class ContractTerms(Record):
    """What one of a contract's eight objects says: each kind fills its own part of these fields."""

    BillingPeriod: Text = None
    Quantity: Real = None
    Rate: Price = None
    PrimaryRate: Price = None
    AdditionalRates: Prices = None
    HoursIncluded: Real = None
    """Hours per billing period. What is left of them is told nowhere."""
    PricePerHour: Price = None
    OverageRate: Price = None
    CommitRollover: Flag = None
    Amount: Real = None
    ContractAmount: Price = None
    RatePerDevice: Price = None
    RatePerGB: Price = None
    CountBy: Text = None
    TotalAmount: Price = None


class Contract(Record):
    """A contract of a customer."""

    ContractID: int
    CustomerID: Whole = None
    CustomerName: Text = None
    ContractName: Text = None
    ContractType: Text = None
    """Names the object that is filled, without its ending `Contract`."""
    Active: Flag = None
    Default: Flag = None
    Taxable: Flag = None
    StartDate: Moment = None
    EndDate: Moment = None
    RetainerFlatFeeContract: ContractTerms | None = None
    HourlyContract: ContractTerms | None = None
    BlockHoursContract: ContractTerms | None = None
    BlockMoneyContract: ContractTerms | None = None
    RemoteMonitoringContract: ContractTerms | None = None
    OnlineBackupContract: ContractTerms | None = None
    ProjectOneTimeFeeContract: ContractTerms | None = None
    ProjectHourlyRateContract: ContractTerms | None = None

    @property
    def terms(self) -> ContractTerms | None:
        """The object that the type names; None for a type outside the documented eight or an empty one."""
        return getattr(self, f"{self.ContractType}Contract", None)
