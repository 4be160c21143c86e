"""What holds for every folder below plugins/, also for one that is made tomorrow."""

import ast
import tomllib
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in REPO.glob("plugins/*/pyproject.toml"))
FORBIDDEN = {"mcp", "mcp_types", "httpx", "asyncpg", "alembic", "apscheduler", "atera_simulator"}

each_plugin = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def project(folder):
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def imports(folder):
    for file in (folder / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((file, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                yield file, node.module


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
    own = f"helpdesk_mcp_{folder.name}"
    wrong = [
        f"{file.relative_to(REPO)}: {module}"
        for file, module in imports(folder)
        if module.split(".")[0] in FORBIDDEN
        or (
            module.split(".")[0].startswith("helpdesk_mcp")
            and module.split(".")[0] != own
            and not f"{module}.".startswith("helpdesk_mcp.sdk.")
        )
    ]
    assert wrong == []
