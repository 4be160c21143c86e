"""Whole-machine logic of Windows 11: what is known of a machine, each criterion by itself, and the group the machine is in."""

from .facts import Facts, MicrosoftVerdict, read_facts
from .groups import GROUPS, SUBGROUPS, Group, Readiness, assess
from .inventory import Machine
from .judgement import Judgement, judgement

__all__ = [
    "GROUPS",
    "SUBGROUPS",
    "Facts",
    "Group",
    "Judgement",
    "Machine",
    "MicrosoftVerdict",
    "Readiness",
    "assess",
    "judgement",
    "read_facts",
]
