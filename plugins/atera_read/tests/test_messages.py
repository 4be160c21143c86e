import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mcp_atera_read.messages import folded, shares, shortened


@given(st.lists(st.integers(0, 5_000), max_size=30), st.integers(0, 10_000))
def test_shares_keep_to_the_budget_and_give_nobody_more_than_needed(lengths, budget):
    given_out = shares(lengths, budget)
    assert len(given_out) == len(lengths)
    assert sum(given_out) <= budget
    assert all(share <= length for share, length in zip(given_out, lengths, strict=True))


def test_short_texts_are_whole_and_long_ones_share_what_is_left():
    assert shares([100, 5000, 50, 4000], 1150) == [100, 500, 50, 500]


def test_what_fits_is_shown_whole():
    assert shares([10, 20], 1000) == [10, 20]


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("short", 100, ("short", False)),
        ("just a little longer than allowed", 10, ("just a little longer than allowed", False)),
        ("word " * 40, 23, ("word word word word", True)),
        ("x" * 200, 20, ("x" * 20, True)),
    ],
)
def test_a_text_is_cut_at_a_word(text, longest, shown):
    assert shortened(text, longest) == shown


def test_what_was_folded_is_counted():
    message = folded("Yes.\n\n-- \nJens\nNordlicht\n\n> Did it\n> help?", "Jens")
    assert message.body == "Yes."
    assert "2 quoted lines" in message.folded


def test_an_empty_message_says_so():
    assert folded("", None).body == "(no text)"
