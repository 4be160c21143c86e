import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_mcp.text import to_plain
from helpdesk_mcp.text.plain import is_html

MARKUP = st.lists(
    st.sampled_from(
        [
            "<div>",
            "</div>",
            "<p>",
            "</p>",
            "<br>",
            "<b",
            ">",
            "<!--",
            "-->",
            "<![if x]>",
            "<style>",
            "</style>",
            "&#",
            "<td>",
            "<tr>",
            "<table>",
            "<li>",
            "<ul>",
            "</ul>",
            "<a href='http://x'>",
            "</a>",
            "<blockquote>",
            "</blockquote>",
            "'",
            '"',
            "<p style='color:",
            "white'>",
            "word",
            " ",
            "\n",
            "\0",
            "\ud800",
            "\xa0",
            "<title>",
            "<pre>",
            "</pre>",
            "<?",
            "<o:p/>",
        ],
    ),
).map("".join)


def test_plain_text_stays_as_it_is():
    assert to_plain("Printer down.\n\n  C:\\> ipconfig") == "Printer down.\n\n  C:\\> ipconfig"


def test_plain_text_that_speaks_of_tags_and_addresses_is_not_html():
    text = "Use the <b> tag, then mail Ann <ann@example.com> if 1 < 2."
    assert to_plain(text) == text


def test_line_ends_spaces_and_blank_lines_are_tidied():
    assert to_plain("\ufeffone\r\ntwo\xa0x  \r\n\r\n\r\n\r\nthree\r\n") == "one\ntwo x\n\nthree"


def test_what_postgres_refuses_is_gone():
    assert to_plain("a\0b\ud800c") == "ab\ufffdc"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p class=MsoNormal>One</p><p class=MsoNormal>Two</p>", "One\nTwo"),
        ("<div>One<br></div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("<div>A &amp; B &lt;c&gt;\n  next</div>", "A & B <c> next"),
        ("<ul><li>red</li><li><p>blue</p></li></ul>", "- red\n- blue"),
        ("<ol><li>open<ul><li>lid</ul><li>close</ol>", "1. open\n  - lid\n2. close"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("<p>un<b>bro</b>ken</p>", "unbroken"),
    ],
)
def test_blocks_lists_and_breaks_become_lines(source, expected):
    assert to_plain(source) == expected


def test_a_table_row_is_one_line_and_an_empty_cell_keeps_its_place():
    rows = (
        "<tr><th>Old</th><th>New</th><th>By</th></tr><tr><td><p>1</p></td><td></td><td><p>Ann</p></td></tr>"
    )
    assert to_plain(f"<table>{rows}</table>") == "Old | New | By\n1 |  | Ann"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<a href="https://example.com/kb/7">the guide</a>', "the guide (https://example.com/kb/7)"),
        ('<a href="https://www.example.com/">example.com</a>', "example.com"),
        ('<a href="mailto:ann@example.com">ann@example.com</a>', "ann@example.com"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ('<a href="https://example.com"><img src="x.png" alt="logo"></a>', ""),
        (
            '<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fa&data=05">go</a>',
            "go (https://example.com/a)",
        ),
    ],
)
def test_a_link_shows_its_address_only_when_that_says_more(link, expected):
    assert to_plain(f"<p>{link}</p>") == expected


def test_images_are_dropped_unless_their_description_says_something():
    images = '<img src=a alt="Screenshot of error 0x80070005"><img src=b alt=image001.png><img src=c width=1 height=1 alt=hi>'
    assert to_plain(f"<div>{images}</div>") == "[image: Screenshot of error 0x80070005]"


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none">secret</span>',
        '<span style="DISPLAY : none !important">secret</span>',
        '<span style="dis/**/play:none;display:none" style="">secret</span>',
        '<span style="visibility:hidden">secret</span>',
        '<span style="font-size:0px">secret</span>',
        '<span style="opacity:0">secret</span>',
        '<span style="color:#fff">secret</span>',
        '<span style="color:rgb(255, 255, 255)">secret</span>',
        '<font color="white">secret</font>',
        '<span style="mso-hide:all">secret</span>',
        '<div style="background:#000;color:black">secret</div>',
        "<style>.x{display:none}</style><span class=x>secret</span>",
        "<div hidden>secret</div>",
        "<!-- secret -->",
        "<![CDATA[secret]]>",
        "<script>secret</script>",
        "<title>secret</title>",
    ],
)
def test_what_a_reader_would_not_see_is_not_shown(hidden):
    assert "secret" not in to_plain(f"<p>before</p>{hidden}<p>after</p>")
    assert to_plain(f"<p>before</p>{hidden}<p>after</p>").endswith("after")


@pytest.mark.parametrize(
    "shown",
    [
        '<td style="background:#003366;color:#ffffff">words</td>',
        '<table bgcolor="navy"><tr><td style="color:white">words</td></tr></table>',
        '<td style="font-size:0px"><div style="font-size:14px">words</div></td>',
        '<td background="x.png" style="color:#fff">words</td>',
        "<style>@media (max-width:600px){.m{display:none}}</style><div class=m>words</div>",
        "<!--[if !mso]><!--><div>words</div><!--<![endif]-->",
        "<body><p>un<title/>closed</p>words",
    ],
)
def test_what_a_reader_would_see_is_shown(shown):
    assert "words" in to_plain(f"<div>{shown}</div>")


@pytest.mark.parametrize(
    "quote",
    [
        "<blockquote type=cite>old</blockquote>",
        "<div class=gmail_quote>On 1 May 2024, Bob wrote:<blockquote class=gmail_quote>old</blockquote></div>",
        "<div class='yahoo_quoted'>old</div>",
        "<span id=OLK_SRC_BODY_SECTION><div>old</div></span>",
        "<div id=divRplyFwdMsg>From: Bob</div><div>old</div>",
    ],
)
def test_what_a_mail_program_marks_as_quote_carries_the_mark(quote):
    lines = to_plain(f"<div>new</div>{quote}").split("\n")
    assert lines[0] == "new"
    assert lines[-1] == "> old"


def test_an_answer_between_the_parts_of_a_gmail_quote_is_not_marked():
    source = "<div class=gmail_quote>On 1 May 2024, Bob wrote:<blockquote>one</blockquote>yes<blockquote>two</blockquote></div>"
    assert to_plain(source) == "> On 1 May 2024, Bob wrote:\n> one\nyes\n> two"


def test_ten_thousand_levels_are_read_like_one():
    assert to_plain("<div>" * 10_000 + "deep" + "</div>" * 10_000) == "deep"
    assert to_plain("<blockquote>" * 10_000 + "deep").endswith("> deep")


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<!--",
        "<a ",
        "<blockquote>x",
        "</i><b>",
        '<a b="',
        "<![x",
        "&#x",
        "<tr><td>x",
        "<style>",
        " \n",
    ],
)
def test_a_megabyte_of_hostile_html_is_read_in_seconds(piece):
    source = "<p>x</p>" + piece * (1_000_000 // len(piece))
    start = time.process_time()
    to_plain(source)
    # 2 s is the promise on a quiet machine; the quadratic ways this guards against take minutes.
    assert time.process_time() - start < 6


@settings(max_examples=300, deadline=None)
@given(MARKUP | st.text())
def test_any_text_can_be_read_and_stored(source):
    plain = to_plain(source)
    assert "\0" not in plain
    plain.encode()


@given(st.text(alphabet=st.characters(codec="utf-8")).filter(lambda text: not is_html(text)))
def test_plain_text_is_read_once_and_for_all(source):
    once = to_plain(source)
    assert to_plain(once) == once
