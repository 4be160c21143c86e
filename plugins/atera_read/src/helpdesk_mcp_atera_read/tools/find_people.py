"""`find_people`: who is meant, how to reach them, and how much is open for them."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, Call, names
from helpdesk_mcp.sdk.words import inert, joined, quoted
from helpdesk_mcp_atera_read.queries import people
from helpdesk_mcp_atera_read.queries.people import Contact, Customer, Engineer, Kind, Load

_MOST = 8
_KINDS: tuple[Kind, ...] = ("engineer", "customer", "contact")


async def find_people(
    call: Call,
    *,
    name: Annotated[str, Field(description="part of a name, mail, phone or domain")],
    kind: Annotated[Kind | None, Advanced()] = None,
) -> Answer:
    """Find customers, contacts, engineers: id, mail, phone, open tickets."""
    told: list[str] = []
    notes: list[str] = []
    for one in _KINDS if kind is None else (kind,):
        ids = await _ids(call, one, name.strip())
        if len(ids) > _MOST:
            notes.append(f"Only {_MOST} {one}s are shown, the best matches: give more of the name.")
        told += await _lines(call, one, ids[:_MOST])
    if not told:
        what = f"{kind}" if kind else "customer, contact or engineer"
        return Answer(
            text=f"No {what} has {quoted(name)} in the name, mail, phone or domain. Try a shorter part."
        )
    return Answer(text="\n".join(told), notes=tuple(notes))


async def _ids(call: Call, kind: Kind, said: str) -> list[int]:
    by_name = [named.id for named in await names.find(call, kind, said, _MOST + 1)]
    by_reach = await people.ids_by_reach(call.db, kind, said, _MOST + 1)
    return list(dict.fromkeys([*by_name, *by_reach]))


async def _lines(call: Call, kind: Kind, ids: Sequence[int]) -> list[str]:
    if not ids:
        return []
    loads = await people.loads(call.db, kind, ids, call.now)
    if kind == "customer":
        found = await people.customers(call.db, ids)
        main = await people.main_contacts(call.db, ids)
        told = [_customer(found[id_], main.get(id_), loads) for id_ in ids if id_ in found]
    elif kind == "contact":
        contacts = await people.contacts(call.db, ids)
        told = [_contact(contacts[id_], loads) for id_ in ids if id_ in contacts]
    else:
        engineers = await people.engineers(call.db, ids)
        told = [_engineer(engineers[id_], loads) for id_ in ids if id_ in engineers]
    return [f"{kind.capitalize()}s:", *told]


def _customer(row: Customer, main: Contact | None, loads: Mapping[int, Load]) -> str:
    contact = f"main contact {inert(main.full_name, 40)}" if main else ""
    notes = f"notes: {quoted(row.notes, 120)}" if row.notes else ""
    facts = [inert(row.domain), inert(row.phone), inert(row.city), contact, _load(loads.get(row.id)), notes]
    return f"- {joined([f'{inert(row.name)} (id {row.id})', *facts])}"


def _contact(row: Contact, loads: Mapping[int, Load]) -> str:
    phones = " / ".join(dict.fromkeys(inert(phone) for phone in (row.phone, row.mobile) if phone))
    facts = [inert(row.customer_name), inert(row.email), phones, inert(row.job_title, 40)]
    marks = ["main contact" if row.is_main_contact else "", "archived" if row.is_archived else ""]
    return f"- {joined([f'{inert(row.full_name)} (id {row.id})', *facts, *marks, _load(loads.get(row.id))])}"


def _engineer(row: Engineer, loads: Mapping[int, Load]) -> str:
    return f"- {joined([f'{inert(row.name)} (id {row.id})', inert(row.email), _load(loads.get(row.id))])}"


def _load(load: Load | None) -> str:
    if load is None:
        return "no open tickets"
    late = f", {load.overdue} overdue" if load.overdue else ""
    return f"{load.open} open ticket{'s'[: load.open != 1]}{late}"
