"""Every setting, and the only reader of the environment.

A setting is the variable `HELPDESK_` plus its name in capitals; any of them can instead come from a file named by the same
variable with `_FILE` behind it (Docker secrets). Blank values count as unset, and so does a literal `${user_config.x}`, which
is what Claude Desktop passes for an optional field left empty.
"""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "HELPDESK_"
S = TypeVar("S", bound=BaseModel)
_UNFILLED = re.compile(r"^\$\{user_config\.[^}]*\}$")


class SettingsError(Exception):
    """A setting cannot be used; the message says which one and what it takes."""


def _known_zone(name: str | None) -> str | None:
    if name is not None:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name!r} is no time zone; use an IANA name such as Europe/Berlin") from error
    return name


class Settings(BaseModel):
    """What an operator can set. Field descriptions are the README's table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: Annotated[
        SecretStr | None,
        Field(
            description="Postgres to use: `postgresql://user:password@host/name`. Unset: a private one in the data folder"
        ),
    ] = None
    read_database_url: Annotated[
        SecretStr | None,
        Field(
            description="A read-only copy of that database, such as a streaming replica, that answers questions. Unset: the database itself"
        ),
    ] = None
    data_dir: Annotated[
        Path,
        Field(
            default_factory=lambda: user_data_path("helpdesk-mcp", appauthor=False),
            description="Folder of the private Postgres and of the demo. Default: the user's data folder",
        ),
    ]
    pg_bin: Annotated[
        Path | None,
        Field(
            description="Folder with `postgres` and `initdb` for the private Postgres, instead of the bundled ones"
        ),
    ] = None
    atera_url: Annotated[str, Field(description="Base address of Atera's API")] = (
        "https://app.atera.com/api/v3"
    )
    atera_token: Annotated[
        SecretStr | None,
        Field(description="API token from Atera (Admin > Data management > API); the worker needs it"),
    ] = None
    atera_auth: Annotated[
        Literal["auto", "bearer", "x-api-key"],
        Field(description="How the token is sent; auto decides by its form"),
    ] = "auto"
    atera_requests_per_minute: Annotated[
        int,
        Field(
            ge=1,
            le=6000,
            description="Ceiling for calls to Atera; the account's own limit is shared by all its keys",
        ),
    ] = 120
    sync_every_s: Annotated[
        int, Field(ge=1, le=86_400, description="Seconds between two cycles of the worker")
    ] = 300
    engineer: Annotated[
        str | None,
        Field(description="Name or mail address of the person asking: what `me` and `my tickets` mean"),
    ] = None
    profile: Annotated[
        Literal["full", "small"],
        Field(description="`small` offers fewer tools and arguments, for local models"),
    ] = "full"
    plugins: Annotated[
        str | None,
        Field(
            description="Comma-separated names of the plugins to load; `+name` adds one to the usual. Unset: all installed but those that are off by default"
        ),
    ] = None
    writes: Annotated[
        Literal["confirm", "person", "off"],
        Field(
            description="`confirm`: each change is confirmed, by a prompt or by a code; `person`: only through clients that can "
            "prompt; `off`: read only. Without HELPDESK_ATERA_TOKEN the server only reads"
        ),
    ] = "confirm"
    reach: Annotated[
        Literal["off", "on"],
        Field(
            description="`on` lets a change leave the house: replies to customers, resolutions told to them"
        ),
    ] = "off"
    write_customers: Annotated[
        str | None,
        Field(
            description="Comma-separated names or ids of the customers whose records may be changed. Unset: all"
        ),
    ] = None
    time_zone: Annotated[
        str | None,
        AfterValidator(_known_zone),
        Field(description="IANA zone in which times are shown and understood. Unset: the machine's"),
    ] = None
    call_timeout_s: Annotated[
        float, Field(gt=0, le=300, description="Seconds after which a tool call is given up")
    ] = 20.0
    http_auth: Annotated[
        Literal["none", "tokens", "oidc"],
        Field(
            description="How callers over HTTP sign in: `tokens` made with `helpdesk-mcp token`, or also JWTs of an identity "
            "provider (`oidc`). `none` only on this machine"
        ),
    ] = "none"
    http_url: Annotated[
        str | None,
        Field(
            description="Where clients reach the server, such as `https://helpdesk.example.com/mcp`. Unset: where it serves"
        ),
    ] = None
    http_hosts: Annotated[
        str | None,
        Field(
            description="Comma-separated names by which clients call the server. Unset: the address it serves on, or the "
            "machine's name; loopback always"
        ),
    ] = None
    http_origins: Annotated[
        str | None,
        Field(
            description="Comma-separated origins of web pages that may call it: `https://chat.example.com`"
        ),
    ] = None
    http_proxies: Annotated[
        str,
        Field(description="Comma-separated addresses of proxies whose `X-Forwarded-For` is believed"),
    ] = "127.0.0.1"
    http_requests_per_minute: Annotated[
        int, Field(ge=0, description="Ceiling for each caller who signed in; 0: none")
    ] = 1200
    http_body_limit_kb: Annotated[
        int, Field(ge=1, le=65_536, description="Longest request, in units of 1,024 bytes")
    ] = 1024
    oidc_issuer: Annotated[
        str | None,
        Field(description="The identity provider's issuer, to the letter as it stands in its tokens"),
    ] = None
    oidc_audience: Annotated[
        str | None,
        Field(description="Comma-separated names of this server at the provider: `aud` of its tokens"),
    ] = None
    oidc_engineer_claims: Annotated[
        str,
        Field(description="Claims with the engineer's mail address in Atera; the first one present counts"),
    ] = "email,preferred_username"
    oidc_role_claims: Annotated[str, Field(description="Claims that hold roles, groups or scopes")] = (
        "roles,scp,scope"
    )
    oidc_read: Annotated[str, Field(description="Comma-separated roles that may ask")] = "helpdesk.read"
    oidc_write: Annotated[str, Field(description="Roles that may also change tickets")] = "helpdesk.write"
    oidc_reach: Annotated[str, Field(description="Roles that may also write to customers")] = "helpdesk.reach"
    metrics_port: Annotated[
        int | None,
        Field(
            ge=1,
            le=65_535,
            description="Port for the worker's Prometheus metrics and `/livez`; the HTTP server has its own",
        ),
    ] = None
    metrics_host: Annotated[
        str,
        Field(description="Address for that port; `0.0.0.0` inside a container, so that Prometheus gets in"),
    ] = "127.0.0.1"
    bridge_url: Annotated[
        str | None,
        Field(description="Address of the helpdesk server that `bridge` speaks to: `http://server:8765/mcp`"),
    ] = None
    bridge_token: Annotated[
        SecretStr | None,
        Field(description="This person's token for that server"),
    ] = None
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        Field(description="Logs go to stderr, at this level and above"),
    ] = "INFO"
    log_format: Annotated[
        Literal["text", "json"],
        Field(description="`json`: one object a line, for programs that collect logs"),
    ] = "text"


def load(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings; `overrides` (from the command line) win over the environment.

    Raises:
        SettingsError: with one sentence for each setting that cannot be used.
    """
    values = {**from_environment(Settings, PREFIX, environment), **overrides}
    return _validated(Settings, PREFIX, values)


