"""Which migration a database stands at and which this version brings, without loading Alembic: a server asks often."""

from pathlib import Path

from sqlalchemy import column, func, literal, select, table

from .tables.base import OURS

_VERSION = table("alembic_version", column("version_num"), schema=OURS)

CAN_BE_READ = select(func.has_table_privilege(func.to_regclass(literal(f"{OURS}.alembic_version")), "SELECT"))
"""Whether `CURRENT` may be asked; null: nothing was ever migrated. Before revision 0008 not every login may."""
CURRENT = select(_VERSION.c.version_num)


def folder() -> Path:
    """Return the folder of the history: at the top of a checkout, or inside the package."""
    packaged = Path(__file__).parents[1] / "_migrations"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "migrations"


def newest() -> str:
    """Return the last revision of this version; the names of the files begin with their numbers."""
    return max(path.name for path in (folder() / "versions").glob("[0-9]*_*.py")).split("_")[0]
