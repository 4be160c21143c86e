"""Is the process behind a port well? `python -m helpdesk_mcp.probe http://127.0.0.1:8765/readyz`: exit code 0 or 1, one line.

For health checks of containers: they run every few seconds, so this imports the standard library only and starts in a tenth
of the time that the command line takes. The image has no curl.
"""

import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

TIMEOUT_S = 8.0
_BROKEN = 500
"""The first status that means trouble: a watcher has no token, and being told so proves that somebody answers."""


def probe(url: str) -> tuple[bool, str]:
    """Return whether the address answers without trouble, and what it says."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", parts.path or "/")
        answer = connection.getresponse()
        said = answer.read(2000).decode(errors="replace").strip()
    except (OSError, HTTPException) as error:
        return False, f"{url} does not answer: {error}"
    finally:
        connection.close()
    return answer.status < _BROKEN, said


def main() -> int:
    """Probe the address on the command line and print what it says."""
    well, said = probe(sys.argv[1])
    print(said)  # noqa: T201 - shown by `docker inspect`
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
