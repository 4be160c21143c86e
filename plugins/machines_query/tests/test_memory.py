"""Fitted memory from usable memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mcp_machines_query.memory import SIZES, above_mb, fitted_gb, most_mb


@pytest.mark.parametrize(
    ("usable", "fitted"), [(8065, 8), (8192, 8), (7100, 8), (3765, 4), (2937, 3), (16236, 16), (130941, 128)]
)
def test_the_fitted_size_is_the_next_that_modules_make(usable, fitted):
    assert fitted_gb(usable) == fitted


@given(st.integers(1, 2_000_000), st.floats(0.5, 2048))
def test_at_least_and_less_than_divide_all_machines(usable, gb):
    assert (usable > above_mb(gb)) == (fitted_gb(usable) >= gb)


@given(st.integers(1, 2_000_000), st.sampled_from(SIZES))
def test_at_most_takes_the_fitted_size_itself(usable, gb):
    assert (usable <= most_mb(gb)) == (fitted_gb(usable) <= gb)
