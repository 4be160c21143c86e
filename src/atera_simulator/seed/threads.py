"""Conversations: which messages a ticket gets, who writes them and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from atera_simulator.seed import mails
from atera_simulator.seed.chance import likely
from atera_simulator.seed.clock import iso, schedule
from atera_simulator.seed.issues import Issue
from atera_simulator.seed.mails import Envelope, Message, Writer
from atera_simulator.seed.phrases import Phrases, phrases
from atera_simulator.world import Record

Role = Literal["requester", "reply", "note"]
Step = tuple[Role, str]

_LONG_SHARE = 0.012
_QUOTED_MESSAGES = 2
_FRESH = timedelta(hours=1)
_YOUNG = timedelta(days=45)
_LONG_STEPS = 16
_ROUNDS_PER_QUESTION = 4


@dataclass(frozen=True, slots=True)
class Case:
    """All that is decided about a ticket before its thread is written."""

    ticket_id: int
    title: str
    issue: Issue
    source: str
    status: str
    contact: Record
    technician: Record | None
    colleague: Record
    """A second technician, who now and then writes a note."""
    created: datetime
    ends: datetime
    """When the last message is due; long threads take longer."""
    latest: datetime
    """No message is later than this."""

    @property
    def is_done(self) -> bool:
        """Return True where the thread ends with what solved it."""
        return self.status in {"Resolved", "Closed", "Deleted"}


def plan(rng: Random, case: Case) -> list[Step]:
    """Return the steps of the thread after the description, in order."""
    words = phrases(case.issue.language)
    if case.technician is None and not case.is_done:
        return [("requester", rng.choice(words.chasers))] if likely(rng, 0.2) else []
    if not case.is_done:
        return _unfinished(rng, case, words)
    return [*_opening(rng, case, words), *_middle(rng, case, words), *_ending(rng, case, words)]


def _opening(rng: Random, case: Case, words: Phrases) -> Iterator[Step]:
    issue = case.issue
    if likely(rng, 0.4):
        yield "reply", rng.choice(words.acknowledge)
    if likely(rng, 0.66):
        yield "reply", rng.choice(issue.questions)
        yield "requester", rng.choice(issue.answers)
    if likely(rng, 0.4):
        yield "note", rng.choice(issue.findings)


def _middle(rng: Random, case: Case, words: Phrases) -> Iterator[Step]:
    age = case.latest - case.created
    rounds = rng.choices((0, 1, 2, 3), (78, 14, 6, 2))[0] if age > timedelta(days=1) else 0
    if age > _YOUNG and likely(rng, _LONG_SHARE):
        rounds = rng.randrange(11, 21)
    for turn in range(rounds):
        yield "reply", rng.choice(words.updates)
        yield "requester", rng.choice(words.replies if turn % 3 else words.chasers)
        if likely(rng, 0.3):
            yield "note", rng.choice(_NOTES)
        if turn % _ROUNDS_PER_QUESTION == _ROUNDS_PER_QUESTION - 1:
            yield "reply", rng.choice(case.issue.questions)


def _ending(rng: Random, case: Case, words: Phrases) -> Iterator[Step]:
    yield "reply", rng.choice(case.issue.fixes)
    if likely(rng, 0.6):
        yield "requester", rng.choice(words.thanks)
    if likely(rng, 0.12):
        yield "note", rng.choice(_CLOSING_NOTES)


def _unfinished(rng: Random, case: Case, words: Phrases) -> list[Step]:
    steps = [*_opening(rng, case, words), *_middle(rng, case, words)]
    if case.status in _STATUS_NOTES and likely(rng, 0.8):
        steps.append(("note", _STATUS_NOTES[case.status]))
    elif steps and likely(rng, 0.4):
        steps.append(("requester", rng.choice(words.chasers)))
    if case.ends - case.created < _FRESH:
        return steps[: rng.choice((0, 0, 1))]
    return steps


_NOTES = (
    "Called, no answer, left a message on the voicemail.",
    "Remote session 20 minutes. Event log shows nothing around the time of the fault.",
    "Checked with the vendor's status page: no known incident.",
    "Please do not reboot this machine before the backup has finished.",
    "Same symptom at another customer two weeks ago, compare before ordering parts.",
    "Customer agreed to the extra cost by phone.",
    "Logs attached to the vendor case.",
)
_CLOSING_NOTES = (
    "Documented in the knowledge base.",
    "Follow-up: check again with the next maintenance.",
    "Billed under the contract, no extra charge.",
)
_STATUS_NOTES = {
    "Waiting for vendor": "Case opened with the vendor, waiting for their level 2.",
    "Scheduled on-site": "On-site visit agreed, bring the spare part and a console cable.",
    "Send to Tech": "First level cannot go further here, please take over.",
    "Pending": "Waiting for the requester's answer.",
}


def write(rng: Random, case: Case, envelope: Envelope) -> list[Record]:
    """Return the thread of a case, oldest first. The first record repeats the description."""
    steps: list[Step] = [("requester", rng.choice(case.issue.symptoms)), *plan(rng, case)]
    moments = [case.created, *schedule(rng, case.created, _end(rng, case, len(steps)), len(steps) - 1)]
    writer = mails.program(rng) if case.source == "Email" else mails.portal
    told: list[Message] = []
    thread: list[Record] = []
    for (role, text), sent in zip(steps, moments, strict=True):
        thread.append(_comment(rng, case, envelope, role, text, sent, writer, told))
    return thread


def _end(rng: Random, case: Case, steps: int) -> datetime:
    """Return when the thread ends: not before so many messages can have been written, and not after the case's latest."""
    pace = timedelta(hours=16) if steps > _LONG_STEPS else timedelta(minutes=25)
    return min(max(case.ends, case.created + pace * steps * rng.uniform(0.6, 1.4)), case.latest)


