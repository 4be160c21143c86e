"""What the person is told when the server cannot answer: what happened, and what to do next."""

import json
from http import HTTPStatus
from typing import Any, cast

import httpx2

_ASK = "Ask whoever runs the helpdesk server"
_LONGEST_QUOTE = 200
_WHERE = "HELPDESK_BRIDGE_TOKEN (in Claude Desktop: the settings of the Helpdesk extension)"

_BY_STATUS = {
    404: "There is no MCP server at {address} (404). Check the address: it ends with /mcp.",
    405: "{address} does not take MCP messages (405). Check the address: it ends with /mcp.",
    413: "The helpdesk server takes no message as large as this one (413). Send less at once.",
    421: "The helpdesk server does not answer to the name in {address} (421). "
    + _ASK
    + " which name to use, or to allow this one.",
    429: "The helpdesk server is asked too much at the moment (429). Wait a minute, then ask again.",
}


class Trouble(Exception):
    """The server gave no answer; the message is a sentence for the person. `status` is the HTTP status, if there was one."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class Unreachable(Trouble):
    """Nothing was sent: there was no connection."""


def unreachable(address: str, error: Exception) -> Unreachable:
    """Return the trouble of a connection that could not be made."""
    return Unreachable(
        f"The helpdesk server at {address} cannot be reached ({_words(error)}). Check that this computer is in the "
        "company's network or VPN and that the server runs, then ask again: nothing has to be restarted."
    )


def broken(address: str, error: Exception | None) -> Trouble:
    """Return the trouble of a connection that ended before the answer."""
    reason = f" ({_words(error)})" if error else ""
    return Trouble(
        f"The connection to the helpdesk server at {address} ended before the answer came{reason}. Ask again; if it "
        "was a change, look first whether it happened."
    )


def refused(address: str, response: httpx2.Response, *, has_token: bool) -> Trouble:
    """Return the trouble of a status that is no success; the body has been read."""
    status = response.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        return Trouble(_unauthorized(address, has_token=has_token), status)
    if status == HTTPStatus.FORBIDDEN:
        return Trouble(
            f"The helpdesk server at {address} does not allow this (403){_quote(response)}. {_ASK} for a token that "
            "may do it.",
            status,
        )
    if response.is_redirect:
        return Trouble(
            f"{address} sends us to {response.headers.get('location', 'another address')} ({status}), and the token goes "
            "nowhere but to the address that was set. If that is the helpdesk server, set it as the address.",
            status,
        )
    if status in _BY_STATUS:
        return Trouble(_BY_STATUS[status].format(address=address), status)
    return Trouble(
        f"The helpdesk server at {address} is in trouble ({status}){_quote(response)}. Try again in a minute; if it "
        "stays so, tell whoever runs it.",
        status,
    )


def no_mcp(address: str, response: httpx2.Response) -> Trouble:
    """Return the trouble of a success that is not the protocol: a proxy's login page, another program."""
    kind = response.headers.get("content-type", "no type").partition(";")[0]
    return Trouble(
        f"What answers at {address} is no MCP server (it sends {kind}). Check the address, and any proxy in between.",
        response.status_code,
    )


def _unauthorized(address: str, *, has_token: bool) -> str:
    if has_token:
        return (
            f"The helpdesk server at {address} does not accept the token (401): it is wrong, revoked or expired. "
            f"{_ASK} for a new one, and set it as {_WHERE}."
        )
    return f"The helpdesk server at {address} asks for a token (401). {_ASK} for one, and set it as {_WHERE}."


def _quote(response: httpx2.Response) -> str:
    """Return the server's own words, if it has some that a person can read."""
    try:
        value: Any = json.loads(response.text)
    except ValueError:
        said = response.text if "html" not in response.headers.get("content-type", "html") else ""
    else:
        said = cast("dict[str, Any]", value).get("error_description", "") if isinstance(value, dict) else ""
    words = " ".join(str(said).split())[:_LONGEST_QUOTE]
    return f': "{words}"' if words.isprintable() and words else ""


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
