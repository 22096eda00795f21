"""`operator status`: how the installation does, for people and as one JSON object."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import run

from discogs_assistant.config import PREFIX


def test_it_tells_runs_and_steps_of_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "collection.csv"
    file.write_text("Artist,Title,release_id\nAnn,Blue Room,1\n", encoding="utf-8")
    assert run("sync", "shyperson", "--collection", file, "--json").status == 0
    shown = run("operator", "status", "--json")
    assert shown.document["runs"] == [{"kind": "sync", "state": "done", "count": 1}]
    assert shown.document["people"] == 1
    assert shown.document["workers"] == []
    plain = run("operator", "status")
    assert plain.status == 0
    assert "workers at work: 0" in plain.out
    assert "sync" in plain.out
    assert "shyperson" not in shown.out + plain.out
