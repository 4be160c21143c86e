"""What a plugin's modules may import of ours: the sdk and themselves, so that the core can change beneath them."""

import ast
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

_FOREIGN = {"mcp", "mcp_types", "asyncpg", "alembic", "apscheduler", "atera_simulator"}
"""Libraries that the core keeps to itself."""


def foreign_imports(folder: Path, package: str) -> list[str]:
    """Return the imports below `folder` that a plugin must not make, as `file: module`. Migrations may use Alembic."""
    return [
        f"{file.relative_to(folder)}: {module}"
        for file in sorted(folder.rglob("*.py"))
        for module in _imported(file)
        if _is_foreign(module, package) and not (file.parent.name == "migrations" and module == "alembic")
    ]


def package_faults(package: str) -> Iterator[str]:
    """Yield a sentence for each import that the installed package must not make, and one if there is no such package."""
    spec = find_spec(package)
    folders: Sequence[str] = (spec and spec.submodule_search_locations) or ()
    if not folders:
        yield f"its package is not called {package}."
    for folder in folders:
        yield from (f"{one} is not for plugins." for one in foreign_imports(Path(folder), package))


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def _is_foreign(module: str, package: str) -> bool:
    top = module.split(".", maxsplit=1)[0]
    if top in _FOREIGN:
        return True
    return (
        top.startswith("helpdesk_mcp") and top != package and not f"{module}.".startswith("helpdesk_mcp.sdk.")
    )
