"""Whether rights are separated: one role for questions, one for the worker, one for the server's own records."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .engines import ASSUMABLE, READER, SERVER, WRITER

# A login that is a member of one role lacks the others on purpose; only an owner who lacks one works with too many rights.
_UNTAKEN = text(f"""
    SELECT wanted FROM unnest(CAST(:roles AS text[])) WITH ORDINALITY AS roles (wanted, place)
    WHERE pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'mirror.ticket'::regclass), 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted AND {ASSUMABLE})
    ORDER BY place
""")  # noqa: S608 - our own words


async def untaken(connection: AsyncConnection) -> list[str]:
    """Return the roles that this user, who owns the tables, cannot take; none for a login that owns nothing."""
    return list((await connection.execute(_UNTAKEN, {"roles": [READER, WRITER, SERVER]})).scalars())
