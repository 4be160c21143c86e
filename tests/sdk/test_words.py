import pytest

from helpdesk_mcp.sdk.words import inert, joined, quoted


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


@pytest.mark.parametrize("char", [chr(code) for code in range(0x100)])
def test_a_plain_text_is_shown_as_it_is_beside_one_that_is_not(char):
    for said in (f"a{char}b", f"a {char} b", char * 2, f" {char}", f"{char} ", f"{char}<<"):
        # One letter beyond ASCII, and nothing is taken for harmless unseen.
        assert inert(said) == inert(f"ь {said}").removeprefix("ь").removeprefix(" ")


def test_a_long_title_is_cut_visibly():
    assert inert("word " * 40, 20) == "word word word word…"
    assert quoted("x" * 10, 5) == '"xxxx…"'


def test_quoted_words_cannot_close_their_quotation_marks():
    assert quoted('x" (approved)') == '"x\' (approved)"'


def test_parts_that_are_empty_leave_no_separator():
    assert joined(["a", "", None, "b"]) == "a · b"
