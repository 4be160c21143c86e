"""From settings to doors."""

import pytest

from helpdesk_mcp.app.database import Database
from helpdesk_mcp.app.sign_in import make_doors
from helpdesk_mcp.server.doors import Doors
from helpdesk_mcp.server.oidc import EitherTokens
from helpdesk_mcp.server.tokens import HelpdeskTokens
from helpdesk_mcp.settings import SettingsError, load

PROVIDER = {
    "HTTP_AUTH": "oidc",
    "OIDC_ISSUER": "https://login.example.com/x",
    "OIDC_AUDIENCE": "api://helpdesk, id",
}


def doors(**settings):
    read = load({f"HELPDESK_{name}": value for name, value in settings.items()})
    return make_doors(read, Database(read))


def test_by_default_nobody_signs_in():
    assert doors() == Doors(requests_per_minute=1200)


def test_lists_are_read_from_their_commas():
    made = doors(
        HTTP_AUTH="tokens",
        HTTP_HOSTS="helpdesk.example.com, box",
        HTTP_ORIGINS="https://chat.example.com",
        HTTP_BODY_LIMIT_KB="2",
    )
    assert isinstance(made.verifier, HelpdeskTokens)
    assert (made.hosts, made.origins) == (("helpdesk.example.com", "box"), ("https://chat.example.com",))
    assert (made.body_limit, made.issuer) == (2048, None)


def test_a_provider_is_described_by_its_settings():
    made = doors(**PROVIDER, OIDC_WRITE="Engineers, Admins", OIDC_ENGINEER_CLAIMS="upn")
    assert isinstance(made.verifier, EitherTokens)
    claims = made.verifier._theirs._claims
    assert (claims.issuer, claims.audiences) == ("https://login.example.com/x", ("api://helpdesk", "id"))
    assert (claims.engineer, claims.roles) == (("upn",), ("roles", "scp", "scope"))
    assert claims.grants == {
        "read": ("helpdesk.read",),
        "write": ("engineers", "admins"),
        "reach": ("helpdesk.reach",),
    }
    assert made.issuer == "https://login.example.com/x"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"OIDC_ISSUER": ""},
            "HELPDESK_HTTP_AUTH is oidc, so HELPDESK_OIDC_ISSUER has to name the identity provider.",
        ),
        *(
            (
                {"OIDC_ISSUER": issuer},
                (
                    "HELPDESK_OIDC_ISSUER cannot be used: it has to begin with https://, because whoever can change its keys "
                    "on the way can sign in as anybody."
                ),
            )
            for issuer in (
                "http://login.example.com",
                "login.example.com",
                "https://",
                "http://127.0.0.1.evil.example",
            )
        ),
        (
            {"OIDC_AUDIENCE": " , "},
            (
                "HELPDESK_HTTP_AUTH is oidc, so HELPDESK_OIDC_AUDIENCE has to say for whom its tokens are meant: without it, "
                "a token for any other program of the company would open this one."
            ),
        ),
    ],
)
def test_a_provider_that_is_not_described_well_is_told_before_anything_starts(changed, sentence):
    with pytest.raises(SettingsError) as refused:
        doors(**{**PROVIDER, **changed})
    assert str(refused.value) == sentence
