"""What goes wrong in offices: the families that tickets, threads and knowledge base articles are made from."""

from atera_simulator.seed.issues.model import Issue
from atera_simulator.seed.issues.printing import PRINTING

ENGLISH: tuple[Issue, ...] = (*PRINTING,)
ISSUES: tuple[Issue, ...] = ENGLISH

__all__ = ["ENGLISH", "ISSUES", "Issue"]
