"""Which hosts are watched: those that the settings name, and for each customer with a domain those of a pattern."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .settings import CertificateSettings

HTTPS = 443
_SPLIT = re.compile(r"[\s,;]+")
_DOMAIN = re.compile(r"^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")


@dataclass(frozen=True, slots=True)
class Host:
    """Where to look; equal hosts are one, whoever's they are."""

    name: str
    port: int


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, with the domain as people typed it."""

    id: int
    domain: str


def wanted(customers: Iterable[Customer], settings: CertificateSettings) -> dict[Host, int | None]:
    """Return the hosts with the customer of each; one that several share is the first one's."""
    found: dict[Host, int | None] = {_host(one): None for one in settings.hosts}
    for customer in customers:
        for domain in domains(customer.domain):
            for pattern in settings.customer_hosts:
                found.setdefault(_host(pattern.replace("{domain}", domain)), customer.id)
    return found


def domains(said: str) -> Iterator[str]:
    """Yield the domains in a field that people fill in by hand: `@acme.com`, `https://acme.com/`, `acme.com; acme.de`."""
    for part in _SPLIT.split(said.lower()):
        bare = part.split("://")[-1].split("/", maxsplit=1)[0].split("@")[-1].removeprefix("www.").rstrip(".")
        if _DOMAIN.match(bare):
            yield bare


def _host(said: str) -> Host:
    name, _, port = said.partition(":")
    return Host(name.lower(), int(port) if port else HTTPS)
