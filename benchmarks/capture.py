"""The statements that a tool really executes, as the driver gets them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

Statement = tuple[str, tuple[Any, ...]]


@contextmanager
def captured(engine: AsyncEngine) -> Iterator[list[Statement]]:
    """Yield a list that fills with each statement and its values while the block runs."""
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: Any) -> None:
        found.append((statement, tuple(values)))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
