"""Where a fleet is summed up."""

from threading import get_ident

import pytest

from helpdesk_mcp_machines_query.survey import aside

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("parts", "is_here"), [(199, True), (200, False)])
async def test_a_big_fleet_is_summed_up_in_a_thread_and_a_small_one_at_once(parts, is_here):
    assert (await aside(parts, get_ident) == get_ident()) is is_here
