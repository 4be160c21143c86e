from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.anyio


async def test_engineers_and_me(mirror, ask):
    await mirror.engineer(1, "Jens Holm")
    await mirror.engineer(2, "Meike Voss")
    assert await ask.completed("engineer", "me") == ["me", "Meike Voss"]
    assert await ask.completed("engineer", "jen") == ["Jens Holm"]


async def test_customers(mirror, ask):
    await mirror.customer(1, "Brandt Logistik")
    assert await ask.completed("customer", "log") == ["Brandt Logistik"]
    assert await ask.completed("customer", "zzz") == []


async def test_ticket_numbers_newest_first(mirror, ask):
    await mirror.ticket(2411, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    await mirror.ticket(2412, created_at=datetime(2026, 1, 2, tzinfo=UTC))
    await mirror.ticket(2500)
    for argument in ("ticket", "number"):
        assert await ask.completed(argument, "#24") == ["2412", "2411"]


async def test_statuses_and_their_groups(mirror, ask):
    await mirror.ticket(1, status="Open")
    await mirror.ticket(2, status="On hold")
    assert await ask.completed("status", "o") == ["open", "On hold", "Open"]
    assert await ask.completed("status", "") == ["open", "closed", "all", "On hold", "Open"]
