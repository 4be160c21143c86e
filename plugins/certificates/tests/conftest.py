import asyncio
from contextlib import AsyncExitStack

import pytest
from plugins.certificates.tests.authority import ADDRESS, Authority

from helpdesk_mcp_certificates import plugin as certificates
from helpdesk_mcp_certificates.settings import CertificateSettings


@pytest.fixture
def plugin():
    return certificates


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def listen():
    """Makes a host on this machine and returns its port: with the TLS of a context, or one that answers in plain words."""
    async with AsyncExitStack() as stack:
        writers = []

        def greet(_, writer):
            writers.append(writer)
            writer.write(b"220 mail.acme.example ready\r\n")

        async def make(context=None):
            server = await asyncio.start_server(greet, ADDRESS, 0, ssl=context)
            stack.callback(server.close)
            return server.sockets[0].getsockname()[1]

        yield make
        for writer in writers:
            writer.transport.abort()


@pytest.fixture
def plugin_settings(authority):
    return CertificateSettings(ca_file=authority.file)