def _comment(
    rng: Random,
    case: Case,
    envelope: Envelope,
    role: Role,
    text: str,
    sent: datetime,
    writer: Writer,
    told: list[Message],
) -> Record:
    if role == "requester":
        return _from_requester(rng, case, envelope, text, sent, writer, told)
    author = (
        case.colleague
        if case.technician is None or (role == "note" and likely(rng, 0.25))
        else case.technician
    )
    words = phrases(case.issue.language)
    if role == "reply" and likely(rng, 0.8):
        text = f"{words.hello.format(case.contact['Firstname'])}\n\n{text}"
    message = Message(author["TechnicianFullName"], author["TechnicianEmail"], sent, text)
    plain, html = mails.technician(message, signed=role == "reply", regards=words.regards)
    if role == "reply":
        told.append(message)
    return {
        "Date": iso(sent),
        "Comment": plain,
        "CommentHtml": html,
        "EndUserID": None,
        "TechnicianContactID": author["TechnicianContactID"],
        "Email": author["TechnicianEmail"],
        "FirstName": author["FirstName"],
        "LastName": author["LastName"],
        "IsInternal": role == "note",
    }


def _from_requester(
    rng: Random,
    case: Case,
    envelope: Envelope,
    text: str,
    sent: datetime,
    writer: Writer,
    told: list[Message],
) -> Record:
    contact = case.contact
    words = phrases(case.issue.language)
    if not told:
        text = f"{words.greeting}\n\n{text}" if words.greeting else text
    elif case.technician is not None and likely(rng, 0.6):
        text = f"{words.hello.format(case.technician['FirstName'])}\n\n{text}"
    message = Message(f"{contact['Firstname']} {contact['Lastname']}", contact["Email"], sent, text)
    quoted = told[-(6 if likely(rng, 0.05) else _QUOTED_MESSAGES) :] if likely(rng, 0.7) else []
    around = Envelope(
        envelope.subject, envelope.language, envelope.job, envelope.company, envelope.phone, quoted
    )
    plain, html = writer(rng, message, around)
    told.append(message)
    return {
        "Date": iso(sent),
        # Some tenants show the markup itself in the text field.
        "Comment": html if likely(rng, 0.2) else plain,
        "CommentHtml": html,
        "EndUserID": contact["EndUserID"],
        "TechnicianContactID": None,
        "Email": contact["Email"],
        "FirstName": contact["Firstname"],
        "LastName": contact["Lastname"],
        "IsInternal": False,
    }
