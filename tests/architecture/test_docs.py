"""The documents say what the code says."""

import re
import subprocess
import sys
from pathlib import Path

from helpdesk_mcp.cli import _parser

REPO = Path(__file__).parents[2]


def test_the_tables_that_come_from_the_code_are_current():
    done = subprocess.run([sys.executable, REPO / "scripts" / "docs", "--check"], check=False)
    assert done.returncode == 0, "run scripts/docs and commit what it wrote"


def test_every_command_is_in_the_readme():
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    commands = next(action.choices for action in _parser()._actions if action.dest == "command")
    assert [name for name in commands if f"`helpdesk-mcp {name}" not in readme] == []


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{document.relative_to(REPO)}: {target}"
        for document in [*REPO.glob("*.md"), *REPO.glob("docs/**/*.md"), *REPO.glob("plugins/*/*.md")]
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []
