"""What goes wrong in offices: the families that tickets, threads and knowledge base articles are made from."""

from atera_simulator.seed.issues.accounts import ACCOUNTS
from atera_simulator.seed.issues.languages import OTHER_LANGUAGES
from atera_simulator.seed.issues.mail import MAIL
from atera_simulator.seed.issues.model import Issue
from atera_simulator.seed.issues.network import NETWORK
from atera_simulator.seed.issues.printing import PRINTING
from atera_simulator.seed.issues.servers import SERVERS
from atera_simulator.seed.issues.software import SOFTWARE
from atera_simulator.seed.issues.workplace import WORKPLACE

ENGLISH: tuple[Issue, ...] = (*PRINTING, *NETWORK, *MAIL, *ACCOUNTS, *WORKPLACE, *SOFTWARE, *SERVERS)
ISSUES: tuple[Issue, ...] = (*ENGLISH, *OTHER_LANGUAGES)

__all__ = ["ENGLISH", "ISSUES", "Issue"]
