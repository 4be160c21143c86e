"""Comments: a public reply, an internal note or a contact's answer, and their traces on the ticket.

Atera takes HTML or plain text and shows both forms back; which transformations it makes is not documented, so plain text
comes back unchanged and HTML comes back without its tags beside the original.
"""

import html
import re
from datetime import datetime

from atera_simulator.changes.journal import Refused, find, note, stamp
from atera_simulator.world import Record, World

_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])>", re.IGNORECASE)


def add_comment(
    world: World,
    ticket_id: int,
    text: str,
    *,
    now: datetime,
    technician_id: int | None = None,
    end_user_id: int | None = None,
    is_internal: bool = False,
    written_at: datetime | None = None,
    bump: bool = True,
) -> Record:
    """Append a comment by exactly one author and return it.

    `written_at` (UTC) may lie in the past, as migrations do. With `bump` False neither the ticket's modified clock nor its
    last-comment fields move, which is what some accounts are feared to do for internal notes.
    """
    ticket = find(world, "tickets", ticket_id)
    if (technician_id is None) == (end_user_id is None):
        raise Refused("Give exactly one of TechnicianCommentDetails and EnduserCommentDetails")
    plain, marked_up = _both_forms(text)
    comment = {
        "Date": stamp(written_at or now),
        "Comment": plain,
        "CommentHtml": marked_up,
        **_author(world, technician_id, end_user_id),
        "IsInternal": is_internal,
    }
    thread = world.comments.setdefault(ticket_id, [])
    thread.append(comment)
    thread.sort(key=lambda row: row["Date"])
    if bump:
        _show_on_ticket(ticket, comment)
        world.ticket_modified[ticket_id] = now
    note(world, "tickets", ticket_id)
    return comment


def _author(world: World, technician_id: int | None, end_user_id: int | None) -> Record:
    if technician_id is not None:
        if technician_id not in world.technicians:
            raise Refused(f"TechnicianId {technician_id} was not found")
        person = world.technicians[technician_id]
        names = (person["TechnicianEmail"], person["FirstName"], person["LastName"])
    else:
        if end_user_id not in world.contacts:
            raise Refused(f"EnduserId {end_user_id} was not found")
        person = world.contacts[end_user_id]
        names = (person["Email"], person["Firstname"], person["Lastname"])
    return {
        "EndUserID": end_user_id,
        "TechnicianContactID": technician_id,
        **dict(zip(("Email", "FirstName", "LastName"), names, strict=True)),
    }


def _show_on_ticket(ticket: Record, comment: Record) -> None:
    author = "EndUser" if comment["EndUserID"] is not None else "Technician"
    if comment["Date"] >= (ticket[f"Last{author}CommentTimestamp"] or ""):
        ticket[f"Last{author}Comment"] = comment["Comment"]
        ticket[f"Last{author}CommentTimestamp"] = comment["Date"]
    is_answer = author == "Technician" and not comment["IsInternal"]
    if is_answer and ticket["TechnicianFirstCommentDate"] is None:
        ticket["TechnicianFirstCommentDate"] = comment["Date"]


def _both_forms(text: str) -> tuple[str, str]:
    if _TAG.search(text):
        return html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).strip(), text
    return text, "<p>" + html.escape(text, quote=False).replace("\n", "<br>") + "</p>"
