import pytest

from helpdesk_mcp.server import calls

pytestmark = pytest.mark.anyio


async def test_a_ticket_by_address_is_the_text_of_the_tool(mirror, ask):
    await mirror.ticket(24117)
    await mirror.ticket(500, id=24117)
    text = await ask.resource("ticket://{number}", number="24117")
    assert text == await ask("get_ticket", ticket="24117")
    assert "Note: 24117 is also the id of another ticket, #500" in text


async def test_an_unknown_ticket_is_told(mirror, ask):
    with pytest.raises(calls.Failed, match="There is no ticket with the number or id"):
        await ask.resource("ticket://{number}", number="1")
