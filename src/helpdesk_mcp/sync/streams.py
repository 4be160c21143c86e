"""The table of streams, in the order in which they run: what an engineer asks for first comes first.

To mirror another kind of record, add a row here, its wire model, its table and its row function.
"""

from datetime import timedelta

from sqlalchemy import and_, false, func

from helpdesk_mcp.atera import wire
from helpdesk_mcp.store import tables
from helpdesk_mcp.sync import rows
from helpdesk_mcp.sync.conversations import Threads
from helpdesk_mcp.sync.facts import Facts
from helpdesk_mcp.sync.late import late_time
from helpdesk_mcp.sync.live import live_tickets
from helpdesk_mcp.sync.passes import Delta, OpenSet, plain_list, sweep
from helpdesk_mcp.sync.rows.machines import PRODUCT_KEYS
from helpdesk_mcp.sync.stream import Kind, Stream
from helpdesk_mcp.sync.windows import Past, Recent

HALF_HOUR = timedelta(minutes=30)
THIRD_CYCLE = timedelta(minutes=15)
HOURLY = timedelta(hours=1)
NIGHTLY = timedelta(hours=24)
WEEKLY = timedelta(days=7)
MONTH = 35
"""Days of time entries that are read again every night."""

ACCOUNT = Kind(wire.Account, tables.account, rows.account_row, "AccountID")
CUSTOMER = Kind(wire.Customer, tables.customer, rows.customer_row, "CustomerID", by_id="customers")
CONTACT = Kind(wire.Contact, tables.contact, rows.contact_row, "EndUserID", by_id="contacts")
CONTRACT = Kind(wire.Contract, tables.contract, rows.contract_row, "ContractID", by_id="contracts")
TICKET = Kind(
    wire.Ticket,
    tables.ticket,
    rows.ticket_row,
    "TicketID",
    by_id="tickets",
    sightings=rows.ticket_sightings,
)
TIME_ENTRY = Kind(
    wire.WorkHour,
    tables.time_entry,
    rows.time_entry_row,
    "WorkHoursID",
    sightings=rows.time_entry_sightings,
)
ALERT = Kind(wire.Alert, tables.alert, rows.alert_row, "AlertID", by_id="alerts")
MACHINE = Kind(wire.Agent, tables.machine, rows.machine_row, "AgentID", by_id="agents", secrets=PRODUCT_KEYS)
ARTICLE = Kind(wire.KnowledgeBaseArticle, tables.article, rows.article_row, "KBID")
CUSTOM_FIELD = Kind(wire.CustomField, tables.custom_field, rows.custom_field_row, "Name")
COMMENT = Kind(wire.Comment, tables.ticket_comment, dict, "Date")
"""Stored thread by thread, so it has no row function."""

CUSTOM_VALUE = Kind(wire.CustomValue, tables.custom_value, dict, "FieldName")
"""Stored machine by machine, so it has no row function."""

_CHANGED_PEOPLE = Delta("FromLastModifiedDate", in_account_zone=True)
_IS_SNOOZED = func.coalesce(tables.alert.c.snoozed_until > func.now(), false())
_OPEN_ALERT = and_(~tables.alert.c.is_archived, ~_IS_SNOOZED)
_SNOOZED_ALERT = and_(~tables.alert.c.is_archived, _IS_SNOOZED)

STREAMS: tuple[Stream, ...] = (
    Stream("account", "account", ACCOUNT, plain_list, NIGHTLY),
    Stream("customers", "customers", CUSTOMER, _CHANGED_PEOPLE, params={"SortBy": "LastModified"}),
    Stream("contacts", "contacts", CONTACT, _CHANGED_PEOPLE, params={"SortBy": "LastModified"}),
    Stream(
        "tickets",
        "tickets/lastmodified",
        TICKET,
        Delta("date", first="tickets", created="TicketCreatedDate"),
        # Without it the last comments are missing, by which we see that somebody spoke.
        params={"includeComments": True},
    ),
    Stream("conversations", "tickets/{id}/comments", COMMENT, Threads(history=False)),
    Stream("alerts", "alerts", ALERT, OpenSet({"alertStatus": "Open"}, _OPEN_ALERT, loads_history=True)),
    Stream("machines", "agents", MACHINE, sweep, HALF_HOUR),
    Stream(
        "time_entries",
        "workhours",
        TIME_ENTRY,
        Recent(days=2, loads_history=True),
        THIRD_CYCLE,
        params={"includeRates": True},
    ),
    Stream("contracts", "contracts", CONTRACT, sweep, NIGHTLY),
    Stream("articles", "knowledgebases", ARTICLE, sweep, NIGHTLY),
    Stream("custom_fields", "customvalues/customfields", CUSTOM_FIELD, plain_list, NIGHTLY),
    Stream("tickets.live", "tickets", TICKET, live_tickets, HOURLY),
    Stream("alerts.snoozed", "alerts", ALERT, OpenSet({"alertStatus": "Snoozed"}, _SNOOZED_ALERT), HOURLY),
    Stream("customers.full", "customers", CUSTOMER, sweep, NIGHTLY),
    Stream("contacts.full", "contacts", CONTACT, sweep, NIGHTLY),
    Stream(
        "time_entries.month", "workhours", TIME_ENTRY, Recent(MONTH), NIGHTLY, params={"includeRates": True}
    ),
    Stream("time_entries.past", "workhours", TIME_ENTRY, Past(MONTH), NIGHTLY, params={"includeRates": True}),
    Stream("alerts.full", "alerts", ALERT, sweep, WEEKLY),
    Stream("tickets.full", "tickets", TICKET, sweep, WEEKLY),
    # Behind all that may tell of it or bring it.
    Stream("time_entries.late", "tickets/{id}/workhoursrecords", TIME_ENTRY, late_time, THIRD_CYCLE),
    Stream("machines.facts", "customvalues/agentfields/{id}", CUSTOM_VALUE, Facts(), is_background=True),
    Stream(
        "conversations.history", "tickets/{id}/comments", COMMENT, Threads(history=True), is_background=True
    ),
)
