"""The watcher: a process that stops the server when its last user is gone, however that user went.

Started beside each server as `python -m helpdesk_mcp.embedded.watch HOME`. It blocks on the users' locks (no polling
on POSIX) and costs nothing while anybody uses the server. There is at most one; it gives up its lock only under the
admin lock and only when nobody is left, so a process that joins either is seen by it or starts a new one.
"""

import sys
from pathlib import Path

from filelock import Timeout

from helpdesk_mcp.embedded.cluster import stop_if_unused
from helpdesk_mcp.embedded.locks import Locks


def watch(home: Path) -> None:
    """Return when the cluster in `home` has no user and its server is stopped, or if a watcher is there already."""
    held = Locks(home)
    watching = held.watch()
    try:
        watching.acquire()
    except Timeout:
        return
    while True:
        held.wait_until_unused()
        if not home.exists():
            return
        with held.admin(-1):
            if held.in_use():
                continue
            stop_if_unused(home, held)
            watching.release()
            return


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
