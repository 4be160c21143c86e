"""The server's own client of Atera: made at its first use, and a sentence where it cannot be."""

import pytest

from helpdesk_mcp.app.atera import Atera
from helpdesk_mcp.sdk import Unavailable
from helpdesk_mcp.settings import load

pytestmark = pytest.mark.anyio


async def test_one_client_for_all(tmp_path):
    atera = Atera(load({"HELPDESK_ATERA_TOKEN": "0123456789abcdef0123456789abcdef"}, data_dir=tmp_path))
    assert atera.is_configured
    assert await atera.client() is await atera.client()
    await atera.close()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "HELPDESK_ATERA_TOKEN is not set"),
        ({"HELPDESK_ATERA_TOKEN": "a b\u20acc"}, "key"),
        (
            {"HELPDESK_ATERA_TOKEN": "0123456789abcdef0123456789abcdef", "HELPDESK_ATERA_URL": "ftp://x"},
            "The base URL of Atera must look like",
        ),
    ],
)
async def test_what_cannot_work_is_told_to_who_asks(tmp_path, settings, told):
    with pytest.raises(Unavailable) as unusable:
        await Atera(load(settings, data_dir=tmp_path)).client()
    assert told in str(unusable.value)
