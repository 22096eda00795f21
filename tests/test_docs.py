"""The docs name what exists: every setting, every command, every option they show."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tools.runs_page import page
from typer.main import get_command

from discogs_assistant.cli.commands import app
from discogs_assistant.config import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


def texts() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_each_setting_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert len(Settings.model_fields) > 30
    assert [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in page] == []


def test_each_setting_in_the_docs_exists() -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", texts()))
    assert named - {name.upper() for name in Settings.model_fields} - {"TEST_DATABASE_URL"} == set()


def test_each_command_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert len(COMMANDS) > 10
    assert [name for name in COMMANDS if f"discogs-assistant {name}" not in page] == []


def test_each_option_of_each_run_is_in_the_docs() -> None:
    assert (ROOT / "docs" / "runs.md").read_text(encoding="utf-8") == page(), "run `make docs`"


def shown_commands() -> list[str]:
    return sorted(set(re.findall(r"^\s*(?:\$ )?(?:\.venv/bin/)?discogs-assistant ([a-z].*)$", texts(), re.M)))


@pytest.mark.parametrize("line", shown_commands())
def test_each_shown_command_takes_the_options_shown(line: str) -> None:
    words = line.split("#")[0].split()
    assert words[0] in COMMANDS
    command = COMMANDS[words[0]]
    if hasattr(command, "commands"):
        command = command.commands[words[1]]
    known = {option for parameter in command.params for option in (*parameter.opts, "--help")}
    assert [word for word in words if word.startswith("--") and word not in known] == []


def test_links_between_the_docs_lead_somewhere() -> None:
    dead = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_help_needs_none_of_the_heavy_parts() -> None:
    code = (
        "import contextlib, io, sys\n"
        "from discogs_assistant.cli.commands import app\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    app(['--help'], standalone_mode=False)\n"
        "print(sorted({'numpy', 'dbos', 'fastapi', 'sqlalchemy', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
