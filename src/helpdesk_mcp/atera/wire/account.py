"""The account that a key belongs to."""

from helpdesk_mcp.atera.wire.record import Flag, Record, Text


class Account(Record):
    """`GET account`. The cheapest call there is, and the source of the account's time zone."""

    AccountID: Text = None
    CompanyName: Text = None
    CreatedOn: Text = None
    Country: Text = None
    State: Text = None
    City: Text = None
    Address: Text = None
    PostalCode: Text = None
    Phone: Text = None
    TimeZoneName: Text = None
    """Windows or IANA: see `account_zone`."""
    IsITDepartment: Flag = None
    """False for a managed-service provider."""
    Plan: Text = None
