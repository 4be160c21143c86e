"""What people ask, with names that exist in the generated data: the busiest of each kind, and ordinary ones."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from .words import ABSENT_WORD, COMMON_WORD, MID_WORD, RARE_WORD

_NAMES = """
    SELECT (SELECT name FROM mirror.technician WHERE id = 1) AS engineer,
           (SELECT name FROM mirror.technician WHERE id = 30) AS other_engineer,
           (SELECT name FROM mirror.customer WHERE id = 1) AS big_customer,
           (SELECT name FROM mirror.customer WHERE id = 120) AS customer,
           (SELECT full_name FROM mirror.contact GROUP BY 1 HAVING count(*) = 1 ORDER BY min(id) LIMIT 1) AS contact,
           (SELECT email FROM mirror.contact WHERE id = 777) AS mail,
           (SELECT right(regexp_replace(mobile, '\\D', '', 'g'), 6) FROM mirror.contact WHERE id = 777) AS phone,
           (SELECT name FROM mirror.machine WHERE id = 5) AS machine,
           (SELECT serial FROM mirror.machine WHERE id = 4321) AS serial,
           (SELECT split_part(last_login_user, '\\', 2) FROM mirror.machine WHERE id = 99) AS account,
           (SELECT number FROM mirror.ticket WHERE id = (
               SELECT ticket_id FROM mirror.ticket_comment WHERE ticket_id < 20000 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)) AS long_thread,
           (SELECT number FROM mirror.ticket WHERE id = 4242) AS ticket
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One call of one tool, and what it is called in the table."""

    tool: str
    about: str
    arguments: dict[str, Any]
    engineer: str
    """Who asks."""

    @property
    def told(self) -> str:
        """Return the tool and what it is asked."""
        return f"{self.tool}: {self.about}"


async def questions(connection: asyncpg.Connection) -> list[Question]:
    """Return the questions, with names that are in this database."""
    names = dict(await connection.fetchrow(_NAMES))
    listed = {
        "search_tickets": _tickets(names),
        "get_ticket": {
            "short thread": {"ticket": names["ticket"]},
            "longest thread": {"ticket": f"#{names['long_thread']}", "last": 50},
        },
        "similar_tickets": {
            "to a ticket": {"ticket": names["ticket"]},
            "to a text": {"text": "outlook asks for the password after the update and cannot connect"},
        },
        "list_alerts": _alerts(names),
        "find_people": {
            "part of a name": {"name": names["contact"].split()[-1]},
            "mail address": {"name": names["mail"]},
            "digits of a phone": {"name": names["phone"]},
            "customer": {"name": names["customer"], "kind": "customer"},
        },
        "sync_status": {"": {}},
        "search_machines": _machines(names),
        "get_machine": {"by name": {"machine": names["machine"]}, "by serial": {"machine": names["serial"]}},
        "windows11_readiness": {
            "all customers": {},
            "of a customer": {"customer": names["customer"]},
            "by customer": {"by_customer": True},
            "one machine": {"machine": names["machine"]},
            "replace": {"group": "replace"},
        },
    }
    return [
        Question(tool, about, arguments, names["engineer"])
        for tool, asked in listed.items()
        for about, arguments in asked.items()
    ]


def _tickets(names: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {
        "open, newest": {},
        "mine": {"engineer": "me"},
        "of an engineer": {"engineer": names["other_engineer"]},
        "unassigned": {"unassigned": True},
        "overdue, next due": {"overdue": True, "sort": "due"},
        "critical of mine": {"engineer": "me", "priority": "Critical", "sort": "priority"},
        "untouched for 14 days": {"stale_days": 14, "sort": "stale"},
        "of a customer": {"customer": names["customer"]},
        "closed of the biggest customer": {"customer": names["big_customer"], "status": "closed"},
        "from a contact": {"contact": names["contact"], "status": "all"},
        "created in 7 days": {"created_after": "7d", "status": "all"},
        "closed, page 100": {"status": "closed", "page": 100},
        "open, by engineer": {"group_by": "engineer"},
        "a year of a customer, by month": {
            "customer": names["customer"],
            "status": "all",
            "created_after": "1y",
            "group_by": "month",
        },
        "30 days, by status": {"status": "all", "created_after": "30d", "group_by": "status"},
        "everything, by status": {"status": "all", "group_by": "status"},
        "absent word": {"text": ABSENT_WORD, "status": "all"},
        "rare word": {"text": RARE_WORD, "status": "all"},
        "mid word": {"text": MID_WORD, "status": "all"},
        "common word": {"text": COMMON_WORD, "status": "all"},
        "common word, open": {"text": COMMON_WORD},
        "two words": {"text": f"{MID_WORD} {COMMON_WORD}", "status": "all"},
        "word at a customer": {"text": COMMON_WORD, "customer": names["customer"], "status": "all"},
        "number as text": {"text": names["ticket"]},
    }


def _alerts(names: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {
        "open": {},
        "critical of a customer": {"customer": names["customer"], "severity": "Critical"},
        "of a machine, all": {"machine": names["machine"], "status": "all"},
        "resolved": {"status": "resolved"},
        "open, by customer": {"group_by": "customer"},
    }


def _machines(names: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {
        "all": {},
        "of a customer": {"customer": names["customer"]},
        "part of a name": {"name": names["machine"][:6]},
        "of a user": {"user": names["account"]},
        "at most 4 GB of memory": {"memory_max_gb": 4},
        "under 2 GB free": {"free_max_gb": 2, "sort": "free"},
        "any disk under 64 GB": {"drive": "any", "disk_max_gb": 64},
        "Windows 10": {"os": "Windows 10"},
        "without security updates": {"unsupported_on": "today"},
        "Core i5 up to generation 7": {"cpu": "i5", "gen_max": 7},
        "hard disks of a customer": {"disk_type": "HDD", "customer": names["customer"]},
        "hard disks": {"disk_type": "HDD"},
        "by disk type": {"group_by": "disk_type"},
        "custom field": {"field": "Secure Boot=Off"},
        "not seen for 30 days": {"seen_before": "30d", "sort": "seen"},
        "by system": {"group_by": "os"},
        "by processor generation": {"group_by": "generation"},
    }
