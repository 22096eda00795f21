"""Files for commands, and a data folder that is nobody's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.running import Files

from discogs_assistant.config import PREFIX


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """An empty folder, in which the command runs; its data folder would be `data`."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return Files(tmp_path)
