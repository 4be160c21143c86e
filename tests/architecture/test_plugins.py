"""What holds for every folder below plugins/, also for one that is made tomorrow."""

import tomllib
from pathlib import Path

import pytest

from helpdesk_mcp.testing import foreign_imports

REPO = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in REPO.glob("plugins/*/pyproject.toml"))

each_plugin = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def project(folder):
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@each_plugin
def test_one_name_everywhere(folder):
    name = folder.name
    told = project(folder)
    assert told["name"] == f"helpdesk-mcp-{name.replace('_', '-')}"
    assert told["entry-points"]["helpdesk_mcp.plugins"] == {name: f"helpdesk_mcp_{name}:plugin"}
    assert [path.name for path in (folder / "src").iterdir() if path.is_dir()] == [f"helpdesk_mcp_{name}"]
    assert (folder / "README.md").is_file()


@each_plugin
def test_of_ours_it_imports_only_the_sdk_and_itself(folder):
    assert foreign_imports(folder / "src", f"helpdesk_mcp_{folder.name}") == []
