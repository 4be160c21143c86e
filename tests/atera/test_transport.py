"""What a real connection can do to a client, on loopback."""

import asyncio
import gzip
import socket
import struct

import pytest

from helpdesk_mcp.atera import AteraClient, errors

pytestmark = pytest.mark.anyio

TOKEN = "0123456789abcdef0123456789abcdef"


def answer(body, *headers, status="200 OK", length=None):
    head = [
        f"HTTP/1.1 {status}",
        "Connection: close",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def sends(data):
    async def conduct(writer):
        writer.write(data)

    return conduct


async def hangs(_writer):
    await asyncio.get_running_loop().create_future()


async def drips(writer):
    writer.write(answer(b"", length=1_000_000))
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def resets(writer):
    linger_zero = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)


good = sends(answer(b'{"TicketID": 1}'))

PASSING = {
    "cut before the head": (
        sends(b""),
        "the connection broke (Server disconnected without sending a response.)",
    ),
    "cut in the body": (
        sends(answer(b'{"Ti', length=15)),
        "the connection broke (peer closed connection without",
    ),
    "reset": (resets, "the connection broke ("),
    "silence": (hangs, "no whole answer came within 0.2 seconds"),
    "a drip that no read timeout sees": (drips, "no whole answer came within 0.2 seconds"),
    "bad gzip": (sends(answer(b"not gzip", "Content-Encoding: gzip")), "the answer could not be unpacked"),
    "not HTTP": (sends(b"SSH-2.0-OpenSSH_9.2\r\n"), "the connection broke ("),
    "bad UTF-8": (sends(answer(b'{"TicketTitle": "\xff"}')), "the answer (20 bytes) is no readable JSON"),
    "half a document": (sends(answer(b'{"TicketID": ')), "the answer (13 bytes) is no readable JSON"),
}


@pytest.mark.parametrize("kind", PASSING)
async def test_a_read_survives_one_broken_answer(odd_server, client_of, kind):
    odd_server.will(PASSING[kind][0], good)
    async with client_of(odd_server) as atera:
        assert await atera.get("tickets/1") == {"TicketID": 1}
    assert len(odd_server.requests) == 2


@pytest.mark.parametrize("kind", PASSING)
async def test_a_read_that_keeps_breaking_tells_how(odd_server, client_of, kind):
    conduct, reason = PASSING[kind]
    odd_server.will(conduct)
    async with client_of(odd_server) as atera:
        with pytest.raises(errors.Unavailable) as caught:
            await atera.get("tickets/1")
    assert str(caught.value).startswith("Atera gave no usable answer to GET tickets/1, asked 2 times in ")
    assert f" seconds; the last time because {reason}" in str(caught.value)
    assert TOKEN not in repr(caught.value)


@pytest.mark.parametrize("kind", PASSING)
async def test_a_write_is_sent_once_whatever_breaks(odd_server, client_of, kind):
    odd_server.will(PASSING[kind][0])
    async with client_of(odd_server) as atera:
        with pytest.raises(
            errors.WriteUnknown, match="Nobody knows whether Atera carried out POST tickets/1/comments"
        ):
            await atera.post("tickets/1/comments", {"CommentText": "x"})
    assert len(odd_server.requests) == 1


async def test_gzip_is_unpacked(odd_server, client_of):
    odd_server.will(sends(answer(gzip.compress(b'{"TicketID": 1}'), "Content-Encoding: gzip")))
    async with client_of(odd_server) as atera:
        assert await atera.get("tickets/1") == {"TicketID": 1}
        assert atera.stats.size_bytes == 15


async def test_a_redirect_takes_the_key_nowhere(odd_server, client_of):
    elsewhere = odd_server.base_url.replace("127.0.0.1", "localhost")
    odd_server.will(sends(answer(b"", f"Location: {elsewhere}/steal", status="307 Temporary Redirect")))
    async with client_of(odd_server) as atera:
        with pytest.raises(errors.BadAnswer, match=r"a redirect \(307 to localhost\), which is not followed"):
            await atera.get("tickets/1")
    assert len(odd_server.requests) == 1


async def test_nobody_listening_means_nothing_was_written(client_of, odd_server):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        odd_server.base_url = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v3"
        async with client_of(odd_server) as atera:
            with pytest.raises(
                errors.Unavailable, match=r"was not sent, because no connection to 127\.0\.0\.1 could be made"
            ):
                await atera.post("tickets", {})


async def test_the_key_travels_in_the_header_of_its_scheme(odd_server, client_of):
    odd_server.will(good)
    async with client_of(odd_server, auth="bearer") as atera:
        await atera.get("tickets/1")
    assert f"Authorization: Bearer {TOKEN}\r\n".encode() in odd_server.requests[0]
    assert b"X-API-KEY" not in odd_server.requests[0]


async def test_a_failed_handshake_sends_nothing(odd_server):
    odd_server.will(good)
    base_url = odd_server.base_url.replace("http:", "https:")
    async with AteraClient(base_url, TOKEN, timeout_s=0.5) as atera:
        with pytest.raises(errors.Unavailable, match="was not sent, because no connection to"):
            await atera.post("tickets", {})
    assert odd_server.requests == []


async def test_calls_that_run_at_once_do_not_mix_their_answers(odd_server, client_of):
    async def echoes(writer):
        number = odd_server.requests[-1].split(b" ")[1].rsplit(b"/", 1)[1]
        writer.write(answer(b'{"TicketID": %s}' % number))

    odd_server.will(echoes)
    async with client_of(odd_server, requests_per_minute=6000, burst=20) as atera:
        answers = await asyncio.gather(*(atera.get(f"tickets/{n}") for n in range(20)))
    assert [ticket["TicketID"] for ticket in answers] == list(range(20))
