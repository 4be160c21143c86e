"""Tickets, what was said in them and the time spent on them."""

from helpdesk_mcp.atera.wire.record import Flag, Real, Record, Text, Whole
from helpdesk_mcp.atera.wire.times import KnownMoment, Moment


class Ticket(Record):
    """A ticket. It carries no modified stamp: "changed since" is only known to `tickets/lastmodified`."""

    TicketID: int
    """The key of every call. What people say aloud is TicketNumber."""
    TicketTitle: Text = None
    TicketNumber: Text = None
    TicketPriority: Text = None
    TicketImpact: Text = None
    TicketStatus: Text = None
    """Open, Pending, Resolved, Closed, Deleted, and whatever names the tenant made."""
    TicketSource: Text = None
    TicketType: Text = None
    EndUserID: Whole = None
    EndUserEmail: Text = None
    EndUserFirstName: Text = None
    EndUserLastName: Text = None
    EndUserPhone: Text = None
    TicketResolvedDate: Moment = None
    TicketCreatedDate: Moment = None
    TechnicianFirstCommentDate: Moment = None
    FirstResponseDueDate: Moment = None
    ClosedTicketDueDate: Moment = None
    FirstResponseFinalDueDate: Moment = None
    """Since July 2026."""
    ClosedTicketFinalDueDate: Moment = None
    """Since July 2026."""
    FirstComment: Text = None
    """The description. May be HTML."""
    LastEndUserComment: Text = None
    """Like the three below it, `tickets/lastmodified` sends it only with includeComments=true."""
    LastEndUserCommentTimestamp: Moment = None
    LastTechnicianComment: Text = None
    LastTechnicianCommentTimestamp: Moment = None
    OnSiteDurationSeconds: Whole = None
    """All durations of a ticket are deprecated since June 2026 in favour of its work hours."""
    OnSiteDurationMinutes: Whole = None
    OffSiteDurationSeconds: Whole = None
    OffSiteDurationMinutes: Whole = None
    OnSLADurationSeconds: Whole = None
    OnSLADurationMinutes: Whole = None
    OffSLADurationSeconds: Whole = None
    OffSLADurationMinutes: Whole = None
    TotalDurationSeconds: Whole = None
    TotalDurationMinutes: Whole = None
    CustomerID: Whole = None
    CustomerName: Text = None
    CustomerBusinessNumber: Text = None
    TechnicianContactID: Whole = None
    """None: nobody; -1: Atera's Autopilot."""
    TechnicianFullName: Text = None
    """May be "" or "." where nobody is assigned."""
    TechnicianEmail: Text = None
    ContractID: Whole = None
    RelationType: Text = None
    """Only meant when includeRelations was asked for."""
    RelatedTicketId: Whole = None


class Comment(Record):
    """One entry of a conversation. Atera gives it no id and no modified stamp."""

    Date: KnownMoment
    Comment: Text = None
    CommentHtml: Text = None
    EndUserID: Whole = None
    """Set when a contact wrote it."""
    TechnicianContactID: Whole = None
    """Set when a technician wrote it."""
    Email: Text = None
    FirstName: Text = None
    LastName: Text = None
    IsInternal: Flag = None
    """True: an internal note. Must be known before the text is shown to anybody outside."""


class TicketWorkHour(Record):
    """A time entry as `tickets/{id}/workhoursrecords` gives it."""

    WorkHoursID: int
    TicketID: int
    StartWorkHour: Moment = None
    EndWorkHour: Moment = None
    TechnicianContactID: Whole = None
    Billiable: Flag = None
    """Spelled so by Atera, in every version."""
    OnCustomerSite: Flag = None
    Description: Text = None
    TechnicianFullName: Text = None
    TechnicianEmail: Text = None
    RateID: Whole = None
    RateAmount: Real = None


class WorkHour(TicketWorkHour):
    """A time entry as the global `workhours` gives it. Rates come only with includeRates=true."""

    CustomerID: Whole = None
    EndUserID: Whole = None
