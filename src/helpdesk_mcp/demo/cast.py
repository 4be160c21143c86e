"""Who plays in the tour: an engineer, tickets and a customer worth showing, chosen from what was synced."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.store.tables import contact, technician, ticket, ticket_comment

_THREAD = (5, 12)
"""Comments of the ticket that is shown: enough to be a conversation, few enough to read."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Names and numbers for the questions."""

    engineer: str
    customer: str
    ticket: str
    """Number of an open ticket of the engineer, with public and internal comments."""
    contact: str
    """Mail address of a contact of the customer."""
    colleague: str
    """Another engineer."""
    hostile: str | None
    """Number of a ticket whose text tries to give orders, if there is one among the loaded."""


async def choose(engine: AsyncEngine, hostile_titles: tuple[str, ...]) -> Cast:
    """Return the cast; the database must hold open tickets with their conversations."""
    async with engine.connect() as connection:
        engineer, customer = (await connection.execute(_busiest())).one()
        number = (await connection.execute(_conversation(engineer))).scalar() or (
            await connection.execute(_conversation(None))
        ).scalar_one()
        hostile = await connection.execute(
            select(ticket.c.number).where(ticket.c.title.in_(hostile_titles)).limit(1)
        )
        address = (await connection.execute(_contact(customer))).scalar_one()
        colleague = (await connection.execute(_colleague(engineer))).scalar_one()
        return Cast(engineer, customer, number, address, colleague, hostile.scalar())


def _busiest() -> Select[str, str]:
    return (
        select(ticket.c.technician_name, func.min(ticket.c.customer_name))
        .where(ticket.c.is_open, ticket.c.technician_id > 0)
        .group_by(ticket.c.technician_name)
        .order_by(func.count().desc(), ticket.c.technician_name)
        .limit(1)
    )


def _contact(customer: str) -> Select[str]:
    email = contact.c.email
    known = contact.c.customer_name == customer, email.is_not(None), contact.c.deleted_at.is_(None)
    return select(email).where(*known).order_by(contact.c.full_name).limit(1)


def _colleague(engineer: str) -> Select[str]:
    return select(technician.c.name).where(technician.c.name != engineer).order_by(technician.c.name).limit(1)


def _conversation(engineer: str | None) -> Select[str]:
    internal = func.count().filter(ticket_comment.c.is_internal)
    public = func.count().filter(~ticket_comment.c.is_internal)
    statement = (
        select(ticket.c.number)
        .join(ticket_comment, ticket_comment.c.ticket_id == ticket.c.id)
        .where(ticket.c.is_open)
        .group_by(ticket.c.id)
        .having(internal > 0, public > 2, func.count().between(*_THREAD))  # noqa: PLR2004 - a reply and an answer to it
        .order_by(ticket.c.created_at.desc())
        .limit(1)
    )
    return statement if engineer is None else statement.where(ticket.c.technician_name == engineer)
