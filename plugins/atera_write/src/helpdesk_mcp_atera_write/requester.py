"""For whom a ticket is: its company and its contact. The company follows from the contact, and can never be changed later."""

from dataclasses import dataclass

from helpdesk_mcp.sdk import (
    Ambiguous,
    BadInput,
    Call,
    Choice,
    Form,
    FromStep,
    NotFound,
    Question,
    Refused,
    Step,
    names,
)
from helpdesk_mcp.sdk.names import Named
from helpdesk_mcp.sdk.words import inert

_OFFERED = 8
_NEVER = "It can never be changed later."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A person who has to be created before the ticket."""

    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """For whom the ticket is."""

    customer: Named
    contact: Named | NewContact

    @property
    def contact_id(self) -> int | FromStep:
        """Return the id, which of a new contact only the first step will tell."""
        return self.contact.id if isinstance(self.contact, Named) else FromStep(0)

    @property
    def name(self) -> str:
        """Return the contact's name."""
        if isinstance(self.contact, Named):
            return inert(self.contact.name, 60)
        return inert(f"{self.contact.first_name} {self.contact.last_name}", 60)


async def find(
    call: Call, customer: str | None, contact: str | None, contact_email: str | None
) -> Requester | Form:
    """Return for whom the ticket is, or the questions that are still open about it.

    Raises:
        Refused: the contact belongs to another company.
    """
    if customer is None and contact is not None:
        named = await _of_contact(call, contact)
        if named is not None:
            return named
    company = await _customer(call, customer)
    if isinstance(company, Question):
        who = Question(argument="contact", asks="Who has the problem: name or mail address?")
        return Form(title="For whom", questions=(company, who) if contact is None else (company,))
    if contact is None:
        asks = f"Who at {inert(company.name, 60)} has the problem: name or mail address?"
        return Form(title="For whom", questions=(Question(argument="contact", asks=asks),))
    return await _contact(call, company, contact, contact_email)


def guesses(who: Requester, customer: str | None, contact: str | None) -> list[str]:
    """Return a warning for each name that was taken for a similar one."""
    meant = [(customer, who.customer), (contact, who.contact)]
    return [
        f'"{inert(said, 40)}" was taken for {inert(named.name, 60)}'
        for said, named in meant
        if said is not None and isinstance(named, Named) and not named.is_exact
    ]


def creation(new: NewContact, customer: Named) -> Step:
    """Return the step that creates the contact under the right company."""
    return Step(
        operation="create_contact",
        arguments={
            "customer_id": customer.id,
            "first_name": new.first_name,
            "last_name": new.last_name,
            "email": new.email,
        },
        says=f"Create the contact {inert(f'{new.first_name} {new.last_name}', 60)} <{inert(new.email, 80)}> at "
        f"{inert(customer.name, 60)}",
    )


async def _customer(call: Call, said: str | None) -> Named | Question:
    if said is None:
        return Question(argument="customer", asks=f"Which company? {_NEVER}")
    try:
        return await names.customer(call, said)
    except Ambiguous as several:
        asks = f"{inert(said, 40)} may be any of these companies. Which one? {_NEVER}"
        return Question(argument="customer", asks=asks, choices=_choices(several))
    except NotFound:
        near = await names.find(call, "customer", said.split()[0], _OFFERED)
        choices = tuple(Choice(str(one.id), _label(one.name, one.detail)) for one in near)
        return Question(
            argument="customer",
            asks=f"No company is called {inert(said, 40)}. Which one is it? {_NEVER}",
            choices=choices,
        )


async def _of_contact(call: Call, said: str) -> Requester | None:
    """Return a contact that is the only one of that name anywhere, with the company that follows; else None."""
    try:
        contact = await names.contact(call, said)
    except (Ambiguous, NotFound):
        return None
    if not contact.is_exact:
        return None
    company = await names.customer_of(call, contact.id)
    return None if company is None else Requester(customer=company, contact=contact)


async def _contact(call: Call, company: Named, said: str, email: str | None) -> Requester | Form:
    try:
        return Requester(customer=company, contact=await names.contact(call, said, company.id))
    except Ambiguous as several:
        asks = f"{inert(said, 40)} may be any of these people at {inert(company.name, 60)}. Which one?"
        return Form(
            title="For whom",
            questions=(Question(argument="contact", asks=asks, choices=_choices(several)),),
        )
    except NotFound:
        await _refuse_foreign(call, company, said)
    address = email or (said if "@" in said else None)
    if address is None:
        return _unknown(company, said)
    return await _new(call, company, said, address.strip())


async def _new(call: Call, company: Named, said: str, email: str) -> Requester | Form:
    if "@" not in email.strip("@") or " " in email:
        raise BadInput(f"{email!r} is no mail address.")
    await _refuse_foreign(call, company, email)
    known = await names.find(call, "contact", email, 1)
    if known and known[0].is_exact:
        return Requester(customer=company, contact=known[0])
    if "@" in said:
        asks = f"{inert(said, 80)} is new at {inert(company.name, 60)}. What is the person's first and last name?"
        return Form(
            title="A new contact",
            questions=(
                Question(argument="contact", asks=asks),
                Question(argument="contact_email", asks=f"Mail address: type {inert(email, 80)}, or another"),
            ),
        )
    first, _, last = " ".join(said.split()).rpartition(" ")
    if not first:
        asks = f"{inert(said, 40)} is new at {inert(company.name, 60)}. First AND last name, please"
        return Form(title="A new contact", questions=(Question(argument="contact", asks=asks),))
    return Requester(customer=company, contact=NewContact(first_name=first, last_name=last, email=email))


def _unknown(company: Named, said: str) -> Form:
    who = f"{inert(said, 40)} is no contact of {inert(company.name, 60)}. Another name, or the same one for a new contact"
    address = Question(argument="contact_email", asks="Mail address, only for a new contact", optional=True)
    return Form(title="For whom", questions=(Question(argument="contact", asks=who), address))


async def _refuse_foreign(call: Call, company: Named, said: str) -> None:
    """Refuse a person who is known at another company: the ticket would be that company's, for ever."""
    try:
        other = await names.contact(call, said)
    except (Ambiguous, NotFound):
        return
    theirs = await names.customer_of(call, other.id) if other.is_exact else None
    if theirs is not None and theirs.id != company.id:
        raise Refused(
            f"{inert(other.name, 60)} is a contact of {inert(theirs.name, 60)}, not of {inert(company.name, 60)}. A ticket's "
            "company is its contact's and can never be changed: name the right company, or another contact."
        )


def _choices(several: Ambiguous) -> tuple[Choice, ...]:
    return tuple(Choice(str(key), _label(name, detail)) for key, name, detail in several.candidates)


def _label(name: str, detail: str) -> str:
    return f"{inert(name, 60)} ({inert(detail, 60)})" if detail else inert(name, 60)
