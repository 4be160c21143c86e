"""Tickets, their conversations, the time spent on them, what changed when; and the knowledge base."""

from sqlalchemy import BigInteger, Boolean, Column, Computed, DateTime, Double, Index, Integer, Table
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT

from .base import MIRROR, identifier, metadata, moment, record_columns, search, text

CLOSED_STATUSES = ("Resolved", "Closed", "Deleted")
"""The built-in statuses of a ticket nobody works on. Every other one, also a tenant's own, counts as open."""

_IS_OPEN = "status NOT IN ('Resolved', 'Closed', 'Deleted')"

ticket = Table(
    "ticket",
    metadata,
    identifier("id", "TicketID: what every call of the API wants", primary_key=True),
    text("number", "TicketNumber: what people say and the UI shows; not the id", nullable=False),
    text("title", "TicketTitle", nullable=False),
    text("description", "FirstComment as plain text", nullable=False),
    Column(
        "hidden",
        ARRAY(TEXT),
        comment="what the description's source hides from a reader, in words; null: nothing",
    ),
    text(
        "status", "TicketStatus: Open, Pending, Resolved, Closed, Deleted or a tenant's own", nullable=False
    ),
    text("priority", "TicketPriority: Low, Medium, High, Critical"),
    text("impact", "TicketImpact: NoImpact, SiteDown, ServerIssue, Minor, Major, Crisis"),
    text("type", "TicketType: Incident, Problem, Request, Change"),
    text("source", "TicketSource"),
    identifier("customer_id", "CustomerID", nullable=True),
    text("customer_name", "CustomerName"),
    identifier("contact_id", "EndUserID", nullable=True),
    text("contact_name", "EndUserFirstName and EndUserLastName"),
    text("contact_email", "EndUserEmail"),
    text("contact_phone", "EndUserPhone"),
    identifier(
        "technician_id", "TechnicianContactID; null: unassigned, -1: Atera's Autopilot", nullable=True
    ),
    text("technician_name", "TechnicianFullName; null where Atera says empty or a dot"),
    identifier("contract_id", "ContractID", nullable=True),
    moment("created_at", "TicketCreatedDate", nullable=False),
    moment("resolved_at", "TicketResolvedDate"),
    moment("first_response_due_at", "FirstResponseDueDate"),
    moment("due_at", "ClosedTicketDueDate"),
    moment("first_response_at", "TechnicianFirstCommentDate"),
    moment("last_contact_comment_at", "LastEndUserCommentTimestamp"),
    moment("last_technician_comment_at", "LastTechnicianCommentTimestamp"),
    moment("field_changed_at", "when the sync last saw one of the fields of ticket_history change"),
    Column("on_site_minutes", Integer, comment="OnSiteDurationMinutes"),
    Column("off_site_minutes", Integer, comment="OffSiteDurationMinutes"),
    Column("total_minutes", Integer, comment="TotalDurationMinutes"),
    moment("thread_read_at", "moment before the conversation was last read as a whole; null: not yet"),
    Column(
        "thread_due",
        Boolean,
        server_default=sql("true"),
        comment="the conversation changed or was never read: the sync must read it",
        nullable=False,
    ),
    Column(
        "time_due",
        Boolean,
        server_default=sql("false"),
        comment="the minutes changed: unless the time entries explain it, the sync must read them",
        nullable=False,
    ),
    Column(
        "is_open",
        Boolean,
        Computed(_IS_OPEN, persisted=True),
        comment="status is none of Resolved, Closed, Deleted",
    ),
    Column(
        "active_at",
        DateTime(timezone=True),
        Computed(
            "greatest(created_at, resolved_at, last_contact_comment_at, last_technician_comment_at, field_changed_at)",
            persisted=True,
        ),
        comment="newest thing known to have happened; Atera shows no modified stamp",
    ),
    search(
        "setweight(to_tsvector('simple', left(title, 1000)), 'A') || "
        "setweight(to_tsvector('simple', left(description, 100000)), 'B')"
    ),
    *record_columns(),
    Index(None, "number"),
    Index("ix_ticket_created", sql("created_at DESC"), "id"),
    Index("ix_ticket_active", sql("active_at DESC"), "id"),
    Index("ix_ticket_customer_created", "customer_id", sql("created_at DESC")),
    Index("ix_ticket_contact_created", "contact_id", sql("created_at DESC")),
    Index("ix_ticket_technician_created", "technician_id", sql("created_at DESC")),
    # Holds all that a count by status needs, so that the tickets themselves need not be read.
    Index(
        "ix_ticket_status_created",
        "status",
        sql("created_at DESC"),
        postgresql_where=sql("deleted_at IS NULL"),
    ),
    Index("ix_ticket_resolved", sql("resolved_at DESC"), postgresql_where=sql("resolved_at IS NOT NULL")),
    Index(
        "ix_ticket_open_technician",
        "technician_id",
        sql("created_at DESC"),
        postgresql_where=sql("is_open AND deleted_at IS NULL"),
    ),
    Index(
        "ix_ticket_open_created",
        sql("created_at DESC"),
        postgresql_where=sql("is_open AND deleted_at IS NULL"),
    ),
    Index("ix_ticket_open_due", "due_at", postgresql_where=sql("is_open")),
    Index("ix_ticket_open_active", "active_at", postgresql_where=sql("is_open")),
    Index(
        "ix_ticket_thread_due",
        sql("is_open DESC"),
        sql("created_at DESC"),
        postgresql_where=sql("thread_due"),
    ),
    Index("ix_ticket_time_due", "id", postgresql_where=sql("time_due")),
    # Of closed ones, the conversation that was read longest ago.
    Index(
        "ix_ticket_thread_read",
        "thread_read_at",
        postgresql_where=sql("NOT thread_due AND NOT is_open AND deleted_at IS NULL"),
    ),
    Index("ix_ticket_search", "search", postgresql_using="gin"),
    schema=MIRROR,
    comment="A ticket. Deleted ones stay, with status Deleted, as in Atera",
)

