"""What an answer of Atera means: its JSON, or the sentence it gives for a refusal.

A 200 proves nothing: proxies answer with HTML, servers with half a document. Refusals come as ProblemDetails, as older
ASP.NET's `Message`, as plain text or as nothing at all; all of it is text from outside and is cleaned before it is shown.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

import orjson

from helpdesk_mcp.atera.credentials import Credentials
from helpdesk_mcp.atera.errors import AteraError, BadAnswer, Forbidden, Rejected
from helpdesk_mcp.atera.retry import PassingTrouble
from helpdesk_mcp.atera.transport import Answer

LONGEST_SENTENCE = 400
"""Characters of Atera's own words that fit into a message."""

_DOMAINS = {
    "agents": "Agents",
    "alerts": "Alerts",
    "billing": "Billing",
    "contacts": "Contacts",
    "contracts": "Contracts",
    "customers": "Customers",
    "customvalues": "CustomValues",
    "departments": "Departments",
    "devices": "Devices",
    "knowledgebases": "KnowledgeBase",
    "rates": "Rates",
    "tickets": "Tickets",
    "workhours": "Tickets",
}
"""First part of a path to the permission domain of a key. That work hours belong to tickets is assumed."""
_PERMISSIONS = {"GET": "Read", "DELETE": "Delete"}
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
"""U+0000, which no text column of Postgres holds, as JSON writes it; a backslash that is escaped itself begins no escape."""
_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)


def read_json(answer: Answer) -> Any:
    """Return the JSON of a 2xx answer, None where it is empty. PassingTrouble when it is no JSON."""
    if not answer.body.strip():
        return None
    body = _ESCAPED_NUL.sub(rb"\1\\ufffd", answer.body) if b"\\u0000" in answer.body else answer.body
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return _read_leniently(body)
    except (ValueError, RecursionError) as error:
        raise PassingTrouble(_unreadable(answer)) from error


def _read_leniently(body: bytes) -> Any:
    """Read what orjson refuses: a byte order mark, NaN, half an emoji left by a server that cut a text."""
    value = json.loads(body, parse_constant=lambda _: None)
    text = orjson_text(value)
    return orjson.loads(text)


def orjson_text(value: Any) -> str:
    """Return the value as JSON text in which lone surrogates, which no database stores, are replacement characters."""
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", json.dumps(value, ensure_ascii=False))


def _unreadable(answer: Answer) -> str:
    if looks_like_html(answer.body):
        return f"a web page{_page_title(answer.body)} came instead of JSON, perhaps from a proxy or a login in between"
    return f"the answer ({len(answer.body)} bytes) is no readable JSON"


def looks_like_html(body: bytes) -> bool:
    """Return whether the body is a web page, whatever its content type says."""
    return body.lstrip()[:1] == b"<"


def _page_title(body: bytes) -> str:
    found = _TITLE.search(body[:4000].decode("utf-8", "replace"))
    return f' titled "{clean(found[1])}"' if found else ""


def said(answer: Answer) -> str:
    """Return Atera's own words for a refusal in one line; empty if it gave none."""
    if looks_like_html(answer.body):
        return f"a web page{_page_title(answer.body)}"
    try:
        value: Any = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        value = answer.body.decode("utf-8", "replace")
    if isinstance(value, dict):
        return clean("; ".join(_sentences(cast("dict[str, Any]", value))))
    return clean(value) if isinstance(value, str) else ""


def _sentences(problem: dict[str, Any]) -> Iterator[str]:
    """Yield what a ProblemDetails (any spelling of its keys) has to say, the most telling part first."""
    lowered = {key.lower(): value for key, value in problem.items()}
    main = next((lowered[key] for key in ("detail", "message", "title", "error") if lowered.get(key)), None)
    if isinstance(main, str):
        yield main
    fields = lowered.get("errors") or lowered.get("modelstate")
    if isinstance(fields, dict):
        for name, complaints in cast("dict[str, Any]", fields).items():
            listed = cast("list[Any]", complaints) if isinstance(complaints, list) else [complaints]
            yield f"{name}: {' '.join(str(complaint) for complaint in listed)}"


def clean(text: str) -> str:
    """Return text from outside as one line without invisible characters, shortened with a note of how much is missing."""
    visible = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    line = " ".join(visible.split())
    if len(line) <= LONGEST_SENTENCE:
        return line
    return f"{line[:LONGEST_SENTENCE]} … ({len(line) - LONGEST_SENTENCE} more characters)"


@dataclass(frozen=True, slots=True)
class Refusals:
    """Turns statuses of 400 and above into the error that says what to do, without the key in it."""

    credentials: Credentials

    def raise_for(self, answer: Answer, method: str, path: str) -> NoReturn:
        """Raise the error for a status that no further attempt would change."""
        words = self.credentials.hidden_in(said(answer))
        if answer.status == 401:  # noqa: PLR2004 - an HTTP status
            raise self.credentials.refusal(answer.sent_at)
        if answer.status == 403:  # noqa: PLR2004 - an HTTP status
            raise _forbidden(method, path, words)
        if answer.status < 400:  # noqa: PLR2004 - an HTTP status
            raise _redirected(answer, method, path)
        spoken = f'Atera says: "{words}".' if words else "It gives no reason."
        raise Rejected(
            f"Atera refused {method} {path} ({answer.status}). {spoken} Change the request before sending it again.",
            status=answer.status,
            said=words,
        )


def _forbidden(method: str, path: str, words: str) -> Forbidden:
    domain = _DOMAINS.get(path.strip("/").split("/")[0].lower())
    permission = _PERMISSIONS.get(method, "Write")
    wanted = f"{permission} on {domain}" if domain else "this"
    spoken = f' It answered: "{words}".' if words else ""
    return Forbidden(
        f"Atera does not allow {method} {path} with this key (403).{spoken} Give the key {wanted} in Atera under "
        "Admin > Data management > API, and check its list of allowed addresses.",
        domain=domain,
    )


def _redirected(answer: Answer, method: str, path: str) -> AteraError:
    host = urlsplit(answer.headers.get("location", "")).hostname
    return BadAnswer(
        f"Atera answered {method} {path} with a redirect ({answer.status}{f' to {host}' if host else ''}), which is not "
        "followed because the key would travel along. Check the base URL, and any proxy or login page in between."
    )
