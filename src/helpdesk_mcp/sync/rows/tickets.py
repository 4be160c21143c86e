"""Tickets, time entries and the knowledge base, and the technicians they name."""

from collections.abc import Iterator
from datetime import datetime

from helpdesk_mcp.atera import wire
from helpdesk_mcp.store.payloads import Row
from helpdesk_mcp.sync.rows.values import joined, needed, person_name
from helpdesk_mcp.text import inspect_hidden, to_plain


def ticket_row(record: wire.Ticket) -> Row:
    """Return a row of ticket, without what the store adds itself."""
    source = record.FirstComment or ""
    return {
        "id": record.TicketID,
        "number": record.TicketNumber or str(record.TicketID),
        "title": record.TicketTitle or "",
        "description": to_plain(source),
        "hidden": list(inspect_hidden(source)) or None,
        "status": needed(record.TicketStatus, "TicketStatus"),
        "priority": record.TicketPriority,
        "impact": record.TicketImpact,
        "type": record.TicketType,
        "source": record.TicketSource,
        "customer_id": record.CustomerID,
        "customer_name": record.CustomerName,
        "contact_id": record.EndUserID,
        "contact_name": joined(record.EndUserFirstName, record.EndUserLastName),
        "contact_email": record.EndUserEmail,
        "contact_phone": record.EndUserPhone,
        "technician_id": record.TechnicianContactID,
        "technician_name": person_name(record.TechnicianFullName),
        "contract_id": record.ContractID,
        "created_at": needed(record.TicketCreatedDate, "TicketCreatedDate"),
        "resolved_at": record.TicketResolvedDate,
        "first_response_due_at": record.FirstResponseDueDate,
        "due_at": record.ClosedTicketDueDate,
        "first_response_at": record.TechnicianFirstCommentDate,
        "last_contact_comment_at": record.LastEndUserCommentTimestamp,
        "last_technician_comment_at": record.LastTechnicianCommentTimestamp,
        "on_site_minutes": record.OnSiteDurationMinutes,
        "off_site_minutes": record.OffSiteDurationMinutes,
        "total_minutes": record.TotalDurationMinutes,
    }


def ticket_sightings(record: wire.Ticket) -> Iterator[Row]:
    """Yield the technician a ticket is assigned to, as a row of technician."""
    yield from sighting(
        record.TechnicianContactID,
        record.TechnicianFullName,
        record.TechnicianEmail,
        record.TicketCreatedDate,
    )


def time_entry_row(record: wire.WorkHour) -> Row:
    """Return a row of time_entry."""
    return {
        "id": record.WorkHoursID,
        "ticket_id": record.TicketID,
        "customer_id": record.CustomerID,
        "contact_id": record.EndUserID,
        "technician_id": record.TechnicianContactID,
        "technician_name": person_name(record.TechnicianFullName),
        "started_at": record.StartWorkHour,
        "ended_at": record.EndWorkHour,
        "is_billable": record.Billiable,
        "is_on_site": record.OnCustomerSite,
        "description": record.Description,
        "rate_id": record.RateID,
        "rate_amount": record.RateAmount,
    }


def time_entry_sightings(record: wire.TicketWorkHour) -> Iterator[Row]:
    """Yield the technician who worked, as a row of technician."""
    yield from sighting(
        record.TechnicianContactID, record.TechnicianFullName, record.TechnicianEmail, record.StartWorkHour
    )


def article_row(record: wire.KnowledgeBaseArticle) -> Row:
    """Return a row of article."""
    return {
        "id": record.KBID,
        "title": record.KBProduct or "",
        "body": to_plain(record.KBContext or ""),
        "keywords": record.KBKeywords,
        "section": record.SectionName,
        "category": record.CategoryName,
        "url": record.KBAddress,
        "is_private": record.KBIsPrivate,
        "views": record.KBRating_Views,
        "created_at": record.KBTimestamp,
        "modified_at": record.KBLastModified,
    }


def sighting(
    technician_id: int | None, name: str | None, email: str | None, at: datetime | None
) -> Iterator[Row]:
    """Yield a row of technician where a person is named; -1 is Atera's Autopilot."""
    known = person_name(name)
    if technician_id is not None and technician_id > 0 and known and at is not None:
        yield {"id": technician_id, "name": known, "email": email or None, "last_seen_at": at}
