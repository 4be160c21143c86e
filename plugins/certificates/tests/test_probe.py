"""One look at hosts of every kind, on this machine."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from plugins.certificates.tests.authority import ADDRESS

from helpdesk_mcp_certificates.hosts import Host
from helpdesk_mcp_certificates.probe import Looker

pytestmark = pytest.mark.anyio


@pytest.fixture
def looker(authority):
    return Looker(authority.file)


async def test_a_good_certificate_is_read_whole(looker, authority, listen):
    look = await looker.look(Host(ADDRESS, await listen(authority.context(days=9))))
    assert look.error is None
    assert look.certificate.issuer == "Honest Achmed"
    assert look.certificate.names == (ADDRESS,)
    assert abs(look.certificate.not_after - datetime.now(UTC) - timedelta(days=9)) < timedelta(minutes=5)
    assert look.certificate.not_before < datetime.now(UTC)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"days": -3}, "certificate has expired"),
        ({"is_signed": False}, "self-signed certificate"),
        (
            {"address": "127.0.0.2"},
            "IP address mismatch, certificate is not valid for '127.0.0.1'",
        ),
    ],
)
async def test_one_that_nobody_should_trust_is_read_too_with_the_reason(
    looker, authority, listen, made, reason
):
    look = await looker.look(Host(ADDRESS, await listen(authority.context(**made))))
    assert look.error == reason
    assert look.certificate.not_after is not None


async def test_one_of_an_unknown_authority_is_not_trusted(authority, listen):
    look = await Looker().look(Host(ADDRESS, await listen(authority.context())))
    assert look.error == "unable to get local issuer certificate"


async def test_a_host_that_does_not_speak_tls_is_told(looker, listen):
    look = await looker.look(Host(ADDRESS, await listen()))
    assert (look.certificate, look.error) == (None, "no TLS: wrong version number")


async def test_a_closed_port_is_told(looker):
    with socket.socket() as one:
        one.bind((ADDRESS, 0))
        look = await looker.look(Host(ADDRESS, one.getsockname()[1]))
    assert (look.certificate, look.error) == (None, "connection refused")


async def test_a_host_that_says_nothing_is_given_up(authority):
    with socket.create_server((ADDRESS, 0)) as silent:
        look = await Looker(authority.file, 0.05).look(Host(ADDRESS, silent.getsockname()[1]))
    assert look.error == "no answer within 0.05 s"


async def test_a_name_that_does_not_exist_is_told(looker, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert (await looker.look(Host("www.nowhere.invalid", 443))).error == "no such host"


async def test_a_name_that_cannot_be_one_is_told(looker):
    assert (await looker.look(Host("a" * 64 + ".example", 443))).error == (
        "its name or its certificate cannot be read"
    )