ticket_comment = Table(
    "ticket_comment",
    metadata,
    Column(
        "key",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="hash of ticket, date, author, text and repeat",
    ),
    identifier("ticket_id", "TicketID", nullable=False),
    moment("at", "Date", nullable=False),
    text("author_kind", "technician, contact or system", nullable=False),
    identifier("author_id", "TechnicianContactID or EndUserID", nullable=True),
    text("author_name", "FirstName and LastName, else the mail address"),
    text("author_email", "Email"),
    Column("is_internal", Boolean, nullable=False, comment="IsInternal: true is never seen by the customer"),
    text(
        "body", "Comment or CommentHtml as plain text, quoted tails and signatures included", nullable=False
    ),
    text("source", "the text as Atera sent it where it is more than body, else null"),
    Column("hidden", ARRAY(TEXT), comment="what the source hides from a reader, in words; null: nothing"),
    Column("extra", JSONB, comment="fields of the record that have no column, or null"),
    moment("deleted_at", "when the ticket's conversation no longer held it, or null"),
    search("to_tsvector('simple', left(body, 100000))"),
    Index("ix_ticket_comment_ticket", "ticket_id", "at"),
    Index("ix_ticket_comment_search", "search", postgresql_using="gin"),
    schema=MIRROR,
    comment="One message of a ticket's conversation. Atera gives comments no id and cannot change them",
)

time_entry = Table(
    "time_entry",
    metadata,
    identifier("id", "WorkHoursID", primary_key=True),
    identifier("ticket_id", "TicketID", nullable=False),
    identifier("customer_id", "CustomerID", nullable=True),
    identifier("contact_id", "EndUserID", nullable=True),
    identifier("technician_id", "TechnicianContactID", nullable=True),
    text("technician_name", "TechnicianFullName"),
    moment("started_at", "StartWorkHour"),
    moment("ended_at", "EndWorkHour"),
    Column("is_billable", Boolean, comment="Billiable, spelled so by Atera"),
    Column("is_on_site", Boolean, comment="OnCustomerSite: true on-site, false off-site"),
    text("description", "Description"),
    Column("rate_id", Integer, comment="RateID"),
    Column("rate_amount", Double, comment="RateAmount, in the account's currency per hour"),
    *record_columns(),
    Index(None, "ticket_id"),
    Index(None, "technician_id", "started_at"),
    Index(None, "started_at"),
    schema=MIRROR,
    comment="Time a technician worked on a ticket (Atera: work hours)",
)

ticket_history = Table(
    "ticket_history",
    metadata,
    Column("id", BigInteger, primary_key=True, comment="ours, in order of observation"),
    identifier("ticket_id", "TicketID", nullable=False),
    moment("seen_at", "moment before Atera was asked for the version that differed", nullable=False),
    text(
        "field",
        "column of ticket: status, priority, impact, type, title, technician_name, contact_name, due_at",
        nullable=False,
    ),
    text("old", "value before, as text; null: none"),
    text("new", "value after, as text; null: none"),
    Index(None, "ticket_id", "seen_at"),
    Index(None, "seen_at"),
    schema=MIRROR,
    comment="Changes of a ticket's fields, from differences between two readings: Atera keeps its own to itself",
)

article = Table(
    "article",
    metadata,
    identifier("id", "KBID", primary_key=True),
    text("title", "KBProduct", nullable=False),
    text("body", "KBContext as plain text", nullable=False),
    text("keywords", "KBKeywords"),
    text("section", "SectionName"),
    text("category", "CategoryName"),
    text("url", "KBAddress"),
    Column("is_private", Boolean, comment="KBIsPrivate"),
    Column("views", Integer, comment="KBRating_Views"),
    moment("created_at", "KBTimestamp"),
    moment("modified_at", "KBLastModified"),
    search(
        "setweight(to_tsvector('simple', left(title, 1000) || ' ' || left(coalesce(keywords, ''), 1000)), 'A') || "
        "setweight(to_tsvector('simple', left(body, 100000)), 'B')"
    ),
    *record_columns(),
    Index("ix_article_search", "search", postgresql_using="gin"),
    schema=MIRROR,
    comment="An article of the knowledge base",
)
