"""A Postgres of the benchmarks' own, in the folder for temporary files, thrown away unless it is to be kept."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpdesk_mcp.embedded import Cluster, find_binaries

NAME = "helpdesk"

SETTINGS = {
    "shared_buffers": "2GB",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "30min",
    "maintenance_work_mem": "1GB",
    "random_page_cost": "1.1",
    # Its visits would fall into one measurement and not into the next.
    "autovacuum": "off",
}


@contextmanager
def scratch_postgres(label: str, *, keep: bool = False) -> Iterator[str]:
    """Yield the URL of a database; `keep` leaves it for the next run with the same label, and takes the one left by it."""
    home = Path(tempfile.gettempdir()) / f"helpdesk-benchmark-{label}"
    if home.exists() and not keep:
        shutil.rmtree(home)
    home.mkdir(mode=0o755, exist_ok=True)
    cluster = Cluster(home / "home", find_binaries(None), SETTINGS, durable=True).start()
    try:
        cluster.ensure_database(NAME)
        yield cluster.url(NAME)
    finally:
        cluster.stop()
        if not keep:
            shutil.rmtree(home, ignore_errors=True)
