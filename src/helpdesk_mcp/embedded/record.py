"""What a cluster's folder remembers between processes, in one private file.

Owns the file `cluster.json`: how the cluster was made (fixed), and how to reach the server that was started last.
It holds the password, where there is one, so it is readable by its owner alone.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "cluster.json"


@dataclass(frozen=True)
class Record:
    """How the cluster was made, and the way to the server that was started last."""

    place: str
    """Folder of the server's files."""
    durable: bool
    password: str | None
    """None: a unix socket in a private folder needs no password."""
    bin: str
    """Folder of the programs of the last start."""
    socket_folder: str | None = None
    port: int = 5432
    origin: str = ""
    """The machine, and on Linux the container, that started the server last."""

    @property
    def tcp(self) -> bool:
        """Whether the server listens on 127.0.0.1 instead of a unix socket."""
        return self.password is not None


def read_record(home: Path) -> Record | None:
    """Return what `home` remembers, or None if no cluster was ever made there."""
    try:
        text = (home / NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Record(**json.loads(text))


def write_record(home: Path, record: Record) -> None:
    """Replace what `home` remembers, in one step."""
    growing = home / f"{NAME}.new"
    growing.unlink(missing_ok=True)
    with os.fdopen(
        os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(asdict(record), file, indent=1)
    growing.replace(home / NAME)


def forget_record(home: Path) -> None:
    """Remove what `home` remembers."""
    (home / NAME).unlink(missing_ok=True)
