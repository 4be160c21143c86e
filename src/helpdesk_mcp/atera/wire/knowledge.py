"""What people wrote down: knowledge-base articles, and the custom fields of everything with their values."""

from helpdesk_mcp.atera.wire.record import Flag, Real, Record, Text, Whole
from helpdesk_mcp.atera.wire.times import Moment

UNSET_VALUE_ID = "00000000-0000-0000-0000-000000000000"
"""`CustomValue.Id` of a field that nobody has filled (seen on a live account in 2020)."""


class KnowledgeBaseArticle(Record):
    """An article."""

    KBID: int
    KBTimestamp: Moment = None
    KBContext: Text = None
    """The body, HTML."""
    KBProduct: Text = None
    """The title."""
    KBRating_Yes: Whole = None
    KBRating_No: Whole = None
    KBRating_Views: Whole = None
    KBLastModified: Moment = None
    KBIsPrivate: Flag = None
    KBStatus: Whole = None
    KBPriority: Whole = None
    KBKeywords: Text = None
    KBAddress: Text = None
    SectionId: Text = None
    SectionName: Text = None
    CategoryId: Text = None
    CategoryName: Text = None


class FieldOption(Record):
    """A choice of a custom field."""

    Value: str | None = None
    Text: str | None = None
    ParentName: str | None = None


class CustomField(Record):
    """The definition of a custom field. Name and Target together are its key."""

    Name: str
    Target: Text = None
    """Customer, Ticket, Contact, Contract, SLA, Agent, SNMPDevice, TCPDevice, HTTPDevice, GenericDevice."""
    DataType: Text = None
    """Text, Boolean, Numeric, Date, Options, OptionsWithDependencies."""
    PossibleValues: list[FieldOption] | None = None
    ParentAttributeName: Text = None


class CustomValue(Record):
    """The value of a custom field for one ticket, machine and so on."""

    ItemId: int
    FieldName: str
    Id: Text = None
    ValueAsString: Text = None
    ValueAsDecimal: Real = None
    ValueAsDateTime: Moment = None
    ValueAsBool: Flag = None
    OptionId: Text = None