def load_usable(environment: Mapping[str, str] | None = None, **overrides: Any) -> tuple[Settings, list[str]]:
    """Read the settings that can be used, and return a sentence for each one that cannot: for `doctor`, which must go on."""
    source = dict(os.environ if environment is None else environment)
    unusable: list[str] = []
    for field in Settings.model_fields:
        variable = PREFIX + field.upper()
        try:
            load({name: value for name, value in source.items() if name in {variable, f"{variable}_FILE"}})
        except SettingsError as error:
            unusable.append(str(error))
            source = {
                name: value for name, value in source.items() if name not in {variable, f"{variable}_FILE"}
            }
    return load(source, **overrides), unusable


def as_set(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that are set, to give to another process; a secret's value is left for a person to fill in."""
    source = os.environ if environment is None else environment
    found: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        is_secret = SecretStr in get_args(field.annotation)
        if (value := _value(source, variable)) is not None:
            found[variable] = "<put it here>" if is_secret else value
        elif (path := _value(source, f"{variable}_FILE")) is not None:
            found[f"{variable}_FILE"] = path
    return found


def sends_traces(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether OpenTelemetry's own variables name a collector for traces."""
    source = os.environ if environment is None else environment
    is_off = (_value(source, "OTEL_SDK_DISABLED") or "").lower() == "true"
    exporter = _value(source, "OTEL_TRACES_EXPORTER") or "otlp"
    named = any(_value(source, f"OTEL_EXPORTER_OTLP_{which}ENDPOINT") for which in ("", "TRACES_"))
    return named and exporter == "otlp" and not is_off


def load_for_plugin(model: type[S], plugin: str, environment: Mapping[str, str] | None = None) -> S:
    """Read a plugin's own settings: `HELPDESK_<PLUGIN>_<NAME>`."""
    prefix = f"{PREFIX}{plugin.upper()}_"
    return _validated(model, prefix, from_environment(model, prefix, environment))


def from_environment(
    model: type[BaseModel], prefix: str, environment: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Collect the values that the environment holds for the fields of `model`."""
    source = os.environ if environment is None else environment
    found: dict[str, str] = {}
    for field in model.model_fields:
        variable = prefix + field.upper()
        value = _value(source, variable) or _file_value(source, f"{variable}_FILE")
        if value is not None:
            found[field] = value
    return found


def _value(source: Mapping[str, str], variable: str) -> str | None:
    value = source.get(variable, "").strip()
    return None if not value or _UNFILLED.match(value) else value


def _file_value(source: Mapping[str, str], variable: str) -> str | None:
    path = _value(source, variable)
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise SettingsError(
            f"{variable} names the file {path}, which cannot be read: {error.strerror}."
        ) from error


def _validated(model: type[S], prefix: str, values: Mapping[str, Any]) -> S:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SettingsError(
            "\n".join(_sentence(prefix, e["loc"], e["msg"]) for e in error.errors())
        ) from error


def _sentence(prefix: str, location: tuple[int | str, ...], message: str) -> str:
    # The value itself stays out of the sentence: it may be a secret.
    name = prefix + "_".join(str(part) for part in location).upper()
    return f"{name} cannot be used: {message.removeprefix('Value error, ')}."


def describe(model: type[BaseModel] = Settings, prefix: str = PREFIX) -> list[tuple[str, str, str]]:
    """Return (variable, default, meaning) for every setting, in order: the README's table."""
    rows: list[tuple[str, str, str]] = []
    for name, field in model.model_fields.items():
        factory: Callable[..., Any] | None = field.default_factory
        default = "" if factory or field.default is None else str(field.default)
        rows.append((prefix + name.upper(), default, field.description or ""))
    return rows
