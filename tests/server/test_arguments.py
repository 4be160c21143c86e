from typing import Annotated, Literal

import pytest
from pydantic import Field

from helpdesk_mcp.sdk import Advanced, BadInput, Call
from helpdesk_mcp.server.arguments import Arguments


async def search(
    call: Call,
    *,
    text: Annotated[str | None, Field(description="Words")] = None,
    sort: Literal["newest", "oldest"] = "newest",
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
    stale_days: Annotated[int | None, Field(ge=1), Advanced()] = None,
):
    """Search."""


async def count(call: Call, *, number: int, names: list[str] | None = None):
    """Count."""


async def fetch(call: Call, *, ticket: str):
    """Fetch."""


def test_the_schema_is_short_and_exact():
    assert Arguments(search).schema == {
        "type": "object",
        "properties": {
            "text": {"description": "Words", "type": "string"},
            "sort": {"enum": ["newest", "oldest"], "type": "string", "default": "newest"},
            "limit": {"maximum": 50, "type": "integer", "default": 20},
            "stale_days": {"type": "integer"},
        },
    }


def test_a_required_argument_is_listed_as_required():
    assert Arguments(fetch).schema["required"] == ["ticket"]


def test_the_small_profile_leaves_advanced_arguments_out_and_refuses_them():
    small = Arguments(search, small=True)
    assert "stale_days" not in small.schema["properties"]
    with pytest.raises(BadInput, match="search has no argument 'stale_days'; it takes text, sort, limit."):
        small.check({"stale_days": 3})


def test_null_and_blank_count_as_left_out():
    assert Arguments(search).check({"text": "  ", "limit": None}) == {
        "text": None,
        "sort": "newest",
        "limit": 20,
        "stale_days": None,
    }


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"txt": "vpn"}, "search has no argument 'txt'; it takes text, sort, limit, stale_days."),
        ({"limit": 500}, "'limit' cannot be 500: input should be less than or equal to 50."),
        ({"sort": "best"}, "'sort' cannot be 'best': input should be 'newest' or 'oldest'."),
        (
            {"limit": "many"},
            "'limit' cannot be 'many': input should be a valid integer, unable to parse string as an integer.",
        ),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(sent, sentence):
    with pytest.raises(BadInput) as caught:
        Arguments(search).check(sent)
    assert str(caught.value) == sentence


def test_a_missing_argument_is_told_in_a_sentence():
    with pytest.raises(BadInput, match="'ticket' is required."):
        Arguments(fetch).check(None)


def test_numbers_as_text_are_taken_as_numbers():
    assert Arguments(search).check({"limit": "5"})["limit"] == 5


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfff"])
def test_text_that_no_database_holds_is_refused(text):
    refusal = "cannot be used: it holds a NUL or half of a character, which no text has."
    with pytest.raises(BadInput) as caught:
        Arguments(search).check({"text": text})
    assert str(caught.value) == f"'text' {refusal}"
    with pytest.raises(BadInput) as caught:
        Arguments(count).check({"number": 1, "names": ["good", text]})
    assert str(caught.value) == f"'names' {refusal}"


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
def test_a_number_that_no_column_holds_is_refused(number):
    assert Arguments(count).check({"number": 2**63 - 1})["number"] == 2**63 - 1
    with pytest.raises(BadInput) as caught:
        Arguments(count).check({"number": number})
    assert str(caught.value) == "'number' cannot be used: no number here is that large."


def test_of_a_long_wrong_value_the_beginning_is_repeated():
    with pytest.raises(BadInput) as caught:
        Arguments(search).check({"limit": "x" * 10_000})
    assert len(str(caught.value)) < 300
