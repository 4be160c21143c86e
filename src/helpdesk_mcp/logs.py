"""Logging: stderr only, because stdout belongs to the protocol; one line an event, `key=value`; secrets taken out."""

import logging
import re
import sys

_SECRETS = re.compile(
    r"(?i)(authorization|x-api-key|password|token)(\"?\s*[=:]\s*\"?)(bearer\s+)?[^\s\"&,]+"
    r"|(?<=://)([^:/@\s]+):([^@/\s]+)(?=@)"
    r"|\bhdmcp_[0-9a-f]+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
)


def redact(text: str) -> str:
    """Return `text` with passwords in URLs, tokens and authorization headers replaced by `***`."""
    return _SECRETS.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}{match[2]}***"
    return f"{match[4]}:***" if match[4] else "***"


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def configure(level: str) -> None:
    """Send this process's logs to stderr at `level`; libraries speak from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("helpdesk_mcp", "atera_simulator"):
        logging.getLogger(ours).setLevel(level)
