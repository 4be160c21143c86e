"""One look at one host: a TLS handshake, the certificate it shows, and whether anybody should trust that."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from .hosts import Host

PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says."""

    not_before: datetime
    not_after: datetime
    issuer: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: a certificate, an error, or both where the certificate is not to be trusted."""

    certificate: Certificate | None = None
    error: str | None = None


class Looker:
    """Looks at hosts, trusting the system's authorities and those of `ca_file`."""

    def __init__(self, ca_file: Path | None = None, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._strict = ssl.create_default_context()
        if ca_file is not None:
            self._strict.load_verify_locations(ca_file)
        # For certificates that are refused: nothing is sent, they are only read.
        self._lenient = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._lenient.check_hostname = False
        self._lenient.verify_mode = ssl.CERT_NONE

    async def look(self, host: Host) -> Look:
        """Look at one host; whatever is wrong with it is in what is returned."""
        try:
            async with asyncio.timeout(self._patience_s):
                return Look(await _shown(host, self._strict))
        except ssl.SSLCertVerificationError as refused:
            return Look(await self._read_anyway(host), refused.verify_message.rstrip("."))
        except (OSError, TimeoutError, ValueError) as error:
            return Look(error=self._sentence(error))

    async def _read_anyway(self, host: Host) -> Certificate | None:
        try:
            async with asyncio.timeout(self._patience_s):
                return await _shown(host, self._lenient)
        except (OSError, TimeoutError, ValueError):
            return None

    def _sentence(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"no answer within {self._patience_s:g} s"
        if isinstance(error, socket.gaierror):
            return "no such host"
        if isinstance(error, ConnectionRefusedError):
            return "connection refused"
        if isinstance(error, ssl.SSLError):
            return f"no TLS: {(error.reason or 'broken off').replace('_', ' ').lower()}"
        if isinstance(error, OSError):
            return (error.strerror or "the connection broke off").lower()
        return "its name or its certificate cannot be read"


async def _shown(host: Host, context: ssl.SSLContext) -> Certificate:
    _, writer = await asyncio.open_connection(host.name, host.port, ssl=context, server_hostname=host.name)
    try:
        session: ssl.SSLObject = writer.get_extra_info("ssl_object")
        return _parsed(session.getpeercert(binary_form=True) or b"")
    finally:
        # Without the farewell of TLS, for which some hosts let one wait.
        writer.transport.abort()


def _parsed(der: bytes) -> Certificate:
    read = x509.load_der_x509_certificate(der)
    return Certificate(
        read.not_valid_before_utc, read.not_valid_after_utc, _signer(read.issuer), _names(read)
    )


def _signer(name: x509.Name) -> str:
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if found := name.get_attributes_for_oid(oid):
            return str(found[0].value)
    return ""


def _names(read: x509.Certificate) -> tuple[str, ...]:
    try:
        names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return tuple(str(one.value) for one in read.subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    addresses = (str(one) for one in names.get_values_for_type(x509.IPAddress))
    return (*names.get_values_for_type(x509.DNSName), *addresses)
