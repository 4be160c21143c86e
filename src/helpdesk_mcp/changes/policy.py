"""What this deployment and this caller may change. Strict order: the deployment, then the caller's scopes, then the customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.sdk import Caller, Refused
from helpdesk_mcp.sdk.change import Step
from helpdesk_mcp.store import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The operator's switches."""

    reach: bool
    """Whether anything may leave the house: a reply to a customer."""
    customers: tuple[str, ...] | None
    """Names or ids of the customers whose records may be changed; None: all."""

    async def check(
        self, connection: AsyncConnection, caller: Caller, steps: Sequence[Step], customer_ids: Sequence[int]
    ) -> None:
        """Let a change pass, or raise Refused with what stands against it."""
        if "write" not in caller.scopes:
            raise Refused(
                "Your access only reads. Whoever runs this server can give you one with the scope write."
            )
        outward = next((step.reaches for step in steps if step.reaches), None)
        if outward and not self.reach:
            raise Refused(
                f"This would be sent to {outward}, and this server sends nothing outside: its operator has not set "
                "HELPDESK_REACH=on. An internal note is possible."
            )
        if outward and "reach" not in caller.scopes:
            raise Refused(
                f"This would be sent to {outward}, and your access does not include the scope reach. An internal note is possible."
            )
        if self.customers is not None:
            await self._check_customers(connection, customer_ids, self.customers)

    async def _check_customers(
        self, connection: AsyncConnection, customer_ids: Sequence[int], allowed: tuple[str, ...]
    ) -> None:
        named = [name.casefold() for name in allowed]
        ids = [int(name) for name in allowed if name.isdecimal()]
        table = tables.customer
        is_allowed = or_(func.lower(table.c.name).in_(named), table.c.id.in_(ids))
        found = set(await connection.scalars(select(table.c.id).where(is_allowed)))
        if not set(customer_ids) <= found:
            raise Refused(
                "This server changes records of some customers only, and this customer is not among them "
                "(HELPDESK_WRITE_CUSTOMERS)."
            )
