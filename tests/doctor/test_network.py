"""Ports of this machine, and the server that this computer is a client of."""

import socket

import pytest
from tests import ledger, processes
from tests.bridge.conftest import served
from tests.bridge.lan_server import TOKEN

from helpdesk_mcp.doctor.checks import plugins, ports, server
from helpdesk_mcp.doctor.finding import Finding
from helpdesk_mcp.settings import load


@pytest.fixture(scope="module")
def port():
    port = processes.free_port()
    with served(port):
        yield port


def ask(url, **settings):
    return list(server.check(load({"HELPDESK_BRIDGE_URL": url, **settings})))


def test_a_free_port():
    port = processes.free_port()
    assert ports.http(port) == Finding("ports", "ok", f"{port} is free for `serve --http 127.0.0.1:{port}`.")


def test_a_port_where_a_server_asks_for_a_token(port):
    assert ports.http(port) == Finding("ports", "ok", f"At {port} a server answers that asks for a token.")


def test_our_own_server(database_url):
    with processes.http(database_url=database_url) as url:
        found = ports.http(int(url.split(":")[2].split("/")[0]))
    assert found.level == "ok"
    assert "an MCP server answers: helpdesk-mcp " in found.text


def test_a_port_that_another_program_holds(monkeypatch):
    monkeypatch.setattr(ports, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert ports.http(port) == Finding(
            "ports",
            "warning",
            f"Another program listens on {port}.",
            "Serve on another port: `serve --http 127.0.0.1:PORT`.",
        )


def test_the_port_of_the_metrics_is_told_where_it_is_set(port):
    found = list(ports.check(load({"HELPDESK_METRICS_PORT": str(port)})))
    assert found[1] == Finding(
        "ports", "ok", f"{port}, for the worker's metrics: something listens on it: the worker, if it runs."
    )


def test_a_server_that_accepts_the_token(port):
    assert ask(f"http://127.0.0.1:{port}/mcp", HELPDESK_BRIDGE_TOKEN=TOKEN) == [
        Finding("helpdesk server", "ok", "lan answers and accepts the token.")
    ]


def test_a_server_that_does_not(port):
    (found,) = ask(f"http://127.0.0.1:{port}/mcp", HELPDESK_BRIDGE_TOKEN="wrong")
    assert found.level == "problem"
    assert "does not accept the token (401)" in found.text


def test_a_server_that_refuses_in_its_own_words(port):
    url = f"http://127.0.0.1:{port}/status/409"
    assert ask(url) == [
        Finding(
            "helpdesk server",
            "problem",
            f"The helpdesk server at {url} refuses: Add the name to HELPDESK_HTTP_HOSTS.",
        )
    ]


def test_a_token_over_plain_http_is_told():
    url = f"http://127.0.0.1.:{processes.free_port()}/mcp"
    _, second = ask(url, HELPDESK_BRIDGE_TOKEN=TOKEN)
    assert second == Finding(
        "helpdesk server",
        "warning",
        "The token and all answers travel without encryption (http).",
        "In a network that others share, use https.",
    )


def test_a_server_that_hangs(monkeypatch):
    monkeypatch.setattr(server, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (found,) = ask(f"http://127.0.0.1:{silent.getsockname()[1]}/mcp")
    assert found == Finding(
        "helpdesk server",
        "problem",
        "It did not answer within 0.2 seconds.",
        "Check that it is not overloaded.",
    )


def test_no_server_is_asked_where_none_is_set():
    assert list(server.check(load({}))) == []


def test_a_plugin_that_is_missing_is_a_problem():
    found = list(plugins.check(load({"HELPDESK_PLUGINS": "nonesuch"})))
    assert found == [
        Finding(
            "plugins",
            "problem",
            "nonesuch is left out: HELPDESK_PLUGINS names it, and no installed package provides it.",
            "The others are served.",
        )
    ]


def test_what_plugins_say_of_themselves_is_told(database_url, monkeypatch, caplog):
    monkeypatch.setattr(plugins, "discover", lambda _: ledger.discovered())
    *_, has_entries, crashes = plugins.check(load({"HELPDESK_DATABASE_URL": database_url}))
    assert (has_entries.check, has_entries.level) == ("ledger.has_entries", "problem")
    assert (crashes.check, crashes.level) == ("ledger.crashes", "problem")
    assert crashes.text.startswith("The check itself is broken; the log says where.")


def test_without_a_database_plugins_are_not_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(plugins, "discover", lambda _: ledger.discovered())
    (found,) = plugins.check(load({"HELPDESK_DATA_DIR": str(tmp_path / "new")}))
    assert found.text.startswith("ledger, with")


@pytest.mark.parametrize("setting", ["HELPDESK_DATABASE_URL", "HELPDESK_READ_DATABASE_URL"])
def test_plugins_are_not_blamed_for_an_address_that_cannot_be_read(
    database_url, monkeypatch, caplog, setting
):
    monkeypatch.setattr(plugins, "discover", lambda _: ledger.discovered())
    addresses = {"HELPDESK_DATABASE_URL": database_url, setting: "mysql://a@b/c"}
    (found,) = plugins.check(load(addresses))
    assert found.text.startswith("ledger, with")
    assert caplog.text == ""
