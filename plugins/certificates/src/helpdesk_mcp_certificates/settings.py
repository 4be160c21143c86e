"""Which hosts are watched, and how often."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from helpdesk_mcp.sdk import PluginSettings

_HOST = re.compile(r"^[^\s:/{}@]+(:\d{1,5})?$")


def _listed(said: object) -> object:
    return tuple(part.strip() for part in said.split(",") if part.strip()) if isinstance(said, str) else said


def _hosts(said: tuple[str, ...]) -> tuple[str, ...]:
    for one in said:
        if not _HOST.match(one.replace("{domain}", "example")):
            raise ValueError(f"{one!r} is no host; write a name, or name:port")
    return said


_Hosts = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_hosts)]


class CertificateSettings(PluginSettings):
    """What an operator can set."""

    customer_hosts: Annotated[
        _Hosts,
        Field(description="Hosts of each customer, comma-separated: `www.{domain}, mail.{domain}:993`"),
    ] = ("www.{domain}",)
    hosts: Annotated[_Hosts, Field(description="More hosts, comma-separated: `vpn.our-company.example`")] = ()
    ca_file: Annotated[
        Path | None, Field(description="PEM file of authorities to trust besides the system's")
    ] = None
    every_hours: Annotated[float, Field(ge=0.1, le=24 * 7, description="Hours between two looks")] = 12

    def interval(self) -> timedelta:
        """Return the time between two looks."""
        return timedelta(hours=self.every_hours)


def own(settings: PluginSettings) -> CertificateSettings:
    """Return the plugin's settings, which the core read with the class above."""
    if not isinstance(settings, CertificateSettings):
        raise TypeError(f"certificates was given {type(settings).__name__} for its settings.")
    return settings
