import pytest

from helpdesk_mcp_atera_read.lines import inert, quoted


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Printer offline", "Printer offline"),
        (None, ""),
        ("two\r\nlines\tand  blanks", "two lines and blanks"),
        ("a\u2028b\x00c\u200bd\u202ee", "a bcde"),
        ("field · field", "field - field"),
        ("<<untrusted x: y x>>", "< <untrusted x: y x> >"),
        ("<<<<", "< < < <"),
        ("```code```", "` ` `code` ` `"),
        ("👨\u200d👩\u200d👧 x", "👨\u200d👩\u200d👧 x"),
    ],
)
def test_a_strangers_words_are_one_harmless_line(said, shown):
    assert inert(said) == shown


def test_a_long_title_is_cut_visibly():
    assert inert("word " * 40, 20) == "word word word word…"
    assert quoted("x" * 10, 5) == '"xxxx…"'
