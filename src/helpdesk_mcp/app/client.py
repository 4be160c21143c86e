"""The client of Atera's API, from the settings."""

from helpdesk_mcp.atera import AteraClient, RetryPolicy
from helpdesk_mcp.settings import Settings, SettingsError


def make_client(settings: Settings, policy: RetryPolicy | None = None) -> AteraClient:
    """Return the client, not yet open; `policy` says how patient it is.

    Raises:
        SettingsError: no token is configured.
    """
    if settings.atera_token is None:
        raise SettingsError(
            "HELPDESK_ATERA_TOKEN is not set: make a token in Atera under Admin > Data management > API, or try "
            "`helpdesk-mcp demo`, which needs none."
        )
    return AteraClient(
        settings.atera_url,
        settings.atera_token.get_secret_value(),
        auth=settings.atera_auth,
        requests_per_minute=settings.atera_requests_per_minute,
        policy=policy,
    )
