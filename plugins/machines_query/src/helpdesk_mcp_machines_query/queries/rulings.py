"""What the rules make of texts that the database compares by their hashes: looked up once for a question, not for each machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import BigInteger, Executable, Text, cast, func, null, select, union_all

from helpdesk_mcp.sdk import ReadSession, tables
from helpdesk_mcp_machines_query.processors import MODEL_DECIDES
from helpdesk_mcp_machines_query.readiness import Machine
from helpdesk_mcp_machines_query.readiness.inventory import is_virtual

from .conditions import SHAPES, Condition, Shape, shape, values

_m = tables.machine.c
_EXISTS = _m.deleted_at.is_(None)
_NO_TEXT = cast(null(), Text)

Make = tuple[str | None, str | None, str | None]
"""Vendor, model and product."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What holds for the makes and processors that some machines had when they were looked at."""

    makes: frozenset[Make]
    processors: frozenset[str | None]
    virtual: Sequence[int]
    """`machine.make` of virtual machines."""
    made_for: Sequence[str]
    """Processors whose verdict depends on the computer that they are in."""

    def covers(self, machine: Machine) -> bool:
        """Return whether it was made with this machine in view, which may be newer."""
        make = machine.vendor, machine.model, machine.product
        return make in self.makes and machine.processor in self.processors


async def ruling(db: ReadSession, conditions: Sequence[Condition]) -> Ruling:
    """Return what holds for the machines that meet the conditions."""
    rows = await db.rows(_texts(shape(conditions)), values(conditions))
    named = frozenset(row.processor for row in rows if row.make is None)
    made = {(row.vendor, row.model, row.product): row.make for row in rows if row.make is not None}
    return Ruling(
        makes=frozenset(made),
        processors=named,
        virtual=sorted(hash_ for make, hash_ in made.items() if is_virtual(*make)),
        made_for=sorted(name for name in named if name and MODEL_DECIDES.lower() in name.lower()),
    )


@lru_cache(SHAPES)
def _texts(asked: Shape) -> Executable:
    """Return the question for all makes, with their hashes, and for all processors."""
    # Grouped before hashed, so that an index with only the texts is enough.
    makes = select(
        _m.vendor,
        _m.model,
        _m.product,
        func.mirror.make_of(_m.vendor, _m.model, _m.product, type_=BigInteger).label("make"),
        _NO_TEXT.label("processor"),
    )
    processors = select(_NO_TEXT, _NO_TEXT, _NO_TEXT, cast(null(), BigInteger), _m.processor)
    return union_all(
        makes.where(_EXISTS, *asked).group_by(_m.vendor, _m.model, _m.product),
        processors.where(_EXISTS, *asked).group_by(_m.processor),
    )
