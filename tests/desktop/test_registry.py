"""`server.json`, by which the MCP registry lists us: its own schema, and what only we can know."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

from jsonschema import Draft7Validator

from helpdesk_mcp.settings import describe

REPO = Path(__file__).parents[2]
SERVER = json.loads((REPO / "server.json").read_text(encoding="utf-8"))
SCHEMA = json.loads(
    (files("skillsaw") / "schemas/mcp_registry/v2025_12_11/server.schema.json").read_text(encoding="utf-8")
)


def wrong(server):
    return [error.message for error in Draft7Validator(SCHEMA).iter_errors(server)]


def test_it_is_what_the_registry_takes():
    assert SERVER["$schema"] == SCHEMA["$id"]
    assert wrong(SERVER) == []


def test_the_schema_would_tell():
    assert wrong({**SERVER, "description": "x" * 101}) == [f"{'x' * 101!r} is too long"]


def test_versions_and_names_are_those_of_the_packages():
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {SERVER["version"], *(package["version"] for package in SERVER["packages"])} == {
        project["version"]
    }
    assert {package["identifier"] for package in SERVER["packages"]} == {project["name"]}


def test_every_variable_is_a_setting():
    known = {variable for variable, _, _ in describe()}
    named = {v["name"] for package in SERVER["packages"] for v in package["environmentVariables"]}
    assert named <= known


def test_the_readme_says_that_the_package_belongs_to_the_entry():
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    assert f"<!-- mcp-name: {SERVER['name']} -->" in readme
