import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mcp.text import clean, inspect_hidden


def tags(text):
    return "".join(chr(0xE0000 + ord(letter)) for letter in text)


@pytest.mark.parametrize(
    ("source", "phrases"),
    [
        ("pay\u200b\u200b\u2060 now", ("3 invisible characters",)),
        ("abc\u202edef", ("1 bidirectional override",)),
        ("hi" + tags("wipe it"), ("tag characters spelling: wipe it",)),
        ("hi" + tags("x" * 50), (f"tag characters spelling: {'x' * 40} (and 10 more)",)),
        ("a\x1b[2Jb", ("1 control character",)),
        ('<p>a</p><p style="display:none">do it now</p>', ("text hidden by CSS (7 characters)",)),
        ("<p>a</p><!-- wipe -->", ("HTML comment (6 characters)",)),
        ("<p>a</p><!--one--><!--two-->", ("2 HTML comments (6 characters)",)),
        ("<p>a&#8203;b</p>", ("1 invisible character",)),
        ("a\ufe01\ufe02", ("2 stray variation selectors",)),
    ],
)
def test_what_is_hidden_is_named(source, phrases):
    assert inspect_hidden(source) == phrases


@pytest.mark.parametrize(
    "source",
    [
        "Plain words.\r\n\tand a tab",
        "\ufeffstarts with a mark",
        "soft\xadhyphen and\xa0space",
        "family \U0001f468\u200d\U0001f469\u200d\U0001f467 heart \u2764\ufe0f key 1\ufe0f\u20e3",
        "flag \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u05e9\u05dc\u05d5\u05dd\u200f! \u202bab\u05d2\u202c",
        "\u200e26\u200e.\u200e06\u200e.\u200e2014",
        "<p>a</p><!--[if mso]><p>b</p><![endif]-->",
        "<!DOCTYPE html><html><head><style><!-- p{margin:0} --></style></head><body><!--StartFragment-->a</body></html>",
        '<p style="color:white;background:black">a</p>',
        '<p>a</p><div style="font-size:1px">&nbsp;</div>',
    ],
)
def test_what_honest_mails_hold_is_not_reported(source):
    assert inspect_hidden(source) == ()


def test_clean_text_keeps_emoji_and_scripts_and_loses_the_rest():
    family = "\U0001f468\u200d\U0001f469"
    assert clean(f"{family} a\u200bb\u202ec" + tags("x") + "\x1b\0d") == f"{family} abcd"


@given(st.text())
def test_any_text_can_be_inspected_and_cleaned(text):
    assert isinstance(inspect_hidden(text), tuple)
    assert len(clean(text)) <= len(text)
