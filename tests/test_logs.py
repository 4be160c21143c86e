import pytest

from helpdesk_mcp.logs import redact


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("url=postgresql://me:hunter2@db/helpdesk", "url=postgresql://me:***@db/helpdesk"),
        ("Authorization: Bearer abc.def.ghi", "Authorization: ***"),
        ("X-API-KEY=0123456789abcdef next", "X-API-KEY=*** next"),
        ("jwt eyJhbGciOi.eyJzdWIi.sig-nature here", "jwt *** here"),
        ("made " + "hdmcp_" + "0f" * 36 + " for jens", "made *** for jens"),
        ("ticket 24117 stays", "ticket 24117 stays"),
    ],
)
def test_secrets_are_masked_and_nothing_else(line, shown):
    assert redact(line) == shown
