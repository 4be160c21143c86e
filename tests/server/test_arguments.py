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
