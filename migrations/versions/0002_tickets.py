"""Make tickets, their conversations, time and history, and the knowledge base.

Must leave the previous version of the code working: there is none yet.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger()
INT = sa.Integer()
FLAG = sa.Boolean()

# Default statistics know about 1,000 words: a search for a word that is nowhere would walk the whole table.
STATISTICS = "ALTER TABLE mirror.{} ALTER COLUMN search SET STATISTICS 1000"


def upgrade() -> None:
    _tickets()
    _conversations()
    _time_entries()
    _history()
    _articles()
    for table in ("ticket", "ticket_comment", "article"):
        op.execute(STATISTICS.format(table))


def downgrade() -> None:
    op.drop_table("article", schema="mirror")
    op.drop_table("ticket_history", schema="mirror")
    op.drop_table("time_entry", schema="mirror")
    op.drop_table("ticket_comment", schema="mirror")
    op.drop_table("ticket", schema="mirror")


def _tickets() -> None:
    op.create_table(
        "ticket",
        Column(
            "id",
            ID,
            autoincrement=False,
            nullable=False,
            comment="TicketID: what every call of the API wants",
        ),
        Column(
            "number",
            TEXT,
            nullable=False,
            comment="TicketNumber: what people say and the UI shows; not the id",
        ),
        Column("title", TEXT, nullable=False, comment="TicketTitle"),
        Column("description", TEXT, nullable=False, comment="FirstComment as plain text"),
        Column(
            "hidden",
            ARRAY(TEXT),
            comment="what the description's source hides from a reader, in words; null: nothing",
        ),
        Column(
            "status",
            TEXT,
            nullable=False,
            comment="TicketStatus: Open, Pending, Resolved, Closed, Deleted or a tenant's own",
        ),
        Column("priority", TEXT, comment="TicketPriority: Low, Medium, High, Critical"),
        Column("impact", TEXT, comment="TicketImpact: NoImpact, SiteDown, ServerIssue, Minor, Major, Crisis"),
        Column("type", TEXT, comment="TicketType: Incident, Problem, Request, Change"),
        Column("source", TEXT, comment="TicketSource"),
        Column("customer_id", ID, autoincrement=False, comment="CustomerID"),
        Column("customer_name", TEXT, comment="CustomerName"),
        Column("contact_id", ID, autoincrement=False, comment="EndUserID"),
        Column("contact_name", TEXT, comment="EndUserFirstName and EndUserLastName"),
        Column("contact_email", TEXT, comment="EndUserEmail"),
        Column("contact_phone", TEXT, comment="EndUserPhone"),
        Column(
            "technician_id",
            ID,
            autoincrement=False,
            comment="TechnicianContactID; null: unassigned, -1: Atera's Autopilot",
        ),
        Column("technician_name", TEXT, comment="TechnicianFullName; null where Atera says empty or a dot"),
        Column("contract_id", ID, autoincrement=False, comment="ContractID"),
        Column("created_at", MOMENT, nullable=False, comment="TicketCreatedDate"),
        Column("resolved_at", MOMENT, comment="TicketResolvedDate"),
        Column("first_response_due_at", MOMENT, comment="FirstResponseDueDate"),
        Column("due_at", MOMENT, comment="ClosedTicketDueDate"),
        Column("first_response_at", MOMENT, comment="TechnicianFirstCommentDate"),
        Column("last_contact_comment_at", MOMENT, comment="LastEndUserCommentTimestamp"),
        Column("last_technician_comment_at", MOMENT, comment="LastTechnicianCommentTimestamp"),
        Column(
            "field_changed_at",
            MOMENT,
            comment="when the sync last saw one of the fields of ticket_history change",
        ),
        Column("on_site_minutes", INT, comment="OnSiteDurationMinutes"),
        Column("off_site_minutes", INT, comment="OffSiteDurationMinutes"),
        Column("total_minutes", INT, comment="TotalDurationMinutes"),
        Column(
            "thread_read_at",
            MOMENT,
            comment="moment before the conversation was last read as a whole; null: not yet",
        ),
        Column(
            "thread_due",
            FLAG,
            server_default=sa.text("true"),
            nullable=False,
            comment="the conversation changed or was never read: the sync must read it",
        ),
        Column(
            "is_open",
            FLAG,
            sa.Computed("status NOT IN ('Resolved', 'Closed', 'Deleted')", persisted=True),
            comment="status is none of Resolved, Closed, Deleted",
        ),
        Column(
            "active_at",
            MOMENT,
            sa.Computed(
                "greatest(created_at, resolved_at, last_contact_comment_at, last_technician_comment_at, field_changed_at)",
                persisted=True,
            ),
            comment="newest thing known to have happened; Atera shows no modified stamp",
        ),
        Column(
            "search",
            TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('simple', left(title, 1000)), 'A') || setweight(to_tsvector('simple', left(description, 100000)), 'B')",
                persisted=True,
            ),
            comment="words of the row, without language rules (configuration simple)",
        ),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        schema="mirror",
        comment="A ticket. Deleted ones stay, with status Deleted, as in Atera",
    )
    op.create_index(
        "ix_ticket_active", "ticket", [sa.literal_column("active_at DESC"), "id"], schema="mirror"
    )
    op.create_index(
        "ix_ticket_contact_created",
        "ticket",
        ["contact_id", sa.literal_column("created_at DESC")],
        schema="mirror",
    )
    op.create_index(
        "ix_ticket_created", "ticket", [sa.literal_column("created_at DESC"), "id"], schema="mirror"
    )
    op.create_index(
        "ix_ticket_customer_created",
        "ticket",
        ["customer_id", sa.literal_column("created_at DESC")],
        schema="mirror",
    )
    op.create_index("ix_ticket_number", "ticket", ["number"], schema="mirror")
    op.create_index(
        "ix_ticket_open_active", "ticket", ["active_at"], schema="mirror", postgresql_where=sa.text("is_open")
    )
    op.create_index(
        "ix_ticket_open_created",
        "ticket",
        [sa.literal_column("created_at DESC")],
        schema="mirror",
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_ticket_open_due", "ticket", ["due_at"], schema="mirror", postgresql_where=sa.text("is_open")
    )
    op.create_index(
        "ix_ticket_open_technician",
        "ticket",
        ["technician_id", sa.literal_column("created_at DESC")],
        schema="mirror",
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_ticket_resolved",
        "ticket",
        [sa.literal_column("resolved_at DESC")],
        schema="mirror",
        postgresql_where=sa.text("resolved_at IS NOT NULL"),
    )
    op.create_index("ix_ticket_search", "ticket", ["search"], schema="mirror", postgresql_using="gin")
    op.create_index(
        "ix_ticket_status_created",
        "ticket",
        ["status", sa.literal_column("created_at DESC")],
        schema="mirror",
    )
    op.create_index(
        "ix_ticket_technician_created",
        "ticket",
        ["technician_id", sa.literal_column("created_at DESC")],
        schema="mirror",
    )
    op.create_index(
        "ix_ticket_thread_due",
        "ticket",
        [sa.literal_column("is_open DESC"), sa.literal_column("created_at DESC")],
        schema="mirror",
        postgresql_where=sa.text("thread_due"),
    )


def _conversations() -> None:
    op.create_table(
        "ticket_comment",
        Column(
            "key",
            ID,
            autoincrement=False,
            nullable=False,
            comment="hash of ticket, date, author, text and repeat",
        ),
        Column("ticket_id", ID, autoincrement=False, nullable=False, comment="TicketID"),
        Column("at", MOMENT, nullable=False, comment="Date"),
        Column("author_kind", TEXT, nullable=False, comment="technician, contact or system"),
        Column("author_id", ID, autoincrement=False, comment="TechnicianContactID or EndUserID"),
        Column("author_name", TEXT, comment="FirstName and LastName, else the mail address"),
        Column("author_email", TEXT, comment="Email"),
        Column("is_internal", FLAG, nullable=False, comment="IsInternal: true is never seen by the customer"),
        Column(
            "body",
            TEXT,
            nullable=False,
            comment="Comment or CommentHtml as plain text, quoted tails and signatures included",
        ),
        Column("source", TEXT, comment="the text as Atera sent it where it is more than body, else null"),
        Column("hidden", ARRAY(TEXT), comment="what the source hides from a reader, in words; null: nothing"),
        Column("extra", JSONB(), comment="fields of the record that have no column, or null"),
        Column("deleted_at", MOMENT, comment="when the ticket's conversation no longer held it, or null"),
        Column(
            "search",
            TSVECTOR(),
            sa.Computed("to_tsvector('simple', left(body, 100000))", persisted=True),
            comment="words of the row, without language rules (configuration simple)",
        ),
        sa.PrimaryKeyConstraint("key", name="pk_ticket_comment"),
        schema="mirror",
        comment="One message of a ticket's conversation. Atera gives comments no id and cannot change them",
    )
    op.create_index(
        "ix_ticket_comment_search", "ticket_comment", ["search"], schema="mirror", postgresql_using="gin"
    )
    op.create_index("ix_ticket_comment_ticket", "ticket_comment", ["ticket_id", "at"], schema="mirror")


def _time_entries() -> None:
    op.create_table(
        "time_entry",
        Column("id", ID, autoincrement=False, nullable=False, comment="WorkHoursID"),
        Column("ticket_id", ID, autoincrement=False, nullable=False, comment="TicketID"),
        Column("customer_id", ID, autoincrement=False, comment="CustomerID"),
        Column("contact_id", ID, autoincrement=False, comment="EndUserID"),
        Column("technician_id", ID, autoincrement=False, comment="TechnicianContactID"),
        Column("technician_name", TEXT, comment="TechnicianFullName"),
        Column("started_at", MOMENT, comment="StartWorkHour"),
        Column("ended_at", MOMENT, comment="EndWorkHour"),
        Column("is_billable", FLAG, comment="Billiable, spelled so by Atera"),
        Column("is_on_site", FLAG, comment="OnCustomerSite: true on-site, false off-site"),
        Column("description", TEXT, comment="Description"),
        Column("rate_id", INT, comment="RateID"),
        Column("rate_amount", sa.Double(), comment="RateAmount, in the account's currency per hour"),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_time_entry"),
        schema="mirror",
        comment="Time a technician worked on a ticket (Atera: work hours)",
    )
    op.create_index("ix_time_entry_started_at", "time_entry", ["started_at"], schema="mirror")
    op.create_index(
        "ix_time_entry_technician_id_started_at",
        "time_entry",
        ["technician_id", "started_at"],
        schema="mirror",
    )
    op.create_index("ix_time_entry_ticket_id", "time_entry", ["ticket_id"], schema="mirror")


def _history() -> None:
    op.create_table(
        "ticket_history",
        Column("id", ID, nullable=False, comment="ours, in order of observation"),
        Column("ticket_id", ID, autoincrement=False, nullable=False, comment="TicketID"),
        Column(
            "seen_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for the version that differed",
        ),
        Column(
            "field",
            TEXT,
            nullable=False,
            comment="column of ticket: status, priority, impact, type, title, technician_name, contact_name, due_at",
        ),
        Column("old", TEXT, comment="value before, as text; null: none"),
        Column("new", TEXT, comment="value after, as text; null: none"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_history"),
        schema="mirror",
        comment="Changes of a ticket's fields, from differences between two readings: Atera keeps its own to itself",
    )
    op.create_index("ix_ticket_history_seen_at", "ticket_history", ["seen_at"], schema="mirror")
    op.create_index(
        "ix_ticket_history_ticket_id_seen_at", "ticket_history", ["ticket_id", "seen_at"], schema="mirror"
    )


def _articles() -> None:
    op.create_table(
        "article",
        Column("id", ID, autoincrement=False, nullable=False, comment="KBID"),
        Column("title", TEXT, nullable=False, comment="KBProduct"),
        Column("body", TEXT, nullable=False, comment="KBContext as plain text"),
        Column("keywords", TEXT, comment="KBKeywords"),
        Column("section", TEXT, comment="SectionName"),
        Column("category", TEXT, comment="CategoryName"),
        Column("url", TEXT, comment="KBAddress"),
        Column("is_private", FLAG, comment="KBIsPrivate"),
        Column("views", INT, comment="KBRating_Views"),
        Column("created_at", MOMENT, comment="KBTimestamp"),
        Column("modified_at", MOMENT, comment="KBLastModified"),
        Column(
            "search",
            TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('simple', left(title, 1000) || ' ' || left(coalesce(keywords, ''), 1000)), 'A') || setweight(to_tsvector('simple', left(body, 100000)), 'B')",
                persisted=True,
            ),
            comment="words of the row, without language rules (configuration simple)",
        ),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        schema="mirror",
        comment="An article of the knowledge base",
    )
    op.create_index("ix_article_search", "article", ["search"], schema="mirror", postgresql_using="gin")
