"""The extension for Claude Desktop: what its manifest promises, and that it starts as a host would start it."""

import json
import os
import re
import shutil
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from tests import processes
from tests.bridge.conftest import served
from tests.bridge.lan_server import TOKEN

from helpdesk_mcp import __version__
from helpdesk_mcp.settings import describe

pytestmark = pytest.mark.anyio
SCRIPT = Path(__file__).parents[2] / "scripts" / "mcpb"


@pytest.fixture(scope="module")
def script():
    loader = SourceFileLoader("mcpb", str(SCRIPT))
    module = module_from_spec(spec_from_loader("mcpb", loader))
    written, sys.dont_write_bytecode = (
        sys.dont_write_bytecode,
        True,
    )  # nothing of ours belongs beside the scripts
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


@pytest.fixture(scope="module")
def bundle(script, tmp_path_factory):
    folder = (
        tmp_path_factory.mktemp("extensions") / "local.helpdesk mcp"
    )  # a path with a blank, as users have them
    script.stage(folder)
    return folder


def test_the_manifest_is_one_of_format_0_4_for_this_version(bundle):
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["manifest_version"] == "0.4"
    assert manifest["version"] == __version__
    assert {"name", "description", "author", "server"} <= manifest.keys()
    assert manifest["author"]["name"]
    assert manifest["server"]["type"] == "uv"
    assert (bundle / manifest["server"]["entry_point"]).is_file()
    assert (bundle / "pyproject.toml").is_file()
    assert manifest["tools_generated"]


def test_all_that_is_asked_of_the_user_is_used_and_the_secret_is_hidden(script):
    manifest = script.manifest()
    asked = manifest["user_config"]
    used = re.findall(r"\$\{user_config\.(\w+)\}", json.dumps(manifest["server"]))
    assert sorted(used) == sorted(asked)
    assert all(
        field["title"] and field["description"] and field["type"] == "string" for field in asked.values()
    )
    assert [name for name, field in asked.items() if field.get("sensitive")] == ["token"]


def test_every_variable_that_is_set_is_one_of_our_settings(script):
    known = {variable for variable, _, _ in describe()}
    assert set(script.manifest()["server"]["mcp_config"]["env"]) <= known


def test_the_bundle_holds_no_more_than_the_bridge(bundle):
    files = {path.relative_to(bundle).parts[:2] for path in bundle.rglob("*") if path.is_file()}
    assert {parts[1] for parts in files if parts[0] == "helpdesk_mcp"} == {
        "__init__.py",
        "__main__.py",
        "bridge",
        "cli.py",
        "logs.py",
        "settings.py",
    }


async def test_it_starts_as_a_host_starts_it_and_lists_the_servers_tools(bundle):
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("a host of such bundles brings uv, and there is none here")
    port = processes.free_port()
    with served(port):
        user = {"server_url": f"http://127.0.0.1:{port}/mcp", "token": TOKEN}
        async with Client(host_starts(bundle, user, uv)) as client:
            assert "echo" in {tool.name for tool in (await client.list_tools()).tools}


def host_starts(bundle, user, uv):
    """Fill the manifest's placeholders with what the user gave; blanks stay as they are written, as hosts leave them."""
    config = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))["server"]["mcp_config"]

    def filled(text):
        text = text.replace("${__dirname}", str(bundle))
        return re.sub(r"\$\{user_config\.(\w+)\}", lambda found: user.get(found[1], found[0]), text)

    # The libraries were installed for the tests a moment ago, so uv has them: the test needs no network.
    environment = {**processes.environment(), "UV_OFFLINE": "1", "UV_PYTHON": sys.executable}
    environment.pop("VIRTUAL_ENV", None)
    return StdioServerParameters(
        command=uv if config["command"] == "uv" else config["command"],
        args=[filled(argument) for argument in config["args"]],
        env={**environment, **{name: filled(value) for name, value in config["env"].items()}},
    )
