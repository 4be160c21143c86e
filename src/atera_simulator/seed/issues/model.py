"""The shape of an issue family: one kind of trouble with everything that people say about it."""

from dataclasses import dataclass
from typing import Literal

TicketType = Literal["Incident", "Problem", "Request", "Change"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One family of tickets. Texts are plain, paragraphs are parted by an empty line.

    `symptoms` are the requester's first mails, `questions` the technician's, `answers` the requester's, `findings` internal
    notes, `fixes` the public notes that solved it.
    """

    key: str
    topic: str
    titles: tuple[str, ...]
    symptoms: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    findings: tuple[str, ...]
    fixes: tuple[str, ...]
    kind: TicketType = "Incident"
    language: str = "en"
    weight: int = 4
    on_site: float = 0.1
    """Share of its work that is done at the customer's."""
