"""What holds for every name, also for those that nobody has seen."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mcp_machines_query.processors import classify

STEMS = st.sampled_from(
    ["Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", "AMD Ryzen 3 2200G with Radeon Vega Graphics", "Intel(R) Xeon(R) W-2123 CPU @ 3.60GHz"]
)  # fmt: skip


@given(st.text())
def test_no_text_is_too_odd_to_judge(name):
    assert classify(name).verdict in {"yes", "no", "conditional", "unknown"}


@given(STEMS, st.integers(1, 9), st.booleans())
def test_blanks_signs_and_case_do_not_matter(name, blanks, shout):
    other = name.replace(" ", " " * blanks).replace("(R)", "®").replace("(TM)", "™") + " " * blanks
    assert classify(other.upper() if shout else other).verdict == classify(name).verdict


@given(st.text(alphabet="ghjkopqstwyz -", max_size=40))
def test_words_without_a_maker_are_unknown(name):
    assert classify(name).verdict == "unknown"
