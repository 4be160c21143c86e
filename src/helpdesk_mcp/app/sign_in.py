"""How callers over HTTP sign in, from the settings."""

from urllib.parse import urlsplit

from helpdesk_mcp.server.doors import Doors
from helpdesk_mcp.server.identity import Verifier
from helpdesk_mcp.server.tokens import HelpdeskTokens
from helpdesk_mcp.settings import Settings, SettingsError

from .database import Database


def make_doors(settings: Settings, database: Database) -> Doors:
    """Return whom the server lets in. Neither the database nor the provider is asked yet.

    Raises:
        SettingsError: the settings of the identity provider are missing or cannot be used.
    """
    return Doors(
        verifier=_verifier(settings, database),
        issuer=settings.oidc_issuer if settings.http_auth == "oidc" else None,
        url=settings.http_url,
        hosts=listed(settings.http_hosts),
        origins=listed(settings.http_origins),
        proxies=settings.http_proxies,
        requests_per_minute=settings.http_requests_per_minute,
        body_limit=settings.http_body_limit_kb * 1024,
    )


def listed(text: str | None) -> tuple[str, ...]:
    """Return the items of a comma-separated setting."""
    return tuple(item.strip() for item in (text or "").split(",") if item.strip())


def _verifier(settings: Settings, database: Database) -> Verifier | None:
    if settings.http_auth == "none":
        return None
    ours = HelpdeskTokens(database.server)
    if settings.http_auth == "tokens":
        return ours
    from helpdesk_mcp.server.oidc import Claims, EitherTokens, ProviderTokens  # noqa: PLC0415 - loads cryptography

    claims = Claims(
        issuer=_issuer(settings),
        audiences=_audiences(settings),
        engineer=listed(settings.oidc_engineer_claims),
        roles=listed(settings.oidc_role_claims),
        grants={
            "read": listed(settings.oidc_read.lower()),
            "write": listed(settings.oidc_write.lower()),
            "reach": listed(settings.oidc_reach.lower()),
        },
    )
    return EitherTokens(ours, ProviderTokens(claims))


def _issuer(settings: Settings) -> str:
    issuer = settings.oidc_issuer
    if issuer is None:
        raise SettingsError(
            "HELPDESK_HTTP_AUTH is oidc, so HELPDESK_OIDC_ISSUER has to name the identity provider."
        )
    parts = urlsplit(issuer)
    is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or not (parts.scheme == "https" or is_here):
        raise SettingsError(
            "HELPDESK_OIDC_ISSUER cannot be used: it has to begin with https://, because whoever can change its keys on "
            "the way can sign in as anybody."
        )
    return issuer


def _audiences(settings: Settings) -> tuple[str, ...]:
    audiences = listed(settings.oidc_audience)
    if not audiences:
        raise SettingsError(
            "HELPDESK_HTTP_AUTH is oidc, so HELPDESK_OIDC_AUDIENCE has to say for whom its tokens are meant: without it, a "
            "token for any other program of the company would open this one."
        )
    return audiences
