"""What an operator does with tokens, as the command line calls it."""

import pytest
from sqlalchemy import text

from helpdesk_mcp.app import tokens
from helpdesk_mcp.settings import SettingsError, load
from helpdesk_mcp.store.engines import write_engine
from helpdesk_mcp.store.tokens import is_well_formed

pytestmark = pytest.mark.anyio
NOWHERE = load({"HELPDESK_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/helpdesk"})


@pytest.fixture
async def settings(shared_database_url):
    engine = write_engine(shared_database_url)
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE helpdesk.token RESTART IDENTITY"))
    await engine.dispose()
    return load({"HELPDESK_DATABASE_URL": shared_database_url})


async def make(settings, name, *, engineer=None, scopes="read", expires="90d"):
    return await tokens.make(settings, name, engineer=engineer, scopes=scopes, expires=expires)


async def test_a_new_token_comes_with_words_that_say_all_but_what_it_is(settings):
    secret, about = await make(settings, "jens-laptop", engineer=" jens@example.com ", scopes="write")
    assert is_well_formed(secret)
    first, second = about.splitlines()
    assert first.startswith("Token 1 (jens-laptop) for jens@example.com; it may read, write, until ")
    assert (
        second == "It is shown only now; the database has its hash. Send it as: Authorization: Bearer <token>"
    )
    assert secret[6:30] not in about


async def test_a_token_for_nobody_says_what_that_means(settings):
    _, about = await make(settings, "prometheus")
    assert about.startswith(
        "Token 1 (prometheus) for nobody in particular, so that `me` means nothing; it may read, "
    )


async def test_the_list_shows_everything_but_the_tokens(settings, capsys):
    await tokens.show(settings)
    assert capsys.readouterr().out == "There are no tokens.\n"
    secret, _ = await make(settings, "jens-laptop", engineer="jens@example.com", scopes="reach")
    await make(settings, "lost")
    await tokens.revoke(settings, "lost")
    await tokens.show(settings)
    shown = capsys.readouterr().out
    header, jens, lost = [line.split() for line in shown.splitlines()]
    assert header == ["id", "name", "engineer", "scopes", "state", "expires", "last", "used"]
    assert jens[:7] == ["1", "jens-laptop", "jens@example.com", "read,", "write,", "reach", "in"]
    assert (jens[-1], lost[:4]) == ("never", ["2", "lost", "read", "revoked"])
    assert secret[6:30] not in shown


async def test_a_token_is_taken_back_once(settings):
    await make(settings, "lost")
    assert (
        await tokens.revoke(settings, "lost")
        == "Token 1 (lost) is revoked; servers refuse it within 5 seconds."
    )
    with pytest.raises(SettingsError) as unknown:
        await tokens.revoke(settings, "lost")
    assert str(unknown.value) == "No token in force is called 'lost': `helpdesk-mcp token list` shows them."


async def test_a_name_that_is_in_use_is_refused(settings):
    await make(settings, "jens")
    with pytest.raises(SettingsError) as taken:
        await make(settings, " jens ")
    assert str(taken.value) == (
        "There is a token 'jens' already: take it back with `helpdesk-mcp token revoke`, or choose another name."
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"scopes": "read,admin"},
            "--scopes takes read, write, reach, each with those before it, and no 'admin'.",
        ),
        (
            {"scopes": " "},
            "--scopes takes read, write, reach, each with those before it, and nothing was given.",
        ),
        *(
            (
                {"expires": said},
                f"--expires takes hours, days or weeks up to ten years, such as 12h, 90d or 52w, and not {said!r}.",
            )
            for said in ("soon", "0d", "90", "-1d", "99999d")
        ),
        ({"name": " "}, "A token needs a name that says whose it is, such as jens-laptop."),
    ],
)
async def test_a_token_that_cannot_be_made_is_told_why_before_the_database_is_asked(wrong, sentence):
    with pytest.raises(SettingsError) as refused:
        await make(NOWHERE, **{"name": "x", **wrong})
    assert str(refused.value) == sentence
