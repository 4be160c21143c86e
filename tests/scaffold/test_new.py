"""A new plugin holds what the repo asks of every plugin, before anybody has touched it."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests import processes

from helpdesk_mcp.scaffold import NotMade, make

REPO = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path):
    shutil.copy(REPO / "pyproject.toml", tmp_path)
    (tmp_path / "docs").mkdir()
    # By this ruff tells whose imports are ours.
    (tmp_path / "src").symlink_to(REPO / "src")
    return tmp_path


def run(folder, *command, **environment):
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["x", "certificate_of_everything"])
def test_a_new_plugin_is_formatted_and_has_no_findings(checkout, name):
    assert make(name, checkout / "docs").folder == checkout / "plugins" / name
    run(checkout, "ruff", "format", "--check", "plugins")
    run(checkout, "ruff", "check", "plugins")


def test_a_new_plugin_passes_its_tests(checkout, postgres):
    made = make("warranty", checkout)
    server = postgres.render_as_string(hide_password=False)
    options = ["-p", "helpdesk_mcp.testing.fixtures", f"--postgres=url:{server}", "-p", "no:cacheprovider"]
    tested = run(checkout, "pytest", "-q", *options, "plugins/warranty", PYTHONPATH=str(made.folder / "src"))
    assert "4 passed" in tested


def test_its_types_are_checked_strictly(checkout):
    made = make("warranty", checkout)
    settings = checkout / "pyrightconfig.json"
    settings.write_text('{"typeCheckingMode": "strict", "extraPaths": ["plugins/warranty/src"]}')
    arguments = ["--pythonpath", sys.executable, "--project", str(settings), str(made.folder / "src")]
    assert "0 errors, 0 warnings" in run(checkout, "pyright", *arguments)


def test_the_checkout_names_it_in_the_order_of_the_alphabet(checkout):
    make("b_first", checkout)
    make("a_second", checkout)
    told = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    named = [one for one in told["dependency-groups"]["dev"] if one.startswith("helpdesk-mcp-")]
    assert named[:1] == ["helpdesk-mcp-a-second"]
    assert "helpdesk-mcp-b-first" in named
    assert named == sorted(named)
    assert told["tool"]["uv"]["sources"]["helpdesk-mcp-b-first"] == {"workspace": True}


def test_one_that_was_removed_and_is_made_again_is_named_once(checkout):
    shutil.rmtree(make("again", checkout).folder)
    make("again", checkout)
    assert (checkout / "pyproject.toml").read_text(encoding="utf-8").count("helpdesk-mcp-again") == 2


def test_elsewhere_it_is_a_package_of_its_own(tmp_path):
    made = make("wan_status", tmp_path)
    assert made.folder == tmp_path / "wan_status"
    told = tomllib.loads((made.folder / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["project"]["name"] == "helpdesk-mcp-wan-status"
    assert told["project"]["entry-points"]["helpdesk_mcp.plugins"] == {
        "wan_status": "helpdesk_mcp_wan_status:plugin"
    }
    # Where helpdesk-mcp is itself a folder, the package finds it there.
    assert told["tool"]["uv"]["sources"]["helpdesk-mcp"] == {"path": REPO.as_posix(), "editable": True}
    assert [path for path in made.folder.rglob("*") if "$" in path.name] == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "Wan-Status",
            "'Wan-Status' cannot be the name: use lower-case letters, digits and underscores, a letter first, 25 at most, such as warranty or wan_status.",
        ),
        ("a" * 26, "25 at most"),
        ("mirror", "'mirror' has a meaning of its own to Postgres or Python: choose another name."),
        ("import", "'import' has a meaning of its own to Postgres or Python: choose another name."),
    ],
)
def test_a_name_that_cannot_be_used_is_told(tmp_path, name, sentence):
    with pytest.raises(NotMade, match=".*") as caught:
        make(name, tmp_path)
    assert sentence in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_left_alone(tmp_path):
    (tmp_path / "warranty").mkdir()
    with pytest.raises(NotMade) as caught:
        make("warranty", tmp_path)
    assert (
        str(caught.value)
        == f"{tmp_path / 'warranty'} exists already: choose another name, or remove it first."
    )


def test_a_checkout_without_any_plugin_is_told_what_to_add(checkout):
    text = (checkout / "pyproject.toml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "helpdesk-mcp-" not in line]
    (checkout / "pyproject.toml").write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(
        NotMade, match="names no plugin yet, and it is not clear where this one belongs"
    ) as caught:
        make("warranty", checkout)
    assert str(caught.value).endswith('"helpdesk-mcp-warranty",')
    assert not (checkout / "plugins").exists()


def test_the_command_tells_what_it_made_or_why_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = processes.run("plugin", "new", "warranty")
    assert done.stdout.splitlines() == [
        f"Made {tmp_path / 'warranty'}: 10 files, a package of its own.",
        "Next: `cd warranty && uv run pytest`, then `uv run helpdesk-mcp plugins`. What else a plugin can bring: docs/plugins.md.",
    ]
    refused = processes.run("plugin", "new", "warranty")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"helpdesk-mcp: {tmp_path / 'warranty'} exists already")
