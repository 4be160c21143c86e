"""What a tool is given besides its arguments."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk_mcp.text import fence, new_mark

from .caller import Caller
from .changes import Changes, no_changes
from .live import LiveReads, NoLiveReads
from .plugin import PluginSettings
from .session import ReadSession
from .wanted import WantFacts, nobody_reads


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of one tool, by one person. Made by the core, which also closes what is in it."""

    db: ReadSession
    live: LiveReads = field(default_factory=NoLiveReads)
    """What only Atera itself can answer."""
    changes: Changes = field(default_factory=no_changes)
    """Where changes are proposed, carried out and looked up."""
    want_facts: WantFacts = nobody_reads
    """Asks the sync to read the custom values of some machines next."""
    settings: PluginSettings
    now: datetime
    """UTC; tests set it."""
    zone: ZoneInfo
    """Zone of the people who ask: in it their days begin and times are shown."""
    caller: Caller
    mark: str = field(default_factory=new_mark)
    """Unpredictable; one for all fences of an answer."""

    @property
    def engineer(self) -> str | None:
        """Return the name or mail address of the person asking; None: unknown."""
        return self.caller.engineer

    def untrusted(self, text: str, label: str) -> str:
        """Return text that a stranger wrote, fenced so that it cannot pass for the server's own words."""
        return fence(text, label, self.mark)
