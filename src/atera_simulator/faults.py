"""Switches: every way in which the simulated Atera can be odder, slower or more broken than its documentation.

Two families. A quirk is a standing habit of the account (a plain attribute of Faults), a Fault is a rule that spoils single
calls. All are off by default, and both can be changed while the simulator runs: in this process by assignment, over HTTP by
`POST /_simulator/faults` with the same names; `helpdesk-mcp simulate-atera --faults` takes the same JSON for the start.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

Kind = Literal[
    "status",
    "throttle",
    "throttle-bare",
    "throttle-date",
    "unauthorized",
    "slow",
    "reset",
    "hang",
    "hang-after-commit",
    "reset-after-commit",
    "truncated",
    "html",
    "malformed",
    "bad-utf8",
    "extra-field",
    "missing-field",
    "wrong-type",
    "duplicate-row",
    "shifting-pages",
]
"""What a rule does to a call:

- `status`: answers with the status `value` (default 500) and does nothing else.
- `throttle`: 429 with Retry-After `value` (default 1), in seconds.
- `throttle-bare`: 429 without Retry-After.
- `throttle-date`: 429 with the Retry-After `value` seconds from now (default 1), as an HTTP date.
- `unauthorized`: 401 with an empty body; with `after=n` a key that expires after n calls.
- `slow`: waits `value` seconds (default 1), then answers.
- `reset`: closes the connection with a TCP reset before anything is done.
- `hang`: does nothing and never answers, until the caller gives up.
- `hang-after-commit`: carries the call out, then never answers. Applies to writes unless `method` says otherwise.
- `reset-after-commit`: carries the call out, then resets the connection. Applies to writes unless `method` says otherwise.
- `truncated`: 200 with the first half of the JSON.
- `html`: 200 with a web page, as a proxy or a login wall gives it.
- `malformed`: 200 with text that is nearly JSON.
- `bad-utf8`: the right JSON with a byte in it that is no UTF-8.
- `extra-field`: every record has one field more, named `value` (default `BrandNewField`).
- `missing-field`: every record lacks the field `value` (default: its second one).
- `wrong-type`: the first record of the page has a list in the field `value` (default: its first one).
- `duplicate-row`: the last row of page 1 comes again as the first row of page 2, as if a row had come in before it.
- `shifting-pages`: after a page of tickets/lastmodified was answered its first ticket is modified, so that rows move up.
"""
WRITE_METHODS = ("POST", "PUT", "DELETE")
STORMS = ("throttle", "throttle-bare", "throttle-date")
_AFTER_COMMIT = ("hang-after-commit", "reset-after-commit")


@dataclass(slots=True)
class Fault:
    """One rule: which calls it meets and what it does to them."""

    kind: Kind
    path_prefix: str = ""
    """Below /api/v3, for example `/tickets`; empty meets every path."""
    method: str | None = None
    """GET, POST, PUT or DELETE; None meets all (for the kinds that act after a commit: the three writes)."""
    times: int | None = None
    """How many calls are spoilt before the rule is spent; None for no end."""
    every: int = 1
    """Spoil every n-th call that the rule meets."""
    after: int = 0
    """Let the first n calls pass."""
    value: int | float | str | None = None
    """Depends on the kind."""
    met: int = 0
    """Calls met so far."""
    spoilt: int = 0
    """Calls spoilt so far."""

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"There is no fault '{self.kind}'; the kinds are {', '.join(get_args(Kind))}")
        for name, least in (("every", 1), ("after", 0), ("times", 0)):
            count = getattr(self, name)
            if count is not None and not (isinstance(count, int) and count >= least):
                raise ValueError(f"'{name}' must be a whole number of {least} or more, not {count!r}")

    def strikes(self, method: str, path: str) -> bool:
        """Count the call if the rule meets it, and return whether it is to be spoilt."""
        if not path.startswith(self.path_prefix) or not self._meets(method):
            return False
        self.met += 1
        if self.times is not None and self.spoilt >= self.times:
            return False
        if self.met <= self.after or (self.met - self.after) % self.every:
            return False
        self.spoilt += 1
        return True

    def _meets(self, method: str) -> bool:
        if self.method is None:
            return method in WRITE_METHODS if self.kind in _AFTER_COMMIT else True
        return method == self.method.upper()


@dataclass(slots=True)
class Faults:
    """All switches of one account."""

    read_after_write_lag_s: float = 0.0
    """Seconds during which a ticket just created cannot be read or listed yet."""
    notes_do_not_bump: bool = False
    """Internal notes leave the modified clock and the last-comment fields of their ticket alone."""
    time_does_not_bump: bool = False
    """Time entries leave the modified clock of their ticket alone."""
    comment_errors_are_404: bool = False
    """A bad comment body gives 404 with the text "Invalid input" instead of 400."""
    comment_created_is_200: bool = False
    """POST comments answers 200 instead of 201."""
    null_links: bool = False
    """prevLink and nextLink are null at the ends instead of an empty string."""
    big_pages: bool = False
    """Up to 500 rows per page, except for tickets, comments and time entries."""
    legacy_search: bool = False
    """`searchOptions.email` and `searchOptions.phone` filter contacts, as they did until March 2026."""
    newest_first: bool = False
    """tickets/lastmodified lists the latest change first."""
    missing_is_null: bool = False
    """A missing agent, contact, customer, contract or invoice is 200 with the body `null` instead of 404."""
    autopilot: bool = False
    """TechnicianContactID -1 is accepted instead of 400."""
    can_unassign: bool = False
    """TechnicianContactID null or 0 takes the technician off; otherwise null is ignored and 0 is 400."""
    naive_dates: tuple[str, ...] = ()
    """Path prefixes whose dates come without a zone and with seven fraction digits."""
    date_skew_s: float = 0.0
    """Seconds added to the Date header."""
    rules: list[Fault] = field(default_factory=list[Fault])
    """Rules that spoil single calls."""

    def configure(self, wanted: Any) -> None:
        """Set the named switches of a JSON object; `rules` (a list of objects with Fault's fields) replaces all rules.

        Raises ValueError with a sentence, and changes nothing, when a name or value does not exist.
        """
        if not isinstance(wanted, dict):
            # One kind of error for everything a caller may get wrong in the JSON, here and below.
            raise ValueError("it is no JSON object")  # noqa: TRY004 - see above
        known = self.__dataclass_fields__
        values = dict(cast("dict[str, Any]", wanted))
        if unknown := sorted(set(values) - set(known)):
            raise ValueError(f"There is no switch {', '.join(unknown)}; the switches are {', '.join(known)}")
        if isinstance(values.get("rules"), list):
            values["rules"] = [_rule(rule) for rule in values["rules"]]
        if isinstance(values.get("naive_dates"), list):
            values["naive_dates"] = tuple(values["naive_dates"])
        for name, value in values.items():
            if not isinstance(value, _accepted(getattr(self, name))):
                raise ValueError(f"{name} cannot be {value!r}")  # noqa: TRY004 - see above
        for name, value in values.items():
            setattr(self, name, value)

    def clear(self) -> None:
        """Turn everything off."""
        fresh = Faults()
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(fresh, name))

    def struck(self, method: str, path: str) -> list[Fault]:
        """Return the rules that spoil this call, having counted it in every rule that meets it."""
        return [rule for rule in self.rules if rule.strikes(method, path)]


def _rule(wanted: Any) -> Fault:
    try:
        return Fault(**wanted)
    except TypeError as error:
        raise ValueError(f"{wanted!r} is no rule: {error}") from None


def _accepted(current: object) -> tuple[type, ...]:
    return (int, float) if isinstance(current, float) else (type(current),)
