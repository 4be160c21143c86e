"""What all tables share: metadata, column shorthands, the columns of a mirrored record."""

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.schema import Computed

MIRROR = "mirror"
OURS = "helpdesk"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(name: str, comment: str, **options: Any) -> Column[str]:
    """Make a text column."""
    return Column(name, Text, comment=comment, **options)


def moment(name: str, comment: str, **options: Any) -> Column[Any]:
    """Make a timestamp column: always UTC, always with zone."""
    return Column(name, DateTime(timezone=True), comment=comment, **options)


def identifier(name: str, comment: str, **options: Any) -> Column[int]:
    """Make a column for one of Atera's ids, which are 64-bit integers."""
    return Column(name, BigInteger, comment=comment, autoincrement=False, **options)


def search(expression: str) -> Column[Any]:
    """Make the stored search vector; an expression index instead would recompute it on every recheck."""
    return Column(
        "search",
        TSVECTOR,
        Computed(expression, persisted=True),
        comment="words of the row, without language rules (configuration simple)",
    )


def record_columns() -> list[Column[Any]]:
    """Make the columns that every mirrored record carries, last in its table."""
    return [
        Column("raw", JSONB, comment="the record as Atera sent it, product keys removed", nullable=False),
        Column(
            "raw_hash",
            BigInteger,
            comment="hash of raw with sorted keys: equal means unchanged",
            nullable=False,
        ),
        moment("fetched_at", "moment before Atera was asked for this version of the record", nullable=False),
        moment("deleted_at", "when a complete pass no longer found the record, or null"),
    ]
