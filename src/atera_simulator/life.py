"""The world keeps changing: small, believable events, one per step, chosen by a seeded die.

Given the same world, seed and calls the same things happen.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from atera_simulator import changes
from atera_simulator.world import Record, World

_TITLES = (
    "Cannot print to the second floor printer",
    "Outlook asks for the password again and again",
    "VPN drops after a few minutes",
    "New colleague starts on Monday, needs a notebook",
    "Teams shows no camera",
    "File share is very slow today",
    "Screen flickers since the last update",
    "Please reset my password",
)
_REQUESTS = (
    "This started this morning. Restarting did not help.",
    "Two colleagues have the same problem.",
    "It is urgent, I have a meeting at noon.",
    "No hurry, any day this week is fine.",
)
_ANSWERS = (
    "Still the same here.",
    "It works again, thank you!",
    "When will somebody look at this?",
    "I have attached a screenshot to my last mail.",
    "Tomorrow after ten would suit me.",
)
_REPLIES = (
    "Please restart the computer and tell me whether the problem is gone.",
    "I will connect to your machine in a few minutes.",
    "The update is installed now, please try again.",
    "I have passed this to the manufacturer.",
)
_NOTES = (
    "Driver rolled back.",
    "User was not at the desk, called back.",
    "Part ordered.",
    "Watch the event log tomorrow.",
)
_WORK = ("Remote session", "Call with the user", "Checked logs", "Replaced cable")
_ALERTS = (
    ("Disk space low", "Disk", "Warning"),
    ("Machine is offline", "Availability", "Critical"),
    ("High memory usage", "Performance", "Warning"),
    ("Windows update failed", "General", "Information"),
)
_MOVES = {"Open": ("Pending", "Resolved"), "Pending": ("Open", "Resolved"), "Resolved": ("Closed", "Open")}


class Life:
    """Lets things happen in a world."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._dice = random.Random(seed)

    def step(self, now: datetime) -> str | None:
        """Let one thing happen at `now` (UTC). Returns its name, or None when the world holds nothing it could happen to."""
        happenings: dict[str, tuple[int, Callable[[datetime], bool]]] = {
            "mail": (20, self._mail),
            "reply": (20, self._reply),
            "note": (8, self._note),
            "move": (10, self._move),
            "time": (12, self._time),
            "ticket": (8, self._ticket),
            "alert": (6, self._alert),
            "resolve": (6, self._resolve),
            "machine": (10, self._machine),
        }
        weights = [weight for weight, _ in happenings.values()]
        name = self._dice.choices(list(happenings), weights)[0]
        return name if happenings[name][1](now) else None

    def _mail(self, now: datetime) -> bool:
        ticket = self._open_ticket()
        if ticket is None or ticket["EndUserID"] not in self._world.contacts:
            return False
        text = self._dice.choice(_ANSWERS)
        changes.add_comment(self._world, ticket["TicketID"], text, end_user_id=ticket["EndUserID"], now=now)
        return True

    def _reply(self, now: datetime) -> bool:
        return self._write(self._dice.choice(_REPLIES), now, is_internal=False)

    def _note(self, now: datetime) -> bool:
        return self._write(self._dice.choice(_NOTES), now, is_internal=True)

    def _write(self, text: str, now: datetime, *, is_internal: bool) -> bool:
        ticket, technician_id = self._open_ticket(), self._technician_id()
        if ticket is None or technician_id is None:
            return False
        changes.add_comment(
            self._world,
            ticket["TicketID"],
            text,
            technician_id=self._assignee_id(ticket) or technician_id,
            is_internal=is_internal,
            now=now,
        )
        return True

    def _move(self, now: datetime) -> bool:
        ticket = self._open_ticket()
        if ticket is None:
            return False
        status = self._dice.choice(_MOVES.get(ticket["TicketStatus"], ("Open",)))
        changes.update_ticket(self._world, ticket["TicketID"], {"TicketStatus": status}, now=now)
        return True

    def _time(self, now: datetime) -> bool:
        ticket, technician_id = self._open_ticket(), self._technician_id()
        if ticket is None or technician_id is None:
            return False
        spent = timedelta(minutes=self._dice.choice((5, 10, 15, 30, 45)))
        entry = {
            "TechnicianContactID": technician_id,
            "Billiable": self._dice.random() < 0.7,  # noqa: PLR2004 - most work is billed
            "OnCustomerSite": self._dice.random() < 0.2,  # noqa: PLR2004 - and done remotely
            "Description": self._dice.choice(_WORK),
        }
        changes.log_time(self._world, ticket["TicketID"], entry, start=now - spent, end=now, now=now)
        return True

    def _ticket(self, now: datetime) -> bool:
        person = self._pick(self._world.contacts)
        if person is None or person["CustomerID"] not in self._world.customers:
            return False
        fields = {
            "TicketTitle": self._dice.choice(_TITLES),
            "Description": self._dice.choice(_REQUESTS),
            "EndUserID": person["EndUserID"],
            "TicketPriority": self._dice.choice(("Low", "Medium", "High")),
            "TicketType": "Incident",
        }
        changes.create_ticket(self._world, fields, source="Email", now=now)
        return True

    def _alert(self, now: datetime) -> bool:
        agent = self._pick(self._world.agents)
        if agent is None or agent["CustomerID"] not in self._world.customers:
            return False
        title, category, severity = self._dice.choice(_ALERTS)
        fields = {
            "DeviceGuid": agent["DeviceGuid"],
            "CustomerID": agent["CustomerID"],
            "Title": title,
            "Severity": severity,
            "AlertCategoryID": category,
        }
        try:
            changes.create_alert(self._world, fields, source="ThresholdMonitor", now=now)
        except changes.Conflict:
            return False
        return True

    def _resolve(self, now: datetime) -> bool:
        active = [alert_id for alert_id, alert in self._world.alerts.items() if not alert["Archived"]]
        if not active:
            return False
        changes.resolve_alert(self._world, self._dice.choice(active), now=now)
        return True

    def _machine(self, now: datetime) -> bool:
        agent = self._pick(self._world.agents)
        if agent is None:
            return False
        changes.set_agent_online(self._world, agent["AgentID"], online=not agent["Online"], now=now)
        return True

    def _open_ticket(self) -> Record | None:
        """Return one of the tickets people still work on."""
        done = {"Closed", "Deleted"}
        live = [ticket for ticket in self._world.tickets.values() if ticket["TicketStatus"] not in done]
        recent = [ticket for ticket in live if ticket["TicketStatus"] != "Resolved"] or live
        return self._dice.choice(recent) if recent else None

    def _assignee_id(self, ticket: Record) -> int | None:
        """Return who works on the ticket, unless that is nobody, Autopilot or someone who has left."""
        assigned: int | None = ticket["TechnicianContactID"]
        is_human = assigned in self._world.technicians and assigned != changes.AUTOPILOT
        return assigned if is_human else None

    def _technician_id(self) -> int | None:
        known = [
            technician_id for technician_id in self._world.technicians if technician_id != changes.AUTOPILOT
        ]
        return self._dice.choice(known) if known else None

    def _pick(self, records: dict[int, Record]) -> Record | None:
        return records[self._dice.choice(list(records))] if records else None
